package org.flopledger.cli.text;

/**
 * Makes text from outside harmless where a person reads it: a file name, a folder or a word of a log may hold bytes that move a
 * cursor, retitle a window, begin a new line or turn the reading direction.
 */
public final class ShownText {

    private static final int ASCII_CONTROLS_END = 0x20;
    private static final int DELETE = 0x7F;
    private static final int C1_CONTROLS_END = 0xA0;

    private ShownText() {}

    /** Returns the text with everything that is not to be drawn as it is written as {@code \}{@code u} and four hexadecimal digits. */
    public static String escaped(CharSequence text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean safe = isSafe(c) && !isLoneSurrogate(text, i);
            if (!safe && escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null) {
                if (safe) {
                    escaped.append(c);
                } else {
                    appendEscape(escaped, c);
                }
            }
        }
        return escaped == null ? text.toString() : escaped.toString();
    }

    private static void appendEscape(StringBuilder target, char c) {
        target.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            target.append(Character.forDigit(c >> shift & 0xF, 16));
        }
    }

    /** Returns whether a character may be drawn as it is: no control, no line break, nothing that turns or hides other text. */
    public static boolean isSafe(char c) {
        if (c < DELETE) {
            return c >= ASCII_CONTROLS_END;
        } else if (c < C1_CONTROLS_END) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED ->
                false;
            default -> true;
        };
    }

    private static boolean isLoneSurrogate(CharSequence text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length()
                    || !isDrawn(Character.toCodePoint(c, text.charAt(at + 1)), text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && (at == 0
                        || !isDrawn(Character.toCodePoint(text.charAt(at - 1), c), c)
                        || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    /** Tag characters are invisible and lie beyond the first plane. */
    private static boolean isDrawn(int codePoint, char low) {
        return Character.isLowSurrogate(low) && Character.getType(codePoint) != Character.FORMAT;
    }
}
