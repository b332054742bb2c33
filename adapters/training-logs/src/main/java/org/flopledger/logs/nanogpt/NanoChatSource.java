package org.flopledger.logs.nanogpt;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/**
 * Console output of nanochat, several trainings in one file: {@code step 00123/05000 (2.46%) | loss: 3.2 | ... | dt: 512.33ms | tok/sec:
 * 1,023,456 | ...}.
 */
public final class NanoChatSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public NanoChatSource() {
        super(
                "nanochat",
                "\\bstep \\d+(/\\d+)? \\(\\d+\\.\\d+%\\) \\| loss: .*tok/sec: |^Step \\d+/\\d+ \\| Training loss: ",
                "| tok/sec: ",
                "| Training loss: ");
    }

    @Override
    protected ConsoleReader reader() {
        return new NanoChatReader();
    }
}
