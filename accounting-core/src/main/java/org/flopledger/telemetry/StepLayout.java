package org.flopledger.telemetry;

import org.flopledger.units.FlopCount;

/** How a recorded step lies in {@value StepBuffer#LONGS} numbers: which are known, its keys, then one number a figure. */
final class StepLayout {

    /** A bit for each figure that was set. */
    static final int KNOWN = 0;

    /** Index of the handle by which it was recorded. */
    static final int RUN = 1;

    static final int STEP = 2;
    static final int TOKENS = 3;
    static final int PADDING = 4;
    static final int SEQUENCES = 5;
    static final int SQUARED = 6;
    static final int STARTED = 7;
    static final int ENDED = 8;
    static final int DEVICES = 9;
    static final int DEVICE_SECONDS = 10;
    static final int UTILISATION = 11;
    static final int JOULES = 12;

    /** Lower 64 bits; the upper ones follow. */
    static final int REPORTED = 13;

    static final int GENERATED = 15;

    /** Number of the thread that recorded it, until it is taken. */
    static final int THREAD = 16;

    /** Attempt of the run, once it was taken. */
    static final int ATTEMPT = THREAD;

    private StepLayout() {}

    /** Appends the step that lies at a place as a row; run, attempt, source, stage and model are set already. */
    static void append(StepBatchBuilder builder, long[] values, int at) {
        long known = values[at + KNOWN];
        builder.step(values[at + STEP]);
        for (int field = TOKENS; field <= GENERATED; field++) {
            if ((known >>> field & 1) != 0) {
                append(builder, field, values, at);
            }
        }
        builder.append();
    }

    private static void append(StepBatchBuilder builder, int field, long[] values, int at) {
        long value = values[at + field];
        switch (field) {
            case TOKENS -> builder.tokens(value);
            case PADDING -> builder.paddingTokens(value);
            case SEQUENCES -> builder.sequences((int) value);
            case SQUARED -> builder.squaredLengths(value);
            case STARTED -> builder.startedAtMicros(value);
            case ENDED -> builder.endedAtMicros(value);
            case DEVICES -> builder.devices((int) value);
            case DEVICE_SECONDS -> builder.deviceSeconds(Double.longBitsToDouble(value));
            case UTILISATION -> builder.utilisation(Double.longBitsToDouble(value));
            case JOULES -> builder.energyJoules(Double.longBitsToDouble(value));
            case GENERATED -> builder.generatedTokens(value);
            case REPORTED -> builder.reportedFlop(FlopCount.ofBits(values[at + REPORTED + 1], value));
            default -> throw new IllegalStateException("no field " + field);
        }
    }
}
