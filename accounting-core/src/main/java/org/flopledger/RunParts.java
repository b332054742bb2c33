package org.flopledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;

/** Parts a batch of very many runs, so that only some of them are looked at together. */
final class RunParts {

    private static final int UNSEEN = -1;

    private RunParts() {}

    /**
     * Returns a batch in parts, each with all accepted rows of at most so many runs, in the order in which the runs first
     * occur. A batch of no more runs is its only part.
     */
    static List<Validation> of(Validation validation, int mostRuns) {
        StepBatch batch = validation.batch();
        int[] numbers = new int[batch.runs().size()];
        Arrays.fill(numbers, UNSEEN);
        int runs = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (validation.mask().isAccepted(row) && numbers[batch.runIndex(row)] == UNSEEN) {
                numbers[batch.runIndex(row)] = runs++;
            }
        }
        if (runs <= mostRuns) {
            return List.of(validation);
        }
        List<Validation> parts = new ArrayList<>();
        for (int from = 0; from < runs; from += mostRuns) {
            parts.add(part(validation, numbers, from, from + mostRuns));
        }
        return parts;
    }

    /** Takes out of a batch the rows that its parts, to which each accepted row belonged, have rejected since. */
    static void join(Validation validation, List<Validation> parts) {
        long[] accepted = new long[validation.mask().bits().length];
        for (Validation part : parts) {
            long[] bits = part.mask().bits();
            for (int word = 0; word < bits.length; word++) {
                accepted[word] |= bits[word];
            }
        }
        validation.mask().retain(accepted);
    }

    private static Validation part(Validation validation, int[] numbers, int from, int to) {
        StepBatch batch = validation.batch();
        AcceptMask mask = validation.mask().copy();
        for (int row = 0; row < batch.rows(); row++) {
            if (mask.isAccepted(row)) {
                int number = numbers[batch.runIndex(row)];
                if (number < from || number >= to) {
                    mask.reject(row);
                }
            }
        }
        return validation.withMask(mask);
    }
}
