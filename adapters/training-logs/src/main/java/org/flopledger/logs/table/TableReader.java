package org.flopledger.logs.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.scan.FileHead;

/**
 * Reads a table row by row: RFC 4180 quoting, any of comma, semicolon, tab and bar between cells, any end of line, UTF-8 or UTF-16
 * with or without a byte order mark.
 *
 * <p>The text is untrusted: a row above {@value #LONGEST_ROW} characters or {@value #MOST_CELLS} cells is skipped to its end and
 * marked. Blanks around a cell are not part of it. Confined to one thread; the caller closes the stream.
 */
public final class TableReader {

    /** Characters of a row that are kept. */
    static final int LONGEST_ROW = 1 << 18;
    /** Cells of a row that are kept. */
    static final int MOST_CELLS = 4_096;

    private static final char MARK = '\uFEFF';

    private final Reader text;
    private final char delimiter;
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private final char[] buffer = new char[1 << 14];
    private int at;
    private int end;
    private long line;
    private long rowLine;
    private int rowLength;
    private boolean tooLong;
    private boolean afterReturn;
    private boolean quotedCell;

    /**
     * Reads a table.
     *
     * @param stream its bytes
     * @param charset how they are written, see {@link #charset}
     * @param delimiter what stands between cells, see {@link #delimiter}
     */
    public TableReader(InputStream stream, Charset charset, char delimiter) {
        // Bytes that are no characters are replaced: they stand in texts that nobody needs.
        this.text = new InputStreamReader(stream, charset);
        this.delimiter = delimiter;
    }

    /** Returns how the text of a file is written, as far as its first bytes tell. */
    public static Charset charset(LogHead head) {
        byte[] bytes = head.bytes();
        if (head.kind() != FileHead.Kind.UTF_16) {
            return StandardCharsets.UTF_8;
        }
        boolean bigEndian = (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF) || bytes[0] == 0;
        return bigEndian ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }

    /** Returns what stands between the cells of a line: the first of bar, tab, semicolon and comma that it holds. */
    public static char delimiter(String line) {
        for (char candidate : new char[] {'|', '\t', ';', ','}) {
            if (line.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return ',';
    }

    /** Returns the first line of a file that holds something, as far as its head goes, without a byte order mark. */
    public static String firstLine(LogHead head) {
        byte[] bytes = head.bytes();
        Charset charset = charset(head);
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return firstOf(new String(bytes, charset));
        }
        // Asked for every text that is found, so only the line itself is decoded.
        int from = FileHead.textStart(bytes, bytes.length);
        while (from < bytes.length && bytes[from] <= ' ' && bytes[from] >= 0) {
            from++;
        }
        int to = from;
        while (to < bytes.length && bytes[to] != '\n' && bytes[to] != '\r') {
            to++;
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static String firstOf(String text) {
        String plain = !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
        return plain.lines().filter(each -> !each.isBlank()).findFirst().orElse("");
    }

    /** Returns the cells of the first line of a file. */
    public static List<String> firstRow(LogHead head) {
        String first = firstLine(head);
        var reader = new TableReader(InputStream.nullInputStream(), StandardCharsets.UTF_8, delimiter(first));
        return reader.split(first);
    }

    /** Returns the cells of one line. */
    private List<String> split(String whole) {
        boolean quoted = false;
        for (int i = 0; i < whole.length(); i++) {
            quoted = take(whole.charAt(i), quoted);
        }
        endCell();
        return List.copyOf(cells);
    }

    /** Moves to the next row that holds something; returns false at the end of the table. */
    public boolean next() throws IOException {
        do {
            if (!read()) {
                return false;
            }
        } while (!tooLong && cells.size() == 1 && cells.get(0).isEmpty());
        return true;
    }

    private boolean read() throws IOException {
        cells.clear();
        cell.setLength(0);
        rowLength = 0;
        tooLong = false;
        quotedCell = false;
        rowLine = line + 1;
        boolean any = false;
        boolean quoted = false;
        while (at < end || fill()) {
            char next = buffer[at++];
            if (afterReturn && next == '\n') {
                afterReturn = false;
                continue;
            }
            afterReturn = next == '\r';
            any = true;
            boolean endOfLine = next == '\n' || next == '\r';
            line += endOfLine ? 1 : 0;
            // A quote that is never closed must not swallow the rest of the file.
            if (endOfLine && (!quoted || tooLong)) {
                endCell();
                return true;
            }
            quoted = take(next, quoted);
        }
        if (any) {
            endCell();
            line++;
        }
        return any;
    }

    /** Takes a character; returns whether a quote is open behind it. */
    private boolean take(char next, boolean quoted) {
        if (next == MARK && rowLine <= 1 && rowLength == 0) {
            return quoted;
        }
        tooLong |= ++rowLength > LONGEST_ROW || cells.size() >= MOST_CELLS;
        if (tooLong) {
            return quoted;
        }
        if (next == '"') {
            if (!quoted && cell.toString().isBlank() && !quotedCell) {
                cell.setLength(0);
                quotedCell = true;
                return true;
            } else if (quoted) {
                return false;
            } else if (quotedCell) {
                // A doubled quote inside of quotes is one quote.
                cell.append('"');
                return true;
            }
        }
        if (next == delimiter && !quoted) {
            endCell();
        } else {
            cell.append(next);
        }
        return quoted;
    }

    private void endCell() {
        if (cells.size() < MOST_CELLS) {
            cells.add(cell.toString().strip());
        }
        cell.setLength(0);
        quotedCell = false;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, text.read(buffer, 0, buffer.length));
        return end > 0;
    }

    /** Returns the cells of the row; valid until the next. */
    public List<String> cells() {
        return cells;
    }

    /** Returns whether the row was above a bound and skipped. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** Returns the number of the line on which the row begins, from 1. */
    public long line() {
        return rowLine;
    }

    /** Returns whether the row is a line that git leaves where two versions could not be merged. */
    public boolean isConflictMarker() {
        if (cells.size() != 1) {
            return false;
        }
        String only = cells.get(0);
        return only.startsWith("<<<<<<<")
                || only.startsWith(">>>>>>>")
                || only.equals("=======")
                || only.startsWith("|||||||");
    }
}
