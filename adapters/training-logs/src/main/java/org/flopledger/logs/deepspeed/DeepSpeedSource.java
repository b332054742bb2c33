package org.flopledger.logs.deepspeed;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** DeepSpeed's own lines, where the trainer above it prints none that tell more. */
public final class DeepSpeedSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public DeepSpeedSource() {
        super(
                "deepspeed",
                "\\[Rank \\d+\\] step=\\d+, skipped=\\d+|epoch=\\d+/micro_step=\\d+/global_step=\\d+",
                "] step=",
                "/global_step=");
    }

    @Override
    protected ConsoleReader reader() {
        return new DeepSpeedReader();
    }
}
