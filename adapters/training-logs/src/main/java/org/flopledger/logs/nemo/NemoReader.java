package org.flopledger.logs.nemo;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.LineFields;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.StepRow;
import org.flopledger.logs.console.Words;

/** Reads one log of NeMo; steps count from 0, samples are those behind the step. Confined to one thread. */
final class NemoReader extends OneRun {

    private static final Key ITERATION = Key.of(", iteration ");
    private static final Key EPOCH = Key.of("raining epoch ");
    private static final Key BAR_STEP = Key.of("global_step=");
    private static final Key CONSUMED = Key.of("consumed_samples=");
    private static final Key LENGTH = Key.of("seq_length");
    private static final Key PACKED = Key.of("packed_sequence_size");
    private static final Key DEVICES = Key.of("world size:");
    private static final Words NAMES = Words.of(
            "global_step",
            "global_batch_size",
            "consumed_samples",
            "train_step_timing in s",
            "reduced_train_loss",
            "total_tokens");

    private final LineFields bars = new LineFields('|');
    private final LineFields commas = new LineFields(',');
    private long length = -1;
    private long batch = -1;
    private long world = -1;
    private boolean packed;
    private long last = -1;

    NemoReader() {
        super(0);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        if (EPOCH.in(line) && ITERATION.in(line)) {
            int at = ITERATION.at(line);
            row(line, file, bars, at, ITERATION.whole(line));
            return true;
        } else if (BAR_STEP.in(line) && CONSUMED.in(line)) {
            row(line, file, commas, BAR_STEP.at(line), BAR_STEP.whole(line));
            return true;
        }
        return setting(line);
    }

    private void row(ConsoleLine line, LogFile file, LineFields fields, int at, long iteration) {
        long step = iteration;
        // A progress bar is drawn again and again.
        for (int name = fields.over(line, at).next(NAMES); name != Words.NONE; name = fields.next(NAMES)) {
            step = name == 0 ? fields.whole() : step;
        }
        if (step == last) {
            return;
        }
        last = step;
        StepRow row = begin(line, at, step);
        for (int name = fields.over(line, at).next(NAMES); name != Words.NONE; name = fields.next(NAMES)) {
            switch (name) {
                case 1 -> batch = fields.whole();
                case 2 -> row.samplesSoFar(fields.whole());
                case 3 -> row.seconds(fields.decimal());
                case 4 -> row.loss(fields.decimal());
                default -> {
                    // Tokens are those of one process in some versions and of all in others.
                }
            }
        }
        rows().batch(batch).sequenceLength(packed ? -1 : length);
        commit(line, file);
    }

    private boolean setting(ConsoleLine line) {
        if (length < 0 && LENGTH.in(line)) {
            length = LENGTH.whole(line);
        }
        packed |= PACKED.whole(line) > 0;
        world = DEVICES.in(line) ? Math.max(world, DEVICES.whole(line)) : world;
        return false;
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, world, null);
        model(run, null);
        run.globalBatchSize(batch)
                .longestSequence(length)
                .unknown(Unknown.PRIOR)
                .unknown(Unknown.SEQUENCE_LENGTHS);
        if (length < 1) {
            run.unknown(Unknown.TOKENS);
        }
    }
}
