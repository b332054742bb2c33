package org.flopledger.cli.output;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.flopledger.cli.text.TextGrid;
import org.jspecify.annotations.Nullable;

/** Prints rows as a table for people or as comma-separated values for programs. */
public final class RowPrinter {

    /** Characters by which a spreadsheet takes a text for a formula. */
    private static final String FORMULA_BEGINNINGS = "=+-@\t";

    private RowPrinter() {}

    /** Prints a table in a width. Where it is too wide, the runs' names go first: their source tells them apart, too. */
    public static <R> void table(PrintWriter out, List<R> rows, List<RowField<R>> fields, int width) {
        TextGrid whole = grid(rows, fields);
        boolean hasSource = fields.stream().anyMatch(field -> field.name().equals("source"));
        if (hasSource && whole.width() > width) {
            List<RowField<R>> fewer =
                    fields.stream().filter(field -> !field.name().equals("run")).toList();
            grid(rows, fewer).print(out, width);
            out.println("The runs' names are left out to keep to the width; --csv or a pipe shows them.");
        } else {
            whole.print(out, width);
        }
    }

    private static <R> TextGrid grid(List<R> rows, List<RowField<R>> fields) {
        var grid = new TextGrid(fields.stream().map(RowField::header).toArray(String[]::new));
        rows.forEach(row ->
                grid.row(fields.stream().map(field -> field.shown().apply(row)).toArray(String[]::new)));
        for (int column = 0; column < fields.size(); column++) {
            if (!fields.get(column).isNumeric()) {
                grid.elastic(column);
            }
        }
        return grid;
    }

    /** Prints exact values by RFC 4180, an empty field for what is unknown. */
    public static <R> void csv(PrintWriter out, List<R> rows, List<RowField<R>> fields) {
        out.println(fields.stream().map(RowField::name).collect(Collectors.joining(",")));
        for (R row : rows) {
            out.println(
                    fields.stream().map(field -> cell(field.value().apply(row))).collect(Collectors.joining(",")));
        }
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        } else if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        String text = value.toString();
        // A name from outside must stay a name when somebody opens the file with a spreadsheet.
        String safe = !text.isEmpty() && FORMULA_BEGINNINGS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("(?s).*[\",\\n\\r].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
