package org.flopledger.logs.console;

import org.flopledger.logs.scan.Bytes;

/**
 * Walks over the names and numbers of a record in one line, JSON or what Python prints of a dictionary, without building it. Objects
 * inside of objects are walked through as if they were not there. Confined to one thread.
 */
public final class Pairs {

    private final byte quote;
    private byte[] bytes = {};
    private int next;
    private int end;
    private int valueFrom;
    private int valueTo;

    /** Walks over records whose names stand between quotation marks of one kind. */
    public Pairs(char quote) {
        this.quote = (byte) quote;
    }

    /** Begins at a place of a line. */
    public Pairs over(ConsoleLine line, int from) {
        bytes = line.bytes();
        next = from;
        end = line.to();
        return this;
    }

    /** Moves to the next name of a vocabulary that has a value; returns its place, {@link Words#NONE} behind the last. */
    public int next(Words words) {
        while (true) {
            int open = Bytes.indexOf(bytes, next, end, quote);
            int close = open < 0 ? -1 : Bytes.indexOf(bytes, open + 1, end, quote);
            if (close < 0) {
                next = end;
                return Words.NONE;
            }
            int at = close + 1;
            while (at < end && bytes[at] == ' ') {
                at++;
            }
            boolean isName = at < end && bytes[at] == ':';
            // A text as value: what follows it begins behind its end.
            next = isName ? at + 1 : escaped(close) ? close : close + 1;
            if (isName && readValue(at + 1)) {
                int word = words.find(bytes, open + 1, close);
                if (word != Words.NONE) {
                    return word;
                }
            }
        }
    }

    private boolean escaped(int close) {
        return bytes[close - 1] == '\\';
    }

    /** Finds the end of a number; a text or an object is no value. */
    private boolean readValue(int from) {
        int at = from;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        valueFrom = at;
        while (at < end
                && bytes[at] != ','
                && bytes[at] != '}'
                && bytes[at] != quote
                && bytes[at] != '{'
                && bytes[at] != '[') {
            at++;
        }
        valueTo = at;
        boolean plain = at == end || bytes[at] == ',' || bytes[at] == '}';
        next = plain ? at : next;
        return plain && valueFrom < valueTo;
    }

    /** Returns the value as a number that may stand inside of {@code np.float64(..)}, or NaN. */
    public double decimal() {
        return Figures.wrapped(bytes, valueFrom, valueTo);
    }
}
