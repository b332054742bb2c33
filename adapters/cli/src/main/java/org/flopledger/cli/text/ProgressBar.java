package org.flopledger.cli.text;

import java.io.PrintWriter;
import org.flopledger.logs.ReadProgress;

/** Shows on a terminal how far reading has come, and wipes itself out at the end. Silent where nobody watches. */
public final class ProgressBar implements ReadProgress, AutoCloseable {

    private static final int WIDTH = 30;
    private static final int LINE = 80;

    private final PrintWriter err;
    private final boolean shown;
    private long percentDrawn = -1;

    private ProgressBar(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    /** Returns a bar that is shown if standard error is a terminal. */
    public static ProgressBar on(PrintWriter err) {
        // It moves the cursor on purpose.
        PrintWriter terminal = err instanceof EscapingWriter escaping ? escaping.unescaped() : err;
        return new ProgressBar(terminal, Terminal.isTerminal(Terminal.Stream.ERROR));
    }

    @Override
    public void onFile(long done, long files) {
        long percent = 100 * done / files;
        if (shown && percent != percentDrawn) {
            int full = (int) (WIDTH * done / files);
            err.print("\r[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + done + " of " + files + " files");
            err.flush();
            percentDrawn = percent;
        }
    }

    @Override
    public void close() {
        if (shown) {
            err.print("\r" + " ".repeat(LINE) + "\r");
            err.flush();
        }
    }
}
