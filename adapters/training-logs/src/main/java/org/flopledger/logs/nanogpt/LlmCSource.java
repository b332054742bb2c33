package org.flopledger.logs.nanogpt;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Console output of llm.c: {@code step    1/19560 | loss 11.010252 (+nanz)| ... | 4621.47 ms | 29.2% bf16 MFU | 113446 tok/s}. */
public final class LlmCSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public LlmCSource() {
        super("llm-c", "\\bstep +\\d+/\\d+ *[|:] *(train )?loss .*\\btok/s", " tok/s");
    }

    @Override
    protected ConsoleReader reader() {
        return new LlmCReader();
    }
}
