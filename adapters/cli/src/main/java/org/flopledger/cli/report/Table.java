package org.flopledger.cli.report;

/** A table that a narrow screen scrolls sideways, by touch or by keys. Numbers stand to the right. */
final class Table {

    private final Markup out;

    Table(Markup out, String caption, String... headers) {
        this.out = out;
        out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption)
                .open("table")
                .element("caption", caption)
                .open("thead")
                .open("tr");
        for (String header : headers) {
            out.element("th", header, "scope", "col");
        }
        out.close("tr").close("thead").open("tbody");
    }

    void row(String first, String... cells) {
        out.open("tr").element("th", first, "scope", "row");
        for (String cell : cells) {
            cell(cell);
        }
        out.close("tr");
    }

    private void cell(String cell) {
        boolean isNumber = cell.matches("[0-9][0-9.e+]*");
        out.element("td", cell, "class", isNumber ? "n" : "t");
    }

    void end() {
        out.close("tbody").close("table").close("div");
    }
}
