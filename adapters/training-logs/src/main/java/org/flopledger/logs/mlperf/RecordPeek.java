package org.flopledger.logs.mlperf;

import java.util.Set;
import org.flopledger.logs.scan.Bytes;

/**
 * Looks at the key of a record before it is parsed. Of a large result 96 % are records of ranks that start, which nobody needs.
 *
 * <p>Only a record that is written as mlperf_logging writes it, and that ends as an object does, is told here; any other is parsed.
 * Confined to one thread.
 */
final class RecordPeek {

    /** What stands before the values of the first members, in their order. */
    private static final byte[] NAMESPACE = Bytes.ascii("{\"namespace\": \"");

    private static final byte[] TIME = Bytes.ascii("\", \"time_ms\": ");
    private static final byte[] TYPE = Bytes.ascii(", \"event_type\": \"");
    private static final byte[] KEY = Bytes.ascii("\", \"key\": \"");

    /** Digits of a time that is surely before the year 5138, as later ones are refused. */
    private static final int MOST_DIGITS = 14;

    private final byte[][] wanted;
    private final String[] keys;
    private final boolean[] onlyTime;
    private String key = "";
    private long millis;

    /** Takes the keys that are wanted, and those of them of which only the time is of use. */
    RecordPeek(Set<String> wantedKeys, Set<String> timedKeys) {
        keys = wantedKeys.toArray(String[]::new);
        wanted = new byte[keys.length][];
        onlyTime = new boolean[keys.length];
        for (int i = 0; i < keys.length; i++) {
            wanted[i] = Bytes.ascii(keys[i]);
            onlyTime[i] = timedKeys.contains(keys[i]);
        }
    }

    /** What a look tells. */
    enum Sight {
        /** The record has to be parsed. */
        UNSURE,
        /** It is whole and of a key that is not wanted. */
        OTHER,
        /** It is whole, and {@link #key()} and {@link #millis()} are all that is of use. */
        TIMED
    }

    /** Looks at the record between two places. */
    Sight look(byte[] bytes, int from, int to) {
        int at = skipBlanks(bytes, from, to);
        at = endOfText(bytes, behind(bytes, at, to, NAMESPACE), to);
        int time = behind(bytes, at, to, TIME);
        int timeEnd = behindDigits(bytes, time, to);
        at = endOfText(bytes, behind(bytes, timeEnd, to, TYPE), to);
        int keyStart = behind(bytes, at, to, KEY);
        int keyEnd = endOfText(bytes, keyStart, to);
        if (keyEnd < 0 || !endsAnObject(bytes, keyEnd, to)) {
            return Sight.UNSURE;
        }
        int known = indexOf(bytes, keyStart, keyEnd);
        if (known < 0) {
            return Sight.OTHER;
        } else if (!onlyTime[known]) {
            return Sight.UNSURE;
        }
        key = keys[known];
        millis = number(bytes, time, timeEnd);
        return Sight.TIMED;
    }

    /** Returns the key of the record last seen as {@link Sight#TIMED}. */
    String key() {
        return key;
    }

    /** Returns the time of the record last seen as {@link Sight#TIMED}, milliseconds since 1970. */
    long millis() {
        return millis;
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    /** Returns the place behind a literal, or -1 if something else stands there. */
    private static int behind(byte[] bytes, int at, int to, byte[] literal) {
        return at >= 0 && Bytes.startsWith(bytes, at, to, literal) ? at + literal.length : -1;
    }

    private static int endOfText(byte[] bytes, int from, int to) {
        return from < 0 ? -1 : Bytes.endOfPlainText(bytes, from, to);
    }

    /** Returns the place behind one to fourteen digits without a leading zero, or -1 if there are fewer or more. */
    private static int behindDigits(byte[] bytes, int from, int to) {
        int at = from;
        while (at >= 0 && at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at > from && at - from <= MOST_DIGITS && (bytes[from] != '0' || at == from + 1) ? at : -1;
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int at = from; at < to; at++) {
            number = number * 10 + bytes[at] - '0';
        }
        return number;
    }

    private int indexOf(byte[] bytes, int from, int to) {
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].length == to - from && Bytes.startsWith(bytes, from, to, wanted[i])) {
                return i;
            }
        }
        return -1;
    }

    private static boolean endsAnObject(byte[] bytes, int from, int to) {
        int last = to - 1;
        while (last > from && bytes[last] >= 0 && bytes[last] <= ' ') {
            last--;
        }
        return last > from && bytes[last] == '}';
    }
}
