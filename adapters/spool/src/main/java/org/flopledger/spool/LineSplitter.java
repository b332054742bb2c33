package org.flopledger.spool;

import java.util.Arrays;

/**
 * Cuts bytes that come in pieces into lines and gives them to {@link StepLines}. Keeps at most one line that has no end yet, and of
 * one that is too long nothing. Confined to one thread.
 */
public final class LineSplitter {

    private static final int FIRST_ROOM = 4_096;

    private final StepLines lines;
    private final String where;
    private byte[] open = new byte[FIRST_ROOM];
    private int length;
    private boolean isTooLong;
    private long number;

    /**
     * Makes one.
     *
     * @param where what the lines' place is called in messages
     */
    public LineSplitter(StepLines lines, String where) {
        this.lines = lines;
        this.where = where;
    }

    /** Takes the next bytes, and every line that ends in them. */
    public void take(byte[] buffer, int offset, int count) {
        int start = offset;
        int end = offset + count;
        for (int i = offset; i < end; i++) {
            if (buffer[i] == '\n') {
                end(buffer, start, i - start);
                start = i + 1;
            }
        }
        keep(buffer, start, end - start);
    }

    /** Takes what stands after the last line end as a line: for sources that end. */
    public void end() {
        if (length > 0 || isTooLong) {
            end(open, 0, 0);
        }
    }

    /** Returns how many bytes stand after the last line end. */
    int unended() {
        return length;
    }

    private void end(byte[] buffer, int start, int count) {
        number++;
        if (isTooLong) {
            lines.tooLong(where, number);
        } else if (length == 0) {
            lines.line(buffer, start, count, where, number);
        } else {
            keep(buffer, start, count);
            if (isTooLong) {
                lines.tooLong(where, number);
            } else {
                lines.line(open, 0, length, where, number);
            }
        }
        length = 0;
        isTooLong = false;
    }

    private void keep(byte[] buffer, int start, int count) {
        if (isTooLong || length + (long) count > StepLines.LONGEST_LINE) {
            isTooLong |= count > 0;
            length = isTooLong ? 0 : length;
            return;
        }
        if (open.length < length + count) {
            open = Arrays.copyOf(open, Math.max(2 * open.length, length + count));
        }
        System.arraycopy(buffer, start, open, length, count);
        length += count;
    }
}
