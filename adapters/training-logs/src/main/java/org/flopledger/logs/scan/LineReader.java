package org.flopledger.logs.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Splits a stream of bytes into lines where they lie, without copying them, in bounded memory.
 *
 * <p>A line ends at LF, CR LF, a bare CR (progress bars) or the end of the stream. A line above the cap is skipped to its end
 * and marked. The current line is valid until the next call of {@link #next()}. Confined to one thread; the caller closes the
 * stream.
 */
public final class LineReader {

    /** Bytes of a line that are kept; longer lines are counted, not read. The longest real record seen is 13.9 kB. */
    public static final int LINE_CAP = 1 << 20;

    private static final int BLOCK = 1 << 17;
    private static final int SMALLEST_READ = 1 << 13;

    private final InputStream stream;
    private byte[] block = {};
    /** First byte that belongs to no line yet, and the one behind the last that was read. */
    private int position;

    private int limit;

    private int from;
    private int to;
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
        if (!skipHalfLineEnd()) {
            return false;
        }
        if (newNumber) {
            number++;
            newNumber = false;
        }
        tooLong = false;
        int end = Bytes.endOfLine(block, position, limit);
        while (end == limit) {
            int more = readMore();
            if (more == 0) {
                return endAt(limit, false);
            }
            end = Bytes.endOfLine(block, limit - more, limit);
        }
        return endAt(end, true);
    }

    /** Skips an LF that belongs to the CR at which the last line ended; returns whether there is anything behind. */
    private boolean skipHalfLineEnd() throws IOException {
        from = position;
        to = position;
        if (position == limit && readMore() == 0) {
            return false;
        }
        if (afterReturn) {
            afterReturn = false;
            if (block[position] == '\n') {
                position++;
                newNumber = true;
                return position < limit || readMore() > 0;
            }
        }
        return true;
    }

    private boolean endAt(int end, boolean isEnded) {
        tooLong |= end - position > LINE_CAP;
        from = position;
        to = tooLong ? position : end;
        position = isEnded ? end + 1 : end;
        afterReturn = isEnded && block[end] == '\r';
        newNumber = isEnded && !afterReturn;
        return true;
    }

    /** Reads behind what belongs to no line yet, moving that to the front if there is little room; returns how many bytes, 0 at the end. */
    private int readMore() throws IOException {
        if (limit - position > LINE_CAP) {
            // Nobody will see this line: only that it was too long.
            tooLong = true;
            position = limit;
        }
        if (block.length == 0) {
            // There may be very many small files.
            int size = stream.available();
            block = new byte[size > 0 && size < BLOCK ? size + SMALLEST_READ : BLOCK];
        }
        if (block.length - limit < SMALLEST_READ) {
            System.arraycopy(block, position, block, 0, limit - position);
            limit -= position;
            position = 0;
            if (block.length - limit < SMALLEST_READ) {
                block = Arrays.copyOf(block, 2 * block.length);
            }
        }
        int read = Math.max(0, stream.read(block, limit, block.length - limit));
        limit += read;
        return read;
    }

    /** Returns the bytes that hold the line, from {@link #from()} to {@link #to()}; they must not be changed. */
    public byte[] bytes() {
        return block;
    }

    /** Returns where the line begins. */
    public int from() {
        return from;
    }

    /** Returns where the line ends, without its line end; its beginning if it is too long. */
    public int to() {
        return to;
    }

    /** Returns the line as text, one character a byte. */
    public String text() {
        return new String(block, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Returns where bytes, at least two, first stand in the line; -1 if nowhere. Cheaper than a pattern on its text. */
    public int find(byte[] wanted) {
        return Bytes.find(block, from, to, wanted);
    }

    /** Returns whether the line holds more than blanks; one that is too long does. */
    public boolean hasText() {
        for (int i = from; i < to; i++) {
            if (block[i] < 0 || block[i] > ' ') {
                return true;
            }
        }
        return tooLong;
    }

    /** Returns whether the line was above the cap and skipped. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** Returns the 1-based number of the line as an editor counts: pieces between bare CRs share one. */
    public long number() {
        return number;
    }
}
