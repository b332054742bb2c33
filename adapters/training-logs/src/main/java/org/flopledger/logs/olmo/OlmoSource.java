package org.flopledger.logs.olmo;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Console output of OLMo and OLMo-core: {@code [step=10/739328,epoch=0]} and one figure in each line behind. */
public final class OlmoSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public OlmoSource() {
        super("olmo", "\\[step=\\d+(/\\d+)?[,\\]]", "[step=");
    }

    @Override
    protected ConsoleReader reader() {
        return new OlmoReader();
    }
}
