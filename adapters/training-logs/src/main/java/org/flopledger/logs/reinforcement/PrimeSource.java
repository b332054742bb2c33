package org.flopledger.logs.reinforcement;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;

/**
 * Console output of prime-rl's trainer: {@code Step 5 | 12.3s | Loss: 0.1 | Throughput 51234 tokens/s | MFU 31.2% | Peak Mem. ...}. The
 * speed counts padding and is rounded, so the tokens of a step are not known from it.
 */
public final class PrimeSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public PrimeSource() {
        super("prime-rl", "\\bStep \\d+ \\| .*Throughput:? [\\d,.]+ tokens/s", "Throughput");
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one log. Confined to one thread. */
    private static final class Reader extends RlReader {

        private static final Key STEP = Key.of("Step ");
        private static final Key SPEED = Key.of("Throughput");
        private static final Key UNIT = Key.of("tokens/s");

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            int at = STEP.at(line);
            boolean told = at >= 0 && SPEED.at(line) > at && UNIT.in(line);
            long number = told ? STEP.whole(line) : -1;
            if (number < 0) {
                return false;
            }
            begin(line, at);
            int seconds = line.skipDigits(STEP.behind(line));
            while (line.at(seconds) == ' ' || line.at(seconds) == '|') {
                seconds++;
            }
            step().put(RlFigure.TRAINED, 1);
            step().put(RlFigure.SECONDS, line.decimal(seconds));
            rows().phasesAreMixed();
            commit(line, file, number);
            return true;
        }

        @Override
        void describe(RunEvidence.Builder run) {
            run.warn(
                    LogWarning.Code.MFU_OF_ANOTHER_DEVICE,
                    "prime-rl takes the peak of an A100 for devices that it does not know, so its MFU is not used");
        }
    }
}
