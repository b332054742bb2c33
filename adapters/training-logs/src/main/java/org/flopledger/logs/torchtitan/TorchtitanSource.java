package org.flopledger.logs.torchtitan;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Console output of torchtitan: {@code step: 10  loss: 7.1  memory: 2.47GiB(3.12%)  tps: 177,138  tflops: 96.17  mfu: 9.72%}. */
public final class TorchtitanSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public TorchtitanSource() {
        super("torchtitan", "\\bstep: *\\d+ .*\\b(tps|wps): *[\\d,]+", "tps: ", "wps: ");
    }

    @Override
    protected ConsoleReader reader() {
        return new TorchtitanReader();
    }
}
