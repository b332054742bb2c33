package org.flopledger.logs.levanter;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;

/**
 * Console output of Levanter, a progress line now and then: {@code Progress on:train 1.25kit/400kit rate:2.3it/s ... postfix:loss=4.567}.
 * It tells little: its trackers tell more.
 */
public final class LevanterSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public LevanterSource() {
        super("levanter", "Progress on: ?train [\\d.]+[kM]?it/", "Progress on:");
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one log. Steps above 999 are written with three digits. Confined to one thread. */
    private static final class Reader extends OneRun {

        private static final Key PROGRESS = Key.of("Progress on:");
        private static final Key TRAIN = Key.of("train ");
        private static final Key LOSS = Key.of("loss=");
        private static final Key BATCH = Key.of("train_batch_size:");
        private static final Key LENGTH = Key.of("seq_len:");
        private static final double THOUSAND = 1e3;

        private long batch = -1;
        private long length = -1;
        private boolean rounded;
        private long last;

        Reader() {
            super(1);
        }

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            int at = TRAIN.behind(line);
            if (!PROGRESS.in(line) || at < 0) {
                batch = BATCH.in(line) ? BATCH.whole(line) : batch;
                length = LENGTH.in(line) ? LENGTH.whole(line) : length;
                return false;
            }
            long step = steps(line, at);
            if (step > last) {
                last = step;
                rows().batch(batch).sequenceLength(length);
                begin(line, PROGRESS.at(line), step).loss(LOSS.decimal(line));
                commit(line, file);
            }
            return true;
        }

        /** The unit, it, stands behind the power: 1.25kit. */
        private long steps(ConsoleLine line, int at) {
            int unit = at;
            while (line.at(unit) == '.' || (line.at(unit) >= '0' && line.at(unit) <= '9')) {
                unit++;
            }
            double power = line.at(unit) == 'k' ? THOUSAND : line.at(unit) == 'M' ? THOUSAND * THOUSAND : 1;
            rounded |= power > 1;
            double value = line.decimal(at) * power;
            return value >= 0 && value < 1L << 40 ? Math.round(value) : -1;
        }

        @Override
        protected void describe(RunEvidence.Builder run) {
            devices(run, -1, null);
            model(run, null);
            run.globalBatchSize(batch)
                    .longestSequence(length)
                    .unknown(Unknown.SEQUENCE_LENGTHS)
                    .unknown(Unknown.PRIOR);
            if (batch < 1 || length < 1) {
                run.unknown(Unknown.TOKENS).unknown(Unknown.BATCH_SIZE);
            }
            if (rounded) {
                run.warn(
                        LogWarning.Code.STEPS_ROUNDED,
                        "the log writes steps with three digits, so their number is known to 0.5 % only");
            }
        }
    }
}
