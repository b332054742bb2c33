package org.flopledger.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.text.ShownText;

/** Starts the command line. */
public final class Main {

    private Main() {}

    /**
     * Runs one command and ends the JVM with its exit code.
     *
     * @param arguments the command's name and its arguments
     */
    public static void main(String[] arguments) {
        UnsafeNotice.silence();
        Integer restarted = Utf8Arguments.restarted();
        if (restarted != null) {
            System.exit(restarted);
        }
        var watch = new OutputStreamWatch(new FileOutputStream(FileDescriptor.out));
        // Results are UTF-8 whatever the locale says, so that a file written by a redirect reads the same everywhere.
        var out = new PrintWriter(new OutputStreamWriter(watch, StandardCharsets.UTF_8), false);
        var err = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), Charset.defaultCharset()), true);
        int status = FlopLedgerCommand.run(out, err, arguments);
        out.flush();
        String failure = watch.failure();
        if (failure != null && !watch.isReaderGone()) {
            err.println("flopledger: the result could not be written: " + ShownText.escaped(failure));
            status = ExitStatus.FAILURE.code();
        }
        err.flush();
        System.exit(status);
    }
}
