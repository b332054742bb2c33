package org.flopledger.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

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
        // Results are UTF-8 whatever the locale says, so that a file written by a redirect reads the same everywhere.
        var out = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), false);
        var err = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), Charset.defaultCharset()), true);
        int status = FlopLedgerCommand.run(out, err, arguments);
        out.flush();
        err.flush();
        // A reader that closed the pipe (such as head) got what it wanted; a full disk did not.
        System.exit(out.checkError() && status == ExitStatus.FINE.code() ? ExitStatus.FAILURE.code() : status);
    }
}
