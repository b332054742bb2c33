package org.flopledger.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of text: columns as wide as their widest cell, numbers to the right. */
final class TextGrid {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();

    TextGrid(String... header) {
        rows.add(header);
    }

    void row(String... cells) {
        if (cells.length != rows.get(0).length) {
            throw new IllegalArgumentException("row has " + cells.length + " cells, must have " + rows.get(0).length);
        }
        rows.add(cells);
    }

    void print(PrintWriter out) {
        int columns = rows.get(0).length;
        for (String[] row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String pad = " ".repeat(width(column) - row[column].length());
                boolean right = isNumeric(column);
                line.append(column == 0 ? "" : GAP).append(right ? pad : "").append(row[column]);
                line.append(right || column == columns - 1 ? "" : pad);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.size() > 1
                && rows.stream()
                        .skip(1)
                        .allMatch(row -> row[column].equals("?") || Character.isDigit(row[column].charAt(0)))
                && rows.stream().skip(1).anyMatch(row -> !row[column].equals("?"));
    }
}
