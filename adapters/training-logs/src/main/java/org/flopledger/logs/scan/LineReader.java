package org.flopledger.logs.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits a stream of bytes into lines, in constant memory.
 *
 * <p>A line ends at LF, CR LF, a bare CR (progress bars) or the end of the stream. A line above the cap is skipped to its end
 * and marked. The current line is valid until the next call of {@link #next()}. Confined to one thread; the caller closes the
 * stream.
 */
public final class LineReader {

    /** Bytes of a line that are kept; longer lines are counted, not read. The longest real record seen is 13.9 kB. */
    public static final int LINE_CAP = 1 << 20;

    private static final int CHUNK = 1 << 16;

    private final InputStream stream;
    private final byte[] chunk = new byte[CHUNK];
    private int position;
    private int limit;

    private byte[] line = new byte[1 << 10];
    private int length;
    private boolean tooLong;
    private long number;
    private boolean newNumber = true;
    private boolean afterReturn;

    /** Reads the stream from where it stands. */
    public LineReader(InputStream stream) {
        this.stream = stream;
    }

    /** Moves to the next line; returns false at the end of the stream. */
    public boolean next() throws IOException {
        length = 0;
        tooLong = false;
        boolean any = false;
        while (position < limit || fill()) {
            if (afterReturn) {
                afterReturn = false;
                if (chunk[position] == '\n') {
                    position++;
                    newNumber = true;
                    continue;
                }
            }
            if (newNumber) {
                number++;
                newNumber = false;
            }
            any = true;
            int end = endOfLine();
            append(end);
            if (end < limit) {
                position = end + 1;
                afterReturn = chunk[end] == '\r';
                newNumber = !afterReturn;
                return true;
            }
            position = limit;
        }
        return any;
    }

    /** Returns the bytes that hold the line, from 0 to {@link #length()}; more may follow and mean nothing. */
    public byte[] bytes() {
        return line;
    }

    /** Returns the length of the line without its end; 0 if it is too long. */
    public int length() {
        return tooLong ? 0 : length;
    }

    /** Returns whether the line was above the cap and skipped. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** Returns the 1-based number of the line as an editor counts: pieces between bare CRs share one. */
    public long number() {
        return number;
    }

    private int endOfLine() {
        int i = position;
        while (i < limit && chunk[i] != '\n' && chunk[i] != '\r') {
            i++;
        }
        return i;
    }

    private void append(int end) {
        int more = end - position;
        if (tooLong || more > LINE_CAP - length) {
            tooLong = true;
            return;
        }
        if (more > line.length - length) {
            line = Arrays.copyOf(line, Math.min(LINE_CAP, Math.max(length + more, 2 * line.length)));
        }
        System.arraycopy(chunk, position, line, length, more);
        length += more;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, stream.read(chunk, 0, CHUNK));
        return limit > 0;
    }
}
