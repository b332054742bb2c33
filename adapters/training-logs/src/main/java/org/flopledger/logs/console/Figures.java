package org.flopledger.logs.console;

/**
 * Reads numbers out of bytes as trainers write them: {@code 1,234}, {@code 1.5E-04}, {@code 1997.8/2032.7}, {@code 1.258B},
 * {@code np.float64(0.5)}, {@code 79740ms}. What is none is -1 or NaN, never zero. Stateless.
 */
public final class Figures {

    /** No whole number, or one that no log means. */
    public static final long NONE = -1;

    private static final long MOST = 1L << 58;
    private static final int MOST_DIGITS = 18;
    private static final double[] POWERS = powers();

    private Figures() {}

    private static double[] powers() {
        double[] powers = new double[MOST_DIGITS + 5];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = 10 * powers[i - 1];
        }
        return powers;
    }

    /** Returns the whole number at least 0 that begins at a place, thousands separated by commas or not; {@link #NONE} if there is none. */
    public static long whole(byte[] bytes, int from, int to) {
        int at = skipBlanks(bytes, from, to);
        long value = 0;
        int digits = 0;
        for (; at < to; at++) {
            byte next = bytes[at];
            if (next >= '0' && next <= '9') {
                value = 10 * value + (next - '0');
                digits++;
                if (value > MOST) {
                    return NONE;
                }
            } else if (!(next == ',' && digits > 0 && isThousand(bytes, at + 1, to))) {
                break;
            }
        }
        boolean isWhole = digits > 0 && (at == to || !continuesNumber(bytes[at]));
        return isWhole ? value : digits > 0 ? wholeOf(decimal(bytes, from, to)) : NONE;
    }

    /** Three digits and no fourth. */
    private static boolean isThousand(byte[] bytes, int from, int to) {
        for (int i = 0; i < 3; i++) {
            if (from + i >= to || bytes[from + i] < '0' || bytes[from + i] > '9') {
                return false;
            }
        }
        return from + 3 >= to || bytes[from + 3] < '0' || bytes[from + 3] > '9';
    }

    private static boolean continuesNumber(byte next) {
        return next == '.' || next == 'e' || next == 'E' || next == 'K' || next == 'M' || next == 'B' || next == 'T';
    }

    /** Returns a number as the whole that it nearly is, or {@link #NONE}. */
    public static long wholeOf(double value) {
        return value >= 0 && value <= MOST ? Math.round(value) : NONE;
    }

    /** Returns the number that begins at a place, with the power that a suffix K, M, B or T stands for; NaN if there is none. */
    public static double decimal(byte[] bytes, int from, int to) {
        int at = skipBlanks(bytes, from, to);
        boolean negative = at < to && bytes[at] == '-';
        at += negative || (at < to && bytes[at] == '+') ? 1 : 0;
        long digits = 0;
        int kept = 0;
        int seen = 0;
        int scale = 0;
        boolean fraction = false;
        for (; at < to; at++) {
            byte next = bytes[at];
            if (next >= '0' && next <= '9') {
                seen++;
                if (kept < MOST_DIGITS) {
                    digits = 10 * digits + (next - '0');
                    kept += digits > 0 ? 1 : 0;
                    scale -= fraction ? 1 : 0;
                } else {
                    scale += fraction ? 0 : 1;
                }
            } else if (next == '.' && !fraction) {
                fraction = true;
            } else if (!(next == ',' && seen > 0 && !fraction && isThousand(bytes, at + 1, to))) {
                break;
            }
        }
        if (seen == 0) {
            return Double.NaN;
        }
        if (at < to && (bytes[at] == 'e' || bytes[at] == 'E')) {
            scale += exponent(bytes, at + 1, to);
        } else if (at < to) {
            scale += suffix(bytes, at, to);
        }
        double value = scaled(digits, scale);
        return negative ? -value : value;
    }

    private static double scaled(long digits, int scale) {
        if (scale >= 0) {
            return scale < POWERS.length ? digits * POWERS[scale] : digits * Math.pow(10, Math.min(scale, 400));
        }
        return -scale < POWERS.length ? digits / POWERS[-scale] : digits * Math.pow(10, Math.max(scale, -400));
    }

    private static int exponent(byte[] bytes, int from, int to) {
        int at = from;
        boolean negative = at < to && bytes[at] == '-';
        at += negative || (at < to && bytes[at] == '+') ? 1 : 0;
        int value = 0;
        for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            value = Math.min(10_000, 10 * value + (bytes[at] - '0'));
        }
        return negative ? -value : value;
    }

    /** A letter that is not the beginning of a longer word: 1.258B, but not 5MiB nor 57ms. */
    private static int suffix(byte[] bytes, int at, int to) {
        boolean alone = at + 1 >= to || !isLetter(bytes[at + 1]);
        if (!alone) {
            return 0;
        }
        return switch (bytes[at]) {
            case 'K', 'k' -> 3;
            case 'M' -> 6;
            case 'G', 'B' -> 9;
            case 'T' -> 12;
            case 'P' -> 15;
            default -> 0;
        };
    }

    private static boolean isLetter(byte next) {
        return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    }

    /** Returns the number inside of {@code np.float64(..)}, {@code tensor(..)} or quotation marks, or of a plain one; NaN if there is none. */
    public static double wrapped(byte[] bytes, int from, int to) {
        int at = skipBlanks(bytes, from, to);
        for (int i = at; i < to; i++) {
            if (bytes[i] == '(' || bytes[i] == '\'' || bytes[i] == '"') {
                at = i + 1;
            } else if ((bytes[i] >= '0' && bytes[i] <= '9' && i == at) || bytes[i] == '-' || bytes[i] == ')') {
                break;
            }
        }
        return decimal(bytes, at, to);
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to
                && (bytes[at] == ' '
                        || bytes[at] == '\t'
                        || bytes[at] == '='
                        || bytes[at] == ':'
                        || bytes[at] == '\''
                        || bytes[at] == '"')) {
            at++;
        }
        return at;
    }
}
