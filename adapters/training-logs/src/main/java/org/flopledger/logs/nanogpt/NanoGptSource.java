package org.flopledger.logs.nanogpt;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Console output of nanoGPT: {@code iter 10: loss 4.6810, time 52.57ms, mfu 7.09%}. */
public final class NanoGptSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public NanoGptSource() {
        super("nanogpt", "^(\\W*\\w{0,20}\\W*)?iter \\d+: loss \\S+", ": loss ");
    }

    @Override
    protected ConsoleReader reader() {
        return new NanoGptReader();
    }
}
