package org.flopledger.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of text: columns as wide as their widest cell, numbers to the right. Text from outside is made harmless on its way in,
 * since what it is drawn as decides how wide it is.
 *
 * <p>Time and memory are linear in the cells.
 */
final class TextGrid {

    private static final String GAP = "  ";
    private static final String UNKNOWN = "?";

    private final List<String[]> rows = new ArrayList<>();
    private final Column[] columns;

    TextGrid(String... header) {
        columns = new Column[header.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column();
            columns[i].width = header[i].length();
        }
        rows.add(header.clone());
    }

    void row(String... cells) {
        if (cells.length != columns.length) {
            throw new IllegalArgumentException("row has " + cells.length + " cells, must have " + columns.length);
        }
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = ShownText.escaped(cells[i]);
            columns[i].see(row[i]);
        }
        rows.add(row);
    }

    void print(PrintWriter out) {
        for (String[] row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns.length; i++) {
                String pad = " ".repeat(columns[i].width - row[i].length());
                boolean right = columns[i].isNumeric();
                line.append(i == 0 ? "" : GAP).append(right ? pad : "").append(row[i]);
                line.append(right || i == columns.length - 1 ? "" : pad);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** What is known of the cells below a header. */
    private static final class Column {

        private int width;
        private boolean hasNumber;
        private boolean hasWord;

        void see(String cell) {
            width = Math.max(width, cell.length());
            boolean isUnknown = cell.equals(UNKNOWN);
            boolean isNumber = !isUnknown && !cell.isEmpty() && Character.isDigit(cell.charAt(0));
            hasNumber |= !isUnknown;
            hasWord |= !isUnknown && !isNumber;
        }

        boolean isNumeric() {
            return hasNumber && !hasWord;
        }
    }
}
