package org.flopledger.logs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.logs.scan.BoundedStream;

/**
 * Standard input as a file: formats look at a file more than once, so what comes is kept in a temporary file until the program ends.
 * Stateless.
 */
final class StandardInput {

    /** The path that means it. */
    static final Path NAME = Path.of("-");

    /** How it is shown: in a folder of its own, so that no file of the working directory is taken for one beside it. */
    static final Path SHOWN = Path.of("standard-input", "log");

    /** Bytes that are kept at most. */
    static final long MOST = 1L << 32;

    private StandardInput() {}

    /** Returns the file that holds everything that came, one byte more than {@link #MOST} if there was more. */
    static Path spooled() throws IOException {
        Path file = Files.createTempFile("flopledger-", ".input");
        file.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(file)) {
            new BoundedStream(System.in, MOST + 1).transferTo(out);
        }
        return file;
    }
}
