package org.flopledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers whether a person is watching a stream. */
final class Terminal {

    /** One of the two streams a command writes to. */
    enum Stream {
        OUTPUT(1),
        ERROR(2);

        private final int descriptor;

        Stream(int descriptor) {
            this.descriptor = descriptor;
        }
    }

    private Terminal() {}

    /** Elsewhere Java tells of input and output together, and only before 22 is a console always a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean hasConsole() {
        return Runtime.version().feature() < 22 && System.console() != null;
    }

    /** Returns whether a stream ends at a terminal; false when in doubt. */
    static boolean isTerminal(Stream stream) {
        Path link = Path.of("/proc/self/fd/" + stream.descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            } catch (IOException e) {
                return false;
            }
        }
        return hasConsole();
    }
}
