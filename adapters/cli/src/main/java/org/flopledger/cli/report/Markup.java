package org.flopledger.cli.report;

import java.util.Locale;
import org.flopledger.cli.text.ShownText;

/**
 * HTML and SVG text that grows. Every text and attribute value is escaped on its way in; control and direction characters of text
 * from outside become visible. Confined to one thread.
 */
final class Markup {

    private final StringBuilder out = new StringBuilder();

    /** Writes an opening tag; attributes are name and value by turns. */
    Markup open(String tag, Object... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(value(attributes[i + 1])))
                    .append('"');
        }
        out.append('>');
        return this;
    }

    Markup close(String tag) {
        out.append("</").append(tag).append(">\n");
        return this;
    }

    /** Writes an element with a text. */
    Markup element(String tag, String text, Object... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    /** Writes an element without content, as SVG has them. */
    Markup empty(String tag, Object... attributes) {
        open(tag, attributes);
        out.insert(out.length() - 1, '/');
        return this;
    }

    Markup text(String text) {
        out.append(escaped(text));
        return this;
    }

    /** Writes what is markup already. */
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    private static String value(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.2f", number) : value.toString();
    }

    /** Returns a text with what has a meaning in markup written otherwise. */
    static String escaped(String text) {
        String safe = ShownText.escaped(text);
        return safe.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
