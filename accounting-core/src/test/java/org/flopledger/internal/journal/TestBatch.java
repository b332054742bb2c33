package org.flopledger.internal.journal;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.Stage;

/** A small batch of steps, and the rows of a batch as text. */
final class TestBatch implements AutoCloseable {

    private final StepBatchBuilder builder;
    private final List<StepBatch> built = new ArrayList<>();

    TestBatch(BufferAllocator allocator) {
        builder = StepBatch.builder(allocator);
    }

    /** Adds a row; negative tokens and padding are unknown. */
    TestBatch row(String run, long step, long tokens, boolean isMoe, long padding) {
        builder.run(run)
                .attempt(0)
                .step(step)
                .source("rank-0")
                .stage(Stage.PRETRAINING)
                .moe(isMoe);
        if (tokens >= 0) {
            builder.tokens(tokens);
        }
        if (padding >= 0) {
            builder.paddingTokens(padding);
        }
        builder.append();
        return this;
    }

    TestBatch row(String run, long step, long tokens) {
        return row(run, step, tokens, step % 2 == 0, -1);
    }

    /** Returns the batch, once. */
    StepBatch build() {
        StepBatch batch = builder.build();
        built.add(batch);
        return batch;
    }

    /** Returns the batch, once, with all rows accepted. */
    JournalSteps steps() {
        return new JournalSteps(build(), null);
    }

    /** Returns the batch, once, without some rows. */
    JournalSteps stepsWithout(int... rejected) {
        StepBatch batch = build();
        AcceptMask mask = batch.validate().mask();
        for (int row : rejected) {
            mask.reject(row);
        }
        return new JournalSteps(batch, mask);
    }

    /** Returns the rows of a batch, one text each. */
    static List<String> rows(StepBatch batch) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            String text = batch.runs().get(batch.runIndex(row)) + " " + batch.step(row);
            if (batch.isKnown(StepColumn.TOKENS, row)) {
                text += " tokens=" + batch.longAt(StepColumn.TOKENS, row);
            }
            if (batch.isKnown(StepColumn.MOE, row)) {
                text += " moe=" + batch.bitAt(StepColumn.MOE, row);
            }
            if (batch.isKnown(StepColumn.PADDING_TOKENS, row)) {
                text += " padding=" + batch.longAt(StepColumn.PADDING_TOKENS, row);
            }
            rows.add(text);
        }
        return rows;
    }

    @Override
    public void close() {
        built.forEach(StepBatch::close);
        builder.close();
    }
}
