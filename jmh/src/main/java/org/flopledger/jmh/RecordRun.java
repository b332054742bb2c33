package org.flopledger.jmh;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepRecorder;
import org.flopledger.units.Stage;

/** What the recorder benchmarks time: steps of one run, recorded one by one, and the snapshot that empties the recorder. */
public final class RecordRun implements AutoCloseable {

    /** Steps from one snapshot to the next: two buffers of them fit into the heap of the scoreboard. */
    public static final int STEPS = 1 << 19;

    private final BufferAllocator allocator = new RootAllocator();
    private final StepRecorder recorder = new StepRecorder(STEPS, () -> {});
    private final StepRecorder.Run run = recorder.run("orion", 0, "rank-0", Stage.PRETRAINING, "kite");

    /** Records as many steps as the recorder has room for. */
    public void recordSteps() {
        for (int step = 0; step < STEPS; step++) {
            run.step(step).sequences(512, 8192).record();
        }
    }

    /** Returns what was recorded since the last snapshot; close it. */
    public StepBatch snapshot() {
        return recorder.snapshot(allocator);
    }

    @Override
    public void close() {
        allocator.close();
    }
}
