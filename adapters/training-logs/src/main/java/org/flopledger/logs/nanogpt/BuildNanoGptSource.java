package org.flopledger.logs.nanogpt;

import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;

/** The short log of build-nanogpt, a step and a loss a line: {@code 12 train 9.482910}. */
public final class BuildNanoGptSource extends ConsoleSource {

    private static final String LINE = "\\A\\s*(\\d+ (train|val|hella) [-+.\\dnaNinf]+\\s+){2}";

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public BuildNanoGptSource() {
        super("build-nanogpt", LINE, " train ");
    }

    /** Nothing of the short log is rare enough to look for it in other texts. */
    @Override
    public List<byte[]> markers() {
        return List.of();
    }

    @Override
    public Recognition recognise(LogHead head) {
        return super.recognise(head) == Recognition.NO ? Recognition.NO : Recognition.LIKELY;
    }

    @Override
    protected ConsoleReader reader() {
        return new Reader();
    }

    /** Reads one file; steps count from 0. Confined to one thread. */
    private static final class Reader extends OneRun {

        private static final Key TRAIN = Key.of(" train ");

        Reader() {
            super(0);
        }

        @Override
        protected boolean line(ConsoleLine line, LogFile file) {
            int at = TRAIN.at(line);
            if (at < 0 || line.skipDigits(line.from()) != at) {
                return false;
            }
            begin(line, line.from(), line.whole(line.from())).loss(TRAIN.decimal(line));
            commit(line, file);
            return true;
        }

        @Override
        protected void describe(RunEvidence.Builder run) {
            devices(run, -1, null);
            model(run, null);
            run.unknown(Unknown.TOKENS)
                    .unknown(Unknown.BATCH_SIZE)
                    .unknown(Unknown.SEQUENCE_LENGTHS)
                    .unknown(Unknown.PRIOR);
        }
    }
}
