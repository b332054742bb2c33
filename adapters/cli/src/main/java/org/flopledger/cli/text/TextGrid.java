package org.flopledger.cli.text;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of text: columns as wide as their widest cell, numbers to the right. Text from outside is made harmless on its way in,
 * since what it is drawn as decides how wide it is.
 *
 * <p>Time and memory are linear in the cells.
 */
public final class TextGrid {

    /** A width that no table reaches. */
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final String GAP = "  ";
    private static final String UNKNOWN = "?";
    private static final String CUT = "..";
    private static final int LEAST_WIDTH = 10;

    private final List<String[]> rows = new ArrayList<>();
    private final Column[] columns;

    public TextGrid(String... header) {
        columns = new Column[header.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new Column();
            columns[i].width = header[i].length();
        }
        rows.add(header.clone());
    }

    public void row(String... cells) {
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

    /** Lets a column be cut where the terminal is narrow: it loses its beginning, since ends tell paths apart. */
    public void elastic(int column) {
        columns[column].isElastic = true;
    }

    public void print(PrintWriter out) {
        print(out, UNBOUNDED);
    }

    /** Prints the table in a width: elastic columns are cut, the widest first; if that is not enough, lines are longer. */
    public void print(PrintWriter out, int width) {
        boolean isCut = fit(width);
        for (String[] row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns.length; i++) {
                String cell = columns[i].cut(row[i]);
                String pad = " ".repeat(columns[i].width - cell.length());
                boolean right = columns[i].isNumeric();
                line.append(i == 0 ? "" : GAP).append(right ? pad : "").append(cell);
                line.append(right || i == columns.length - 1 ? "" : pad);
            }
            out.println(line.toString().stripTrailing());
        }
        if (isCut) {
            out.println(CUT + " = cut to the width of the terminal; --csv or a pipe shows all of it.");
        }
    }

    private boolean fit(int width) {
        boolean isCut = false;
        for (long excess = excess(width); excess > 0; excess = excess(width)) {
            Column widest = null;
            for (Column column : columns) {
                if (column.isElastic && column.width > LEAST_WIDTH && (widest == null || column.width > widest.width)) {
                    widest = column;
                }
            }
            if (widest == null) {
                return isCut;
            }
            widest.width -= 1;
            isCut = true;
        }
        return isCut;
    }

    private long excess(int width) {
        return width() - width;
    }

    /** Returns how many columns of a terminal the table takes. */
    public long width() {
        long all = (long) GAP.length() * (columns.length - 1);
        for (Column column : columns) {
            all += column.width;
        }
        return all;
    }

    /** What is known of the cells below a header. */
    private static final class Column {

        private int width;
        private boolean hasNumber;
        private boolean hasWord;
        private boolean isElastic;

        void see(String cell) {
            width = Math.max(width, cell.length());
            boolean isUnknown = cell.equals(UNKNOWN);
            boolean isNumber = !isUnknown && !cell.isEmpty() && Character.isDigit(cell.charAt(0));
            hasNumber |= !isUnknown;
            hasWord |= !isUnknown && !isNumber;
        }

        String cut(String cell) {
            int over = cell.length() - width;
            return over <= 0 ? cell : CUT + cell.substring(over + CUT.length());
        }

        boolean isNumeric() {
            return hasNumber && !hasWord;
        }
    }
}
