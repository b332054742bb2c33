package org.flopledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second Java with a heap of its own, for what a test may not do with the heap of the build. */
final class ChildProcess {

    private ChildProcess() {}

    /** Runs a main class with this class path until it ends, and returns what it printed, line by line. */
    static List<String> run(Path scratch, int heapMegabytes, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile(scratch, "errors", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process child =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = child.waitFor();
        if (exit != 0) {
            throw new AssertionError("the child ended with " + exit + ": " + Files.readString(errors));
        }
        return output.lines().toList();
    }
}
