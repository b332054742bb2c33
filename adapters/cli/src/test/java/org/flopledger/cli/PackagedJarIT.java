package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The executable jar, started as a user starts it: plain {@code java -jar}, no flag. The build runs this on the newest and on
 * the oldest supported JDK against the same golden file, so both give the same bytes.
 */
class PackagedJarIT {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Path JAR = Path.of("target", "flopledger.jar").toAbsolutePath();
    private static final String JAVA = ProcessHandle.current().info().command().orElseThrow();
    private static final int SEGMENTS_SINCE = 25;

    @TempDir
    private Path temporary;

    private record Ended(int status, String out, String err) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void saysWhichKernelsItUsesOnThisJava() throws Exception {
        Ended ended = run("--version");

        String form = Runtime.version().feature() >= SEGMENTS_SINCE ? "segment" : "scalar";
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("Kernels " + form);
    }

    @Test
    void givesTheSameBytesOnEveryJava() throws Exception {
        Ended ended = run("analyze", "samples/logs", "--output", "json");

        Path golden = Path.of("src", "test", "resources", "golden", "sample-analysis.json");
        assertThat(ended.err()).doesNotContain("Exception");
        assertThat(ended.out()).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
        assertThat(ended.status()).isZero();
    }

    @Test
    void endsWithThreeWhenAThresholdIsCrossed() throws Exception {
        Ended ended = run("analyze", "samples/logs", "--threshold", "1.4e22", "--output", "json");

        assertThat(ended.out()).contains("\"kind\":\"CROSSED\"");
        assertThat(ended.status()).isEqualTo(3);
    }

    @Test
    void printsAMessageAndNoTraceForWhatIsNotThere() throws Exception {
        Ended ended = run("analyze", "no/such/folder");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("no/such/folder").doesNotContain("\tat ");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void printsNoWarningOfItsOwnToTheErrorStream() throws Exception {
        Ended ended = run("analyze", "samples/logs");

        // Java 24 and later announce that Arrow's use of sun.misc.Unsafe will end; that is the JVM's, and no flag of
        // ours.
        assertThat(ended.err().lines().filter(line -> !line.startsWith("WARNING: ")))
                .isEmpty();
        assertThat(ended.err()).doesNotContain("SLF4J").doesNotContain("native-access");
    }
}
