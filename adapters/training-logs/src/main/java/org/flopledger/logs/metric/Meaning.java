package org.flopledger.logs.metric;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a column, tag or metric of a tracker means. The label is what a mapping file writes. */
public enum Meaning {
    /** Number of the optimizer step that a row tells of. */
    STEP(false),
    /** Number of the epoch that a row tells of, whole or with a fraction. */
    EPOCH(false),
    /** When a row was written. */
    TIME(false),
    /** Time since the start of the process. */
    ELAPSED(false),
    /** Something that is written when the model was trained, such as a loss; its value is not kept. */
    PROGRESS(true),
    /** Something that is written when the model was evaluated; its value is not kept. */
    EVALUATION(false),
    /** Tokens that went through the model. */
    TOKENS(true),
    /** Sequences, or samples of another kind, that went through the model. */
    SEQUENCES(true),
    /** What the trainer says that it cost, a claim. */
    REPORTED_FLOP(false),
    /** Devices or processes that worked. */
    DEVICES(false),
    /** Sequences that one process takes at a time. */
    MICRO_BATCH(false),
    /** Micro batches a step. */
    ACCUMULATION(false),
    /** Sequences of a step over all processes. */
    GLOBAL_BATCH(false),
    /** Tokens that a sequence has at most. */
    LONGEST_SEQUENCE(false),
    /** Which run a row belongs to. */
    RUN(false),
    /** Name of the metric that a row tells, in a table with one value a row. */
    NAME(false),
    /** Value of the metric that a row tells, in a table with one value a row. */
    VALUE(false),
    /** Known, and of no use here. */
    IGNORED(false);

    private final boolean ticks;

    Meaning(boolean ticks) {
        this.ticks = ticks;
    }

    /** Returns whether it being written at a step means that the step was trained. */
    boolean ticks() {
        return ticks;
    }

    /** Returns the name as a mapping file writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the meaning with a label, or null. */
    static @Nullable Meaning labelled(String label) {
        for (Meaning meaning : values()) {
            if (meaning.label().equals(label)) {
                return meaning;
            }
        }
        return null;
    }
}
