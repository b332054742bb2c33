package org.flopledger.logs.megatron;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Figures;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.StepRow;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/**
 * The {@code progress.txt} that Megatron writes with {@code --log-progress}: jobs that start and checkpoints they save, with tokens and
 * FLOP since the run began. What ran behind a job's last checkpoint is in no line.
 */
public final class MegatronProgressSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MegatronProgressSource() {
        super("megatron-progress", "\\tJob ID: [^\\t]*\\t# GPUs: \\d+\\t", "\tJob ID: ");
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one file. Confined to one thread. */
    private static final class Reader extends OneRun {

        private static final Key JOB = Key.of("\tJob ID: ");
        private static final Key DEVICES = Key.of("\t# GPUs: ");
        private static final Key STARTING = Key.of("\tStarting job");
        private static final Key ITERATION = Key.of("\tIteration: ");
        private static final Key TOKENS = Key.of("Tokens (in billions): ");
        private static final Key FLOP = Key.of("Floating-point operations: ");
        private static final double BILLION = 1e9;
        private static final double MOST_FLOP = 1e34;

        private long devices = -1;
        private long saved;
        private double flop;

        Reader() {
            super(1);
        }

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            if (!JOB.in(line) || !DEVICES.in(line)) {
                return false;
            }
            devices = DEVICES.whole(line);
            if (STARTING.in(line)) {
                resumesAfter(line, saved);
            } else if (ITERATION.in(line) && TOKENS.in(line)) {
                row(line, file);
            }
            return true;
        }

        private void row(ConsoleLine line, LogFile file) {
            long iteration = ITERATION.whole(line);
            if (rows().rows() == 0) {
                resumesAfter(line, 0);
            }
            StepRow row = begin(line, line.from(), iteration);
            row.tokensSoFar(Figures.wholeOf(BILLION * TOKENS.decimal(line)));
            saved = Math.max(0, iteration);
            flop = FLOP.in(line) ? FLOP.decimal(line) : flop;
            commit(line, file);
        }

        @Override
        protected void describe(RunEvidence.Builder run) {
            devices(run, devices, null);
            model(run, null);
            run.stage(Stage.PRETRAINING)
                    .unknown(Unknown.LOST_STEPS)
                    .unknown(Unknown.SEQUENCE_LENGTHS)
                    .unknown(Unknown.PRIOR)
                    .warn(
                            LogWarning.Code.COUNTS_ROUNDED,
                            "tokens are written in hundredths of a billion, FLOP with three digits");
            if (flop >= 1 && flop < MOST_FLOP) {
                run.reportedFlop(FlopCount.of(
                        new BigDecimal(flop).setScale(0, RoundingMode.HALF_EVEN).toBigInteger()));
            }
        }
    }
}
