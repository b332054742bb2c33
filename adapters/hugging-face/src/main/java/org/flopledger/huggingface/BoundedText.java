package org.flopledger.huggingface;

import java.util.regex.Pattern;
import org.flopledger.huggingface.description.Fields;

/**
 * A module path that may be looked at only so often, so that an expression which backtracks without end is refused.
 *
 * <p>Used once, by one thread.
 */
final class BoundedText implements CharSequence {

    private static final int MOST_LOOKS = 100_000;

    private final String text;
    private int looks;

    BoundedText(String text) {
        this.text = text;
    }

    boolean matches(Pattern pattern, Fields fields, String field) {
        try {
            return pattern.matcher(this).matches();
        } catch (TooManyLooks e) {
            throw fields.wrong(field, "an expression that takes too long", "one that decides in reasonable time");
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > MOST_LOOKS) {
            throw new TooManyLooks();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    /** Leaves the matcher. */
    private static final class TooManyLooks extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyLooks() {
            super(null, null, false, false);
        }
    }
}
