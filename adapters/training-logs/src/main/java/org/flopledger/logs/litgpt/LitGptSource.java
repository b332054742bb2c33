package org.flopledger.logs.litgpt;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;

/** Console output of LitGPT: {@code Epoch 1 | iter 4 step 2 | loss train: 10.995, val: n/a | iter time: 123.45 ms (step)}. */
public final class LitGptSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public LitGptSource() {
        super("litgpt", "\\biter \\d+ step \\d+\\b.*\\bloss\\b", "iter time:");
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one log. A line tells a micro batch; the step it names is made when it is followed by a mark. Confined to one thread. */
    private static final class Reader extends OneRun {

        private static final Key ITERATION = Key.of("iter ");
        private static final Key STEP = Key.of(" step ");
        private static final Key LOSS = Key.of("loss train:");
        private static final Key TIME = Key.of("iter time:");
        private static final Key BATCH = Key.of("global_batch_size=");
        private static final Key MICRO = Key.of("micro_batch_size=");
        private static final Key LENGTH = Key.of("max_seq_length=");
        private static final Key DEVICES = Key.of("'devices':");

        private long last;
        private long batch = -1;
        private long micro = -1;
        private long length = -1;
        private long devices = -1;

        Reader() {
            super(1);
        }

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            if (!TIME.in(line) || !ITERATION.in(line) || !STEP.in(line)) {
                return setting(line);
            }
            long step = STEP.whole(line);
            if (step > 0 && step != last) {
                last = step;
                rows().batch(batch);
                begin(line, ITERATION.at(line), step).loss(LOSS.decimal(line));
                commit(line, file);
            }
            return true;
        }

        private boolean setting(ConsoleLine line) {
            batch = BATCH.in(line) ? BATCH.whole(line) : batch;
            micro = MICRO.in(line) ? MICRO.whole(line) : micro;
            length = LENGTH.in(line) ? LENGTH.whole(line) : length;
            devices = DEVICES.in(line) ? DEVICES.whole(line) : devices;
            return false;
        }

        @Override
        protected void describe(RunEvidence.Builder run) {
            devices(run, devices, null);
            model(run, null);
            // Pre-training fills every sequence; fine-tuning pads to the longest of a batch, and the lines do not tell
            // which it is.
            run.globalBatchSize(batch)
                    .microBatchSize(micro)
                    .longestSequence(length)
                    .unknown(Unknown.TOKENS)
                    .unknown(Unknown.SEQUENCE_LENGTHS)
                    .unknown(Unknown.PRIOR);
            if (batch < 1) {
                run.unknown(Unknown.BATCH_SIZE);
            }
        }
    }
}
