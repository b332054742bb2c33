package org.flopledger.logs.console;

import org.flopledger.logs.scan.Bytes;

/** A mark in a line, and the figure behind it. Immutable and thread-safe. */
public final class Key {

    private final byte[] mark;

    private Key(byte[] mark) {
        this.mark = mark;
    }

    /** Returns the key of a mark, at least two ASCII characters, such as {@code tps:}. */
    public static Key of(String mark) {
        return new Key(Bytes.ascii(mark));
    }

    /** Returns whether the mark stands in a line. */
    public boolean in(ConsoleLine line) {
        return line.find(mark) >= 0;
    }

    /** Returns the place behind the mark, or -1 if it is absent. */
    public int behind(ConsoleLine line) {
        int at = line.find(mark);
        return at < 0 ? -1 : at + mark.length;
    }

    /** Returns where the mark begins, or -1 if it is absent. */
    public int at(ConsoleLine line) {
        return line.find(mark);
    }

    /** Returns the whole number behind the mark, or {@link Figures#NONE}. */
    public long whole(ConsoleLine line) {
        int behind = behind(line);
        return behind < 0 ? Figures.NONE : line.whole(behind);
    }

    /** Returns the number behind the mark, or NaN. */
    public double decimal(ConsoleLine line) {
        int behind = behind(line);
        return behind < 0 ? Double.NaN : line.decimal(behind);
    }
}
