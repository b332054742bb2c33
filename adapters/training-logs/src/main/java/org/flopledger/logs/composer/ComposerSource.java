package org.flopledger.logs.composer;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Console output of Composer and LLM Foundry: {@code [batch=10/4800]:} and one figure in each line behind. */
public final class ComposerSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public ComposerSource() {
        super("composer", "\\[batch=\\d+(/\\d+)?\\]:", "[batch=");
    }

    @Override
    protected ConsoleReader reader() {
        return new ComposerReader();
    }
}
