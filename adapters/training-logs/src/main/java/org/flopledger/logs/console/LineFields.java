package org.flopledger.logs.console;

import org.flopledger.logs.scan.Bytes;

/**
 * Walks over the fields of a line, {@code name: value} or {@code name=value}, separated by one byte. Confined to one thread.
 *
 * <p>A piece without a separator between name and value is a name alone.
 */
public final class LineFields {

    private final byte separator;

    private byte[] bytes = {};
    private int next;
    private int end;
    private int nameFrom;
    private int nameTo;
    private int valueFrom;
    private int valueTo;

    /** Walks over fields that end at a byte or at the end of the line. */
    public LineFields(char separator) {
        this.separator = (byte) separator;
    }

    /** Begins at a place of a line. */
    public LineFields over(ConsoleLine line, int from) {
        return over(line.bytes(), from, line.to());
    }

    /** Begins at a place of some bytes. */
    public LineFields over(byte[] text, int from, int to) {
        bytes = text;
        next = from;
        end = to;
        return this;
    }

    /**
     * Moves to the next field whose name is in a vocabulary; returns the place of its name, {@link Words#NONE} behind the last. Names that
     * mean nothing are passed over without looking at their values.
     */
    public int next(Words words) {
        while (next < end) {
            int behind = Bytes.indexOf(bytes, next, end, separator);
            int to = behind < 0 ? end : behind;
            nameFrom = skipBlanks(next, to);
            next = to + 1;
            int word = words.findBefore(bytes, nameFrom, to);
            if (word != Words.NONE) {
                nameTo = nameFrom + words.length(word);
                valueFrom = skipBlanks(skipBlanks(nameTo, to) + 1, to);
                valueTo = trimmed(valueFrom, to);
                return word;
            }
        }
        return Words.NONE;
    }

    /** Moves to the next field; returns false behind the last. */
    public boolean next() {
        if (next >= end) {
            return false;
        }
        int behind = Bytes.indexOf(bytes, next, end, separator);
        int to = behind < 0 ? end : behind;
        nameFrom = skipBlanks(next, to);
        next = to + 1;
        int sign = nameFrom;
        while (sign < to && bytes[sign] != ':' && bytes[sign] != '=') {
            sign++;
        }
        nameTo = trimmed(nameFrom, sign);
        valueFrom = skipBlanks(Math.min(to, sign + 1), to);
        valueTo = trimmed(valueFrom, to);
        return true;
    }

    private int skipBlanks(int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private int trimmed(int from, int to) {
        int at = to;
        while (at > from && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t')) {
            at--;
        }
        return at;
    }

    /** Returns the place of the field's name in a vocabulary. */
    public int name(Words words) {
        return words.find(bytes, nameFrom, nameTo);
    }

    /** Returns where the name begins. */
    public int nameFrom() {
        return nameFrom;
    }

    /** Returns where the name ends. */
    public int nameTo() {
        return nameTo;
    }

    /** Returns whether there is a value. */
    public boolean hasValue() {
        return valueFrom < valueTo;
    }

    /** Returns where the value begins. */
    public int valueFrom() {
        return valueFrom;
    }

    /** Returns where the value ends. */
    public int valueTo() {
        return valueTo;
    }

    /** Returns the last byte of the value, which must have one. */
    public byte last() {
        return bytes[valueTo - 1];
    }

    /** Returns the value as a whole number, or {@link Figures#NONE}. */
    public long whole() {
        return Figures.whole(bytes, valueFrom, valueTo);
    }

    /** Returns the value as a number, or NaN. */
    public double decimal() {
        return Figures.decimal(bytes, valueFrom, valueTo);
    }

    /** Returns the value as a number that may stand inside of {@code np.float64(..)}, or NaN. */
    public double wrapped() {
        return Figures.wrapped(bytes, valueFrom, valueTo);
    }
}
