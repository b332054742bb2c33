package org.flopledger.logs.maxtext;

import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleSource;

/** Console output of MaxText: {@code completed step: 9, seconds: 5.667, TFLOP/s/device: 134.924, Tokens/s/device: 8672.758, ...}. */
public final class MaxTextSource extends ConsoleSource {

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MaxTextSource() {
        super("maxtext", "\\bcompleted step: *\\d+, seconds: ", "completed step:");
    }

    @Override
    protected ConsoleReader reader() {
        return new MaxTextReader();
    }
}
