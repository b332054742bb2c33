package org.flopledger.logs.console;

import java.util.Arrays;
import org.flopledger.logs.scan.Bytes;

/**
 * Knows the names of fields by their bytes, without making texts of them: most names of a line mean nothing, and their first eight
 * bytes say so. Immutable and thread-safe.
 */
public final class Words {

    /** No such word. */
    public static final int NONE = -1;

    private static final int PLACES = 256;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final byte[][] words;
    /** Up to eight bytes that each word begins with, and which bits of a text they are. */
    private final long[] begins;

    private final long[] masks;
    private final int[] first = new int[PLACES];
    private final int[] next;

    private Words(byte[][] words) {
        this.words = words;
        this.begins = new long[words.length];
        this.masks = new long[words.length];
        this.next = new int[words.length];
        Arrays.fill(first, NONE);
        for (int i = words.length - 1; i >= 0; i--) {
            int length = words[i].length;
            begins[i] = Bytes.word(words[i], 0, length);
            masks[i] = length >= Long.BYTES ? -1 : (1L << (Byte.SIZE * length)) - 1;
            next[i] = first[place(begins[i])];
            first[place(begins[i])] = i;
        }
    }

    /** Returns a vocabulary; each word, of at least two bytes, is known by its place, the first at 0. */
    public static Words of(String... words) {
        byte[][] all = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            all[i] = Bytes.ascii(words[i]);
        }
        return new Words(all);
    }

    private static int place(long begin) {
        return (int) (((begin & 0xFFFF) * SPREAD) >>> 56);
    }

    /** Returns the place of the word that stands between two places of the bytes, or {@link #NONE}. */
    public int find(byte[] bytes, int from, int to) {
        long begin = Bytes.word(bytes, from, to);
        for (int i = first[place(begin)]; i != NONE; i = next[i]) {
            if (begins[i] == (begin & masks[i])
                    && words[i].length == to - from
                    && Bytes.startsWith(bytes, from, to, words[i])) {
                return i;
            }
        }
        return NONE;
    }

    /**
     * Returns the place of the longest word that stands at a place of the bytes and is followed, blanks aside, by one of the two signs
     * between name and value; or {@link #NONE}.
     */
    public int findBefore(byte[] bytes, int from, int to) {
        long begin = Bytes.word(bytes, from, to);
        int found = NONE;
        for (int i = first[place(begin)]; i != NONE; i = next[i]) {
            if (begins[i] == (begin & masks[i])
                    && Bytes.startsWith(bytes, from, to, words[i])
                    && isEnd(bytes, from + words[i].length, to)
                    && (found == NONE || words[i].length > words[found].length)) {
                found = i;
            }
        }
        return found;
    }

    private static boolean isEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] == ' ') {
            at++;
        }
        return at < to && (bytes[at] == ':' || bytes[at] == '=');
    }

    /** Returns the length of a word. */
    int length(int place) {
        return words[place].length;
    }
}
