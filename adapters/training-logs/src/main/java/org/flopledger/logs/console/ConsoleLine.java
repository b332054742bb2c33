package org.flopledger.logs.console;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;

/**
 * The line that is read: its bytes without colour codes, and which process wrote it. Valid until the next line. Confined to one
 * thread.
 */
public final class ConsoleLine {

    private static final byte ESCAPE = 0x1B;
    private static final int LONGEST_CODE = 24;
    private static final int LONGEST_LABEL = 64;

    private byte[] plain = {};
    private byte[] bytes = {};
    private int from;
    private int to;
    private long number;
    private int label;
    private boolean labelled;

    /** Takes the line that a reader stands at. */
    void take(LineReader line) {
        bytes = line.bytes();
        from = line.from();
        to = line.to();
        number = line.number();
        labelled = false;
        if (Bytes.indexOf(bytes, from, to, ESCAPE) >= 0) {
            withoutColours();
        }
    }

    private void withoutColours() {
        if (plain.length < to - from) {
            plain = new byte[Math.max(to - from, 2 * plain.length)];
        }
        int end = 0;
        for (int i = from; i < to; i++) {
            int behind = bytes[i] == ESCAPE ? endOfCode(i) : i;
            if (behind == i) {
                plain[end++] = bytes[i];
            } else {
                i = behind - 1;
            }
        }
        bytes = plain;
        from = 0;
        to = end;
    }

    /** Returns where a terminal's code ends that begins at a place; the place itself if it is none. */
    private int endOfCode(int at) {
        if (at + 1 >= to || bytes[at + 1] != '[') {
            return at + 1;
        }
        for (int i = at + 2; i < Math.min(to, at + LONGEST_CODE); i++) {
            if (bytes[i] >= '@' && bytes[i] <= '~') {
                return i + 1;
            }
        }
        return at + 1;
    }

    /** Returns the bytes that hold the line. Must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns where the line begins. */
    public int from() {
        return from;
    }

    /** Returns where it ends. */
    public int to() {
        return to;
    }

    /** Returns its number, from 1. */
    public long number() {
        return number;
    }

    /** Returns where bytes, at least two, first stand; -1 if nowhere. */
    public int find(byte[] wanted) {
        return Bytes.find(bytes, from, to, wanted);
    }

    /** Returns where bytes, at least two, first stand at a place or behind it; -1 if nowhere. */
    public int find(byte[] wanted, int at) {
        return at >= to ? -1 : Bytes.find(bytes, at, to, wanted);
    }

    /** Returns the byte at a place, or a line end beyond the line. */
    public byte at(int place) {
        return place >= from && place < to ? bytes[place] : (byte) '\n';
    }

    /** Returns a piece as text, one character a byte, at most so many. */
    public String text(int begin, int end, int most) {
        int last = Math.min(to, Math.min(end, begin + most));
        return last <= begin ? "" : new String(bytes, begin, last - begin, StandardCharsets.ISO_8859_1);
    }

    /** Returns the whole number that begins at a place or after blanks; {@link Figures#NONE} if there is none. */
    public long whole(int place) {
        return Figures.whole(bytes, place, to);
    }

    /** Returns the number that begins at a place or after blanks; NaN if there is none. */
    public double decimal(int place) {
        return Figures.decimal(bytes, place, to);
    }

    /** Returns the place of the first byte at a place or behind it that is no digit. */
    public int skipDigits(int place) {
        int at = place;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    /** Returns the place of the first byte at a place or behind it that is no blank. */
    public int skipBlanks(int place) {
        int at = place;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /**
     * Returns what stands for the label of the process at the line's beginning, such as {@code [rank7]:} or {@code 13: }; 0 if there
     * is none. Process numbers, which change at a restart, are no part of it.
     */
    public int label() {
        if (!labelled) {
            labelled = true;
            label = readLabel();
        }
        return label;
    }

    private int readLabel() {
        int begin = skipBlanks(from);
        int end = begin;
        boolean bracket = at(begin) == '[';
        while (end < Math.min(to, begin + LONGEST_LABEL)
                && bytes[end] != ':'
                && bytes[end] != ']'
                && bytes[end] != ' ') {
            end++;
        }
        boolean closed = bracket ? at(end) == ']' : at(end) == ':';
        int digits = bracket ? begin + 1 : begin;
        while (digits < end && (at(digits) < '0' || at(digits) > '9')) {
            digits++;
        }
        // A date begins with a bracket too, and goes on behind its digits.
        boolean isRank = closed && digits < end && skipDigits(digits) == end && !hasBlank(begin, end);
        return isRank ? Arrays.hashCode(Arrays.copyOfRange(bytes, begin, end)) | 1 : 0;
    }

    private boolean hasBlank(int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (bytes[i] == ' ' || bytes[i] == '-' || bytes[i] == '/') {
                return true;
            }
        }
        return false;
    }
}
