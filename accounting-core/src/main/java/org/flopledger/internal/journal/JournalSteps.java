package org.flopledger.internal.journal;

import java.util.Arrays;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.telemetry.StepBatch;
import org.jspecify.annotations.Nullable;

/**
 * The accepted rows of a batch of step observations, on their way into the journal.
 *
 * <p>Holds references, no copies: append it before the batch is closed or the mask changes.
 *
 * @param batch the batch
 * @param accepted which of its rows are written, or null for all
 */
public record JournalSteps(StepBatch batch, @Nullable AcceptMask accepted) implements JournalEntry {

    /** Checks that batch and mask fit. */
    public JournalSteps {
        if (accepted != null && accepted.rows() != batch.rows()) {
            throw new IllegalArgumentException(
                    "accept mask has " + accepted.rows() + " rows, the batch has " + batch.rows());
        }
    }

    /** Returns the accepted rows in order, or null when they are all. */
    int @Nullable [] selection() {
        if (accepted == null || accepted.allAccepted(0, batch.rows())) {
            return null;
        }
        int[] selection = new int[batch.rows()];
        int count = 0;
        for (int row = 0; row < selection.length; row++) {
            if (accepted.isAccepted(row)) {
                selection[count++] = row;
            }
        }
        return Arrays.copyOf(selection, count);
    }
}
