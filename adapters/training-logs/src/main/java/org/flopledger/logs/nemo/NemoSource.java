package org.flopledger.logs.nemo;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/**
 * Console output of NeMo: {@code Training epoch 0, iteration 9/999 | ... | global_step: 9 | consumed_samples: 5120}, and the progress bar
 * of NeMo 1, {@code global_step=99.0, consumed_samples=25600.0}.
 */
public final class NemoSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public NemoSource() {
        super(
                "nemo",
                "\\bepoch \\d+, iteration \\d+/\\d+ \\||\\bglobal_step=\\d+(\\.\\d*)?, .*\\bconsumed_samples=\\d+",
                "Training epoch ",
                "consumed_samples=");
    }

    @Override
    protected ConsoleReader reader() {
        return new NemoReader();
    }
}
