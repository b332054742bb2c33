package org.flopledger.spool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.ComputeLedger;
import org.flopledger.IngestResult;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Takes step lines into a ledger, in batches. What a line says is in the ledger, and on the disk of a durable one, when {@link
 * #flush} returned after it. A bad line is refused whole and counted; it never throws.
 *
 * <p>The same lines may be given again at any time, in any order: the ledger counts an observation once. Confined to one thread.
 */
public final class StepLines implements AutoCloseable {

    /** Most bytes of a line, its end not counted. */
    public static final int LONGEST_LINE = 1 << 20;

    private static final int BATCH_ROWS = 8_192;

    private final ComputeLedger ledger;
    private final StepLine line = new StepLine();
    private @Nullable StepBatchBuilder batch;

    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<LineFault, Long> refused = new EnumMap<>(LineFault.class);
    private final Map<String, Long> lostByStart = new HashMap<>();
    private @Nullable String firstRefusal;
    private long lines;
    private long rows;
    private long accepted;
    private long duplicates;
    private long conflicts;

    /** Makes one for a ledger, which stays the caller's to close. */
    public StepLines(ComputeLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * Takes a line, without the byte that ends it. An empty one is nothing.
     *
     * @param where what the line is called in {@link LineTotals#firstRefusal}, such as a file's name
     * @param number number of the line there, from 1
     * @throws org.flopledger.LedgerException if the ledger cannot go on
     */
    public void line(byte[] buffer, int offset, int length, String where, long number) {
        if (isBlank(buffer, offset, length)) {
            return;
        }
        lines++;
        try {
            if (length > LONGEST_LINE) {
                throw new LineException(LineFault.TOO_LONG, "has more than " + LONGEST_LINE + " bytes");
            }
            line.read(buffer, offset, length);
            take();
        } catch (LineException e) {
            refuse(e, where, number);
        }
    }

    /** Counts a line that was too long to be kept until its end. */
    void tooLong(String where, long number) {
        lines++;
        refuse(new LineException(LineFault.TOO_LONG, "has more than " + LONGEST_LINE + " bytes"), where, number);
    }

    private static boolean isBlank(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\r' && buffer[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    private void refuse(LineException fault, String where, long number) {
        refused.merge(fault.fault(), 1L, Long::sum);
        if (firstRefusal == null) {
            firstRefusal = where + ":" + number + ": " + fault.fault() + ", " + fault.getMessage();
        }
    }

    private void take() throws LineException {
        String type = line.textOrNull(LineField.TYPE);
        if (type == null || type.equals("step")) {
            StepBatchBuilder builder = batch;
            if (builder == null) {
                builder = ledger.newBatch();
                batch = builder;
            }
            StepLineRows.append(line, builder);
            lost();
            if (builder.rows() >= BATCH_ROWS) {
                flush();
            }
        } else if (type.equals("model")) {
            ModelLine.register(ledger, line);
        } else {
            throw new LineException(LineFault.UNKNOWN_WORD, "type must be step or model");
        }
    }

    /** A writer says with each line how many it has lost so far; the greatest number of a start is how many it lost. */
    private void lost() throws LineException {
        if (line.has(LineField.LOST)) {
            String start = line.text(LineField.RUN) + "\0" + line.number(LineField.ATTEMPT) + "\0"
                    + line.text(LineField.SOURCE);
            lostByStart.merge(start, Math.max(0, line.number(LineField.LOST)), Math::max);
        }
    }

    /**
     * Returns when the ledger has all lines so far, and a durable one has them on the disk.
     *
     * @throws org.flopledger.LedgerException if the ledger cannot go on
     */
    public void flush() {
        StepBatchBuilder builder = batch;
        if (builder == null || builder.rows() == 0) {
            return;
        }
        batch = null;
        try (builder;
                StepBatch built = builder.build()) {
            add(ledger.ingest(built));
        }
    }

    private void add(IngestResult result) {
        rows += result.rows();
        accepted += result.accepted();
        duplicates += result.repeats().duplicates();
        conflicts += result.repeats().conflicts();
        for (RowRejection rejection : result.rejections()) {
            rejected.merge(rejection.code(), (long) rejection.count(), Long::sum);
        }
    }

    /** Returns what became of all lines that were flushed, and of those that were refused. */
    public LineTotals totals() {
        long lost = lostByStart.values().stream().mapToLong(Long::longValue).sum();
        return new LineTotals(lines, rows, accepted, duplicates, conflicts, rejected, refused, firstRefusal, lost);
    }

    /** Frees what was not flushed; lines that it held were never acknowledged. */
    @Override
    public void close() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
    }
}
