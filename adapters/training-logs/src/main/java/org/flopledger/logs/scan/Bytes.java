package org.flopledger.logs.scan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Searches in arrays of bytes, eight bytes at a time. Stateless.
 *
 * <p>A byte of a word is zero where {@code (x - 0x01..01) & ~x & 0x80..80} has its high bit set. Behind a zero byte the borrow may set
 * bits of bytes that are not zero, so every hit is looked at again (Warren, Hacker's Delight, section 6-1).
 */
public final class Bytes {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    /** One above the largest byte that ends a line, CR, in every byte. */
    private static final long ABOVE_ENDS = ONES * ('\r' + 1);

    private static final long QUOTES = ONES * '"';
    private static final long ESCAPES = ONES * '\\';
    private static final long BLANKS = ONES * ' ';

    private Bytes() {}

    /** Returns the bytes of a text that is ASCII. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns up to eight bytes from a place on as one number, the first in its lowest byte; those behind {@code to} are 0. */
    public static long word(byte[] bytes, int from, int to) {
        if (to - from >= Long.BYTES) {
            return (long) WORDS.get(bytes, from);
        }
        long word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = word << Byte.SIZE | (bytes[i] & 0xFF);
        }
        return word;
    }

    /**
     * Returns where the wanted bytes, at least two, first begin at {@code from} or later, ending by {@code to}; -1 if nowhere.
     *
     * <p>Looks for the first two together, so a pair that is rare makes it fastest.
     */
    public static int find(byte[] bytes, int from, int to, byte[] wanted) {
        long first = ONES * (wanted[0] & 0xFF);
        long second = ONES * (wanted[1] & 0xFF);
        int last = to - wanted.length;
        int i = from;
        for (; i <= to - Long.BYTES - 1; i += Long.BYTES) {
            long one = (long) WORDS.get(bytes, i) ^ first;
            long two = (long) WORDS.get(bytes, i + 1) ^ second;
            long hits = (one - ONES) & ~one & (two - ONES) & ~two & HIGHS;
            while (hits != 0) {
                int at = i + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (at <= last && startsWith(bytes, at, to, wanted)) {
                    return at;
                }
                hits &= hits - 1;
            }
        }
        for (; i <= last; i++) {
            if (bytes[i] == wanted[0] && startsWith(bytes, i, to, wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns where a byte first stands at {@code from} or later, before {@code to}; -1 if nowhere. */
    public static int indexOf(byte[] bytes, int from, int to, byte wanted) {
        long all = ONES * (wanted & 0xFF);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i) ^ all;
            long hits = (word - ONES) & ~word & HIGHS;
            if (hits != 0) {
                // The lowest bit that is set is never one of the false ones.
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Returns where the first LF or CR stands at {@code from} or later, before {@code to}; {@code to} if there is none. */
    public static int endOfLine(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i);
            // Bytes below 14: LF and CR, and rarely another control character such as a tab.
            long hits = (word - ABOVE_ENDS) & ~word & HIGHS;
            while (hits != 0) {
                int at = i + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (bytes[at] == '\n' || bytes[at] == '\r') {
                    return at;
                }
                hits &= hits - 1;
            }
        }
        while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    /** Returns whether the wanted bytes stand at {@code at} and end by {@code to}. */
    public static boolean startsWith(byte[] bytes, int at, int to, byte[] wanted) {
        int length = wanted.length;
        if (to - at < length) {
            return false;
        }
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if ((long) WORDS.get(bytes, at + i) != (long) WORDS.get(wanted, i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns where the quotation mark stands that ends a JSON text which begins at {@code from}; -1 if there is none before
     * {@code to}, or an escape or control character comes first.
     */
    public static int endOfPlainText(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i);
            long quote = word ^ QUOTES;
            long escape = word ^ ESCAPES;
            long hits = (((quote - ONES) & ~quote) | ((escape - ONES) & ~escape) | ((word - BLANKS) & ~word)) & HIGHS;
            while (hits != 0) {
                int at = i + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (bytes[at] == '"') {
                    return at;
                } else if (endsPlainText(bytes[at])) {
                    return -1;
                }
                hits &= hits - 1;
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '"') {
                return i;
            } else if (endsPlainText(bytes[i])) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean endsPlainText(byte next) {
        return next == '\\' || (next >= 0 && next < ' ');
    }
}
