package org.flopledger.logs;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run declares about itself, and what its files leave open. Null is not known. Immutable.
 *
 * @param worldSize processes, usually one a device, at least 1
 * @param microBatchSize sequences that one model replica takes at a time
 * @param accumulation micro batches a step and replica
 * @param dataParallel model replicas
 * @param longestSequence tokens that a sequence has at most
 * @param paddedLength tokens that each sequence may have been padded to beyond those that are counted, or null if nobody says
 * @param modelOrigin where the description of the model comes from
 * @param unknown what the files leave open
 * @param base what somebody declares the starting weights to have cost, or null
 */
public record RunSetting(
        @Nullable Long worldSize,
        @Nullable Long microBatchSize,
        @Nullable Long accumulation,
        @Nullable Long dataParallel,
        @Nullable Long longestSequence,
        @Nullable Long paddedLength,
        ModelOrigin modelOrigin,
        Set<Unknown> unknown,
        Declaration.@Nullable Base base) {

    /** Makes a setting as a log tells it: of starting weights it knows no cost. */
    public RunSetting(
            @Nullable Long worldSize,
            @Nullable Long microBatchSize,
            @Nullable Long accumulation,
            @Nullable Long dataParallel,
            @Nullable Long longestSequence,
            ModelOrigin modelOrigin,
            Set<Unknown> unknown) {
        this(worldSize, microBatchSize, accumulation, dataParallel, longestSequence, null, modelOrigin, unknown, null);
    }

    /** Copies the set. */
    public RunSetting {
        unknown = Set.copyOf(unknown);
    }

    /** Returns a setting of which only the origin of the model is known. */
    public static RunSetting of(ModelOrigin modelOrigin, Set<Unknown> unknown) {
        return new RunSetting(null, null, null, null, null, modelOrigin, unknown);
    }

    RunSetting with(ModelOrigin origin, Set<Unknown> open) {
        return new RunSetting(
                worldSize,
                microBatchSize,
                accumulation,
                dataParallel,
                longestSequence,
                paddedLength,
                origin,
                open,
                base);
    }

    /** Returns this setting with the longest sequence, where none is known. */
    RunSetting withLongest(@Nullable Long tokens) {
        return new RunSetting(
                worldSize,
                microBatchSize,
                accumulation,
                dataParallel,
                longestSequence == null ? tokens : longestSequence,
                paddedLength,
                modelOrigin,
                unknown,
                base);
    }

    RunSetting with(Declaration.@Nullable Base declared) {
        return new RunSetting(
                worldSize,
                microBatchSize,
                accumulation,
                dataParallel,
                longestSequence,
                paddedLength,
                modelOrigin,
                unknown,
                declared);
    }

    /** Returns the sequences of a step, micro batch x accumulation x replicas; null if any is not known or it is 2^63 or more. */
    public @Nullable Long stepSize() {
        if (microBatchSize == null || accumulation == null || dataParallel == null) {
            return null;
        }
        try {
            return Math.multiplyExact(Math.multiplyExact(microBatchSize, accumulation), dataParallel);
        } catch (ArithmeticException e) {
            return null;
        }
    }
}
