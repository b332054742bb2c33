package org.flopledger;

import java.util.List;
import org.flopledger.account.AccountBook;
import org.flopledger.telemetry.Rejection;

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
        int rows, int accepted, List<Rejection> rejections, AccountBook.Repeats repeats, List<RunFinding> findings) {

    /** Copies the lists. */
    public IngestResult {
        rejections = List.copyOf(rejections);
        findings = List.copyOf(findings);
    }
}
