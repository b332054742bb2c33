package org.flopledger.telemetry;

import java.util.List;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.internal.kernel.BlockSummaries;

/**
 * What validation found in a batch: the rows that count, and the others by reason. Never throws for a bad row.
 *
 * <p>The mask may be narrowed further (duplicates); everything else is fixed. Valid while the batch is open.
 *
 * <p>{@link StepBatch#validate} returns it; a ledger does that itself for each batch. Not thread-safe.
 */
public final class Validation {

    private final StepBatch batch;
    private final AcceptMask mask;
    private final List<RowRejection> rejections;
    private final BlockSummaries blocks;

    Validation(StepBatch batch, AcceptMask mask, List<RowRejection> rejections, BlockSummaries blocks) {
        this.batch = batch;
        this.mask = mask;
        this.rejections = List.copyOf(rejections);
        this.blocks = blocks;
    }

    /** Returns the batch. */
    public StepBatch batch() {
        return batch;
    }

    /** Returns whether a row counts. */
    public boolean isAccepted(int row) {
        return mask.isAccepted(row);
    }

    /** Returns the rows that count; the ledger takes more out before the batch is folded. No API. */
    public AcceptMask mask() {
        return mask;
    }

    /** Returns the same findings with another mask, such as a copy from which rows were taken out. */
    public Validation withMask(AcceptMask other) {
        if (other.rows() != batch.rows()) {
            throw new IllegalArgumentException("mask has " + other.rows() + " rows, batch has " + batch.rows());
        }
        return new Validation(batch, other, rejections, blocks);
    }

    /** Returns the rejections in column order, one entry a column and reason. */
    public List<RowRejection> rejections() {
        return rejections;
    }

    /** Returns the number of rows that validation rejected; accepted and rejected rows add up to all rows. */
    public int rejected() {
        return rejections.stream().mapToInt(RowRejection::count).sum();
    }

    /** Returns what validation learned about each block of rows. For the fold; no API. */
    public BlockSummaries blocks() {
        return blocks;
    }
}
