package org.flopledger.cli.report;

import java.math.BigInteger;
import java.util.List;

/** A picture of SVG with a title and a description for those who do not see it. Colours are classes of the style sheet. */
final class Chart {

    static final double WIDTH = 760;

    private final Markup out = new Markup();
    private final double height;

    Chart(String id, double height, String title, String description) {
        this.height = height;
        out.open(
                        "svg",
                        "viewBox",
                        "0 0 " + (int) WIDTH + " " + (int) Math.ceil(height),
                        "role",
                        "img",
                        "aria-labelledby",
                        id + "-t " + id + "-d",
                        "class",
                        "chart")
                .element("title", title, "id", id + "-t")
                .element("desc", description, "id", id + "-d");
    }

    double height() {
        return height;
    }

    Chart bar(double x, double y, double width, double high, String colour) {
        out.empty("rect", "x", x, "y", y, "width", Math.max(1.5, width), "height", high, "class", colour);
        return this;
    }

    Chart line(double x1, double y1, double x2, double y2, String colour) {
        out.empty("line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, "class", colour);
        return this;
    }

    Chart dot(double x, double y, String colour) {
        out.empty("circle", "cx", x, "cy", y, "r", 4.0, "class", colour);
        return this;
    }

    Chart path(String points, String colour) {
        out.empty("polyline", "points", points, "class", colour);
        return this;
    }

    Chart label(double x, double y, String anchor, String text) {
        out.element("text", text, "x", x, "y", y, "text-anchor", anchor);
        return this;
    }

    /** Draws powers of ten below the picture, with a line up for each. */
    Chart axis(LogAxis axis, double top, double bottom) {
        for (int exponent : axis.ticks()) {
            double x = axis.at(BigInteger.TEN.pow(Math.max(0, exponent)));
            line(x, top, x, bottom, "grid");
            label(x, bottom + 14, "middle", "1e" + exponent);
        }
        return this;
    }

    /** Returns the picture with a caption below, which says the same in words. */
    String figure(String caption) {
        out.close("svg");
        return new Markup()
                .open("figure", "tabindex", "0")
                .raw(out.toString())
                .element("figcaption", caption)
                .close("figure")
                .toString();
    }

    /** Returns a name cut to a number of letters, its end kept. */
    static String brief(String name, int letters) {
        return name.length() <= letters ? name : "\u2026" + name.substring(name.length() - letters + 1);
    }

    /** Returns colours by turns, of a set that colour-blind readers tell apart. */
    static String colour(int index) {
        return "c" + index % List.of(1, 2, 3, 4, 5, 6, 7).size();
    }
}
