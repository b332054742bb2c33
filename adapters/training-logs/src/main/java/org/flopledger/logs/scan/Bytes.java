package org.flopledger.logs.scan;

import java.nio.charset.StandardCharsets;

/** Searches in arrays of bytes. Stateless. */
public final class Bytes {

    private Bytes() {}

    /** Returns the bytes of a text that is ASCII. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns where the wanted bytes first begin, at {@code from} or later and ending by {@code to}; -1 if nowhere. */
    public static int find(byte[] bytes, int from, int to, byte[] wanted) {
        byte first = wanted[0];
        int last = to - wanted.length;
        for (int i = from; i <= last; i++) {
            if (bytes[i] == first && startsWith(bytes, i, to, wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns whether the wanted bytes stand at {@code at} and end by {@code to}. */
    public static boolean startsWith(byte[] bytes, int at, int to, byte[] wanted) {
        if (to - at < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
