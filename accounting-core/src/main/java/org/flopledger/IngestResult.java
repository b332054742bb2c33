package org.flopledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.internal.history.StepRepeats;
import org.flopledger.telemetry.RowRejection;

/**
 * What became of the rows of a batch. {@code accepted} and all the others add up to {@code rows}.
 *
 * <p>What {@code ComputeLedger.ingest} returns: a sender of batches reads here which rows to mend and which rules to look at.
 * Immutable.
 *
 * @param rows rows of the batch
 * @param accepted rows that now count
 * @param rejections rows that were refused, by column and reason; those of reason IMPLAUSIBLE are held without their figures
 * @param repeats rows that repeated an observation, with the same content or another; they do not count again
 * @param findings what rules found because of this batch, in order
 */
public record IngestResult(
        int rows, int accepted, List<RowRejection> rejections, Repeats repeats, List<RunFinding> findings) {

    static final IngestResult NOTHING = new IngestResult(0, 0, List.of(), Repeats.NONE, List.of());

    /**
     * How many rows of a batch were observed before.
     *
     * @param duplicates rows that repeat an observation with the same content
     * @param firstDuplicate the first of them, or -1
     * @param conflicts rows that repeat the key of an observation with other content; the first one stays
     * @param firstConflict the first of them, or -1
     */
    public record Repeats(int duplicates, int firstDuplicate, int conflicts, int firstConflict) {

        static final Repeats NONE = new Repeats(0, -1, 0, -1);

        static Repeats of(StepRepeats found) {
            return new Repeats(found.duplicates(), found.firstDuplicate(), found.conflicts(), found.firstConflict());
        }

        /** Returns the repeats of this and a later batch. Counts end at 2^31 - 1. */
        Repeats plus(Repeats later) {
            return new Repeats(
                    sum(duplicates, later.duplicates),
                    first(firstDuplicate, later.firstDuplicate),
                    sum(conflicts, later.conflicts),
                    first(firstConflict, later.firstConflict));
        }
    }

    /** Copies the lists. */
    public IngestResult {
        rejections = List.copyOf(rejections);
        findings = List.copyOf(findings);
    }

    /**
     * Returns what became of this batch and of a later one together. Counts end at 2^31 - 1; first rows are those of the first
     * batch that has one.
     */
    IngestResult plus(IngestResult later) {
        List<RunFinding> allFindings = findings;
        if (!later.findings.isEmpty()) {
            allFindings = new ArrayList<>(findings);
            allFindings.addAll(later.findings);
        }
        Map<String, RowRejection> allRejections = new LinkedHashMap<>();
        for (List<RowRejection> some : List.of(rejections, later.rejections)) {
            some.forEach(rejection -> allRejections.merge(rejection.code(), rejection, IngestResult::sum));
        }
        return new IngestResult(
                sum(rows, later.rows),
                sum(accepted, later.accepted),
                List.copyOf(allRejections.values()),
                repeats.plus(later.repeats),
                allFindings);
    }

    private static RowRejection sum(RowRejection a, RowRejection b) {
        return new RowRejection(a.column(), a.reason(), sum(a.count(), b.count()), a.firstRow());
    }

    private static int sum(int a, int b) {
        return (int) Math.min((long) a + b, Integer.MAX_VALUE);
    }

    private static int first(int row, int later) {
        return row < 0 ? later : row;
    }
}
