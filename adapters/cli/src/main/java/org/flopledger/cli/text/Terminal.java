package org.flopledger.cli.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers whether a person is watching a stream. */
public final class Terminal {

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

    /** Returns how many columns results may take: those of the terminal, or any number where nobody watches. */
    public static int width() {
        String said = System.getenv("COLUMNS");
        if (said != null && said.matches("[1-9]\\d{0,5}")) {
            return Integer.parseInt(said);
        }
        return isTerminal(Stream.OUTPUT) ? ofDevice() : TextGrid.UNBOUNDED;
    }

    /** The size of a terminal can be asked of stty alone, without native code. */
    private static int ofDevice() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .start();
            String[] size = new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            return size.length == 2 && size[1].matches("[1-9]\\d{0,5}")
                    ? Integer.parseInt(size[1])
                    : TextGrid.UNBOUNDED;
        } catch (IOException e) {
            return TextGrid.UNBOUNDED;
        }
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
