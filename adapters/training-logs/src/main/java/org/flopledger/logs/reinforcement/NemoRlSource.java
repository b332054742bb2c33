package org.flopledger.logs.reinforcement;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;

/** Console output of NeMo-RL: {@code ==== Step 3/100 ====}, and results and timings in the lines behind. */
public final class NemoRlSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public NemoRlSource() {
        super("nemo-rl", "=== Step \\d+/\\d+ ===", "=== Step ");
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one log. A step of which no timing follows was not finished. Confined to one thread. */
    private static final class Reader extends RlReader {

        private static final Key STEP = Key.of("=== Step ");
        private static final Key TOTAL = Key.of("Total step time:");
        private static final Key GENERATION = Key.of("generation:");
        private static final Key LOG_PROBABILITIES = Key.of("policy_and_reference_logprobs:");
        private static final Key TRAINING = Key.of("policy_training:");
        private static final Key LENGTH = Key.of("Mean Generation Length:");

        private long open = -1;

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            if (STEP.in(line)) {
                close(line, file);
                begin(line, STEP.at(line));
                open = STEP.whole(line);
                return true;
            }
            return open >= 0
                    && (put(line, TOTAL, RlFigure.SECONDS)
                            || put(line, GENERATION, RlFigure.ROLLOUT)
                            || put(line, LOG_PROBABILITIES, RlFigure.BOTH_LOG_PROBABILITIES)
                            || put(line, TRAINING, RlFigure.UPDATE)
                            || put(line, LENGTH, RlFigure.ANSWER_LENGTH));
        }

        private boolean put(ConsoleLine line, Key key, RlFigure figure) {
            boolean told = key.in(line);
            if (told) {
                step().put(figure, key.decimal(line));
            }
            return told;
        }

        private void close(ConsoleLine line, LogFile file) {
            if (open >= 0) {
                commit(line, file, open);
                open = -1;
            }
        }

        @Override
        void finish() {
            if (open >= 0 && step().isTrained()) {
                rows().add(step(), open);
            }
        }
    }
}
