package org.flopledger.logs.megatron;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/**
 * Console output of Megatron-LM since 2019 and of what is made of it: Megatron-DeepSpeed, Megatron-Core, Primus. One line a log
 * interval, its fields divided by bars.
 */
public final class MegatronSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MegatronSource() {
        super("megatron", "(?<!epoch \\d{1,9}, )\\biteration[ =]+\\d+ */ *(\\d+|infinity) *\\|", MegatronLine.MARKER);
    }

    @Override
    protected ConsoleReader reader() {
        return new MegatronReader();
    }
}
