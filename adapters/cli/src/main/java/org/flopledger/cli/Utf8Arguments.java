package org.flopledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.cli.options.ExitStatus;
import org.jspecify.annotations.Nullable;

/**
 * Starts the command again in a UTF-8 locale where the locale has lost letters of the arguments.
 *
 * <p>Under {@code LC_ALL=C} the JVM decodes arguments and encodes file names as ASCII, for good: neither the letters that were typed nor
 * a file of that name can be had from inside. The bytes of the arguments are still in {@code /proc}; a shell passes them on
 * unchanged, to a JVM with the same arguments and a locale that knows them. Elsewhere nothing happens.
 */
final class Utf8Arguments {

    private static final Path BYTES = Path.of("/proc/self/cmdline");
    private static final String MARK = "FLOPLEDGER_UTF8";
    private static final int FIRST_NOT_ASCII = 0x80;

    private Utf8Arguments() {}

    /** Returns the exit code of the command that was started instead of this one, or null if this one is to go on. */
    static @Nullable Integer restarted() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (encoding.equalsIgnoreCase("UTF-8") || System.getenv(MARK) != null || !Files.isReadable(BYTES)) {
            return null;
        }
        try {
            byte[] bytes = Files.readAllBytes(BYTES);
            return isAscii(bytes) ? null : run(script(bytes));
        } catch (IOException e) {
            // Without a shell the arguments stay as the locale left them, and a message names the file that is not
            // there.
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILURE.code();
        }
    }

    private static int run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("/bin/sh", "-c", script).inheritIO();
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put(MARK, "1");
        return builder.start().waitFor();
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns a script of ASCII letters that starts a command of any bytes; each ends with an x, since a shell drops line ends. */
    static String script(byte[] commandLine) {
        List<String> words = new ArrayList<>();
        var word = new StringBuilder();
        for (byte each : commandLine) {
            if (each == 0) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(String.format("\\%03o", each & (2 * FIRST_NOT_ASCII - 1)));
            }
        }
        var script = new StringBuilder();
        var command = new StringBuilder("exec");
        for (int i = 0; i < words.size(); i++) {
            script.append("a%1$d=$(printf '%2$sx'); a%1$d=${a%1$d%%x}%n".formatted(i, words.get(i)));
            command.append(" \"$a").append(i).append('"');
        }
        return script.append(command).toString();
    }
}
