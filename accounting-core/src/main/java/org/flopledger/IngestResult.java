package org.flopledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.account.Repeats;
import org.flopledger.telemetry.RowRejection;

/**
 * What became of the rows of a batch. {@code accepted} and all the others add up to {@code rows}.
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
                new Repeats(
                        sum(repeats.duplicates(), later.repeats.duplicates()),
                        first(repeats.firstDuplicate(), later.repeats.firstDuplicate()),
                        sum(repeats.conflicts(), later.repeats.conflicts()),
                        first(repeats.firstConflict(), later.repeats.firstConflict())),
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
