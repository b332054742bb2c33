package org.flopledger.logs.reinforcement;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.LineFields;
import org.flopledger.logs.console.Words;

/** Console output of verl: {@code step:72 - perf/mfu/actor:0.37 - ... - perf/total_num_tokens:67965 - ...}. */
public final class VerlSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public VerlSource() {
        super("verl", "\\bstep:\\d+ - [\\w@/().-]+:", "training/global_step:", "timing_s/step:");
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one log; a tracker's copy may have cut long lines. Confined to one thread. */
    private static final class Reader extends RlReader {

        private static final Key STEP = Key.of("step:");
        private static final Key DASH = Key.of(" - ");
        private static final Key EPOCHS = Key.of("'ppo_epochs':");
        private static final Key DEVICES = Key.of("'n_gpus_per_node':");

        private static final Key UNPADDED = Key.of("'use_remove_padding': True");
        private static final Key PADDED = Key.of("'use_remove_padding': False");
        private static final Key PROMPT = Key.of("'max_prompt_length':");
        private static final Key ANSWER = Key.of("'max_response_length':");

        private final LineFields fields = new LineFields(' ');
        private long perNode = -1;
        private boolean unpadded;
        private boolean padded;

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            int at = STEP.at(line);
            int number = at + "step:".length();
            int behind = at < 0 ? at : line.skipDigits(number);
            boolean told = at >= 0 && behind > number && DASH.at(line) == behind;
            if (!told) {
                return setting(line);
            }
            begin(line, at);
            fields.over(line, behind);
            Words words = VerlNames.NAMES.words();
            for (int name = fields.next(words); name != Words.NONE; name = fields.next(words)) {
                // A line that was cut may end in the middle of a figure.
                if (fields.valueTo() < line.to() || isWhole(line)) {
                    step().put(VerlNames.NAMES.meaning(name), fields.wrapped());
                }
            }
            commit(line, file, line.whole(number));
            return true;
        }

        /** W&amp;B cuts lines at 4096 characters. */
        private static boolean isWhole(ConsoleLine line) {
            return line.to() - line.from() != 4096;
        }

        private boolean setting(ConsoleLine line) {
            boolean known = lengths(line);
            if (EPOCHS.in(line)) {
                rows().updates(EPOCHS.whole(line));
                known = true;
            }
            if (DEVICES.in(line)) {
                perNode = DEVICES.whole(line);
                known = true;
            }
            return known;
        }

        private boolean lengths(ConsoleLine line) {
            unpadded |= UNPADDED.in(line);
            padded |= PADDED.in(line);
            rows().longest(PROMPT.whole(line), ANSWER.whole(line));
            return UNPADDED.in(line) || PADDED.in(line) || PROMPT.in(line) || ANSWER.in(line);
        }

        @Override
        void finish() {
            if (unpadded && !padded) {
                rows().areUnpadded();
            }
        }

        @Override
        void describe(RunEvidence.Builder run) {
            if (perNode > 0 && Double.isNaN(step().devices())) {
                run.warn(
                        LogWarning.Code.DEVICES_OF_A_NODE,
                        "the settings name " + perNode + " devices of a node, and no line tells all");
            }
        }
    }
}
