package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
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

    // Under this locale the JVM loses the letters, and cannot open the file either.
    @Test
    void findsAFolderOfAnyLettersInALocaleThatKnowsNone() throws Exception {
        Path shell = Path.of("/bin/sh");
        assumeTrue(
                Files.isExecutable(shell) && Files.isReadable(Path.of("/proc/self/cmdline")),
                "needs a shell and /proc");
        Path out = temporary.resolve("out");
        String script = "mkdir -p '" + temporary + "/gr\303\274n' && cp -r samples/logs/hugging-face '" + temporary
                + "/gr\303\274n' && " + JAVA + " -jar " + JAR + " analyze '" + temporary + "/gr\303\274n'";
        Path file = Files.write(temporary.resolve("run.sh"), octal(script));
        var builder = new ProcessBuilder(shell.toString(), file.toString())
                .directory(ROOT.toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");

        assertThat(builder.start().waitFor()).isZero();
        assertThat(Files.readString(out)).contains("support-chat");
    }

    private static byte[] octal(String script) {
        return script.replace("\\303\\274", "\u00c3\u00bc").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void saysWhyAFullDiskTookNothing() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "needs /dev/full");
        Path err = temporary.resolve("err");
        Process process = new ProcessBuilder(JAVA, "-jar", JAR.toString(), "rules")
                .redirectOutput(full.toFile())
                .redirectError(err.toFile())
                .start();

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(err)).contains("could not be written: ").hasLineCount(1);
    }

    // Nothing of SLF4J, of Arrow's use of Unsafe or of the kernels' use of native memory.
    @Test
    void printsNothingToTheErrorStream() throws Exception {
        String ledger = temporary.resolve("ledger").toString();

        assertThat(run("analyze", "samples/logs").err()).isEmpty();
        assertThat(run("ingest", "--ledger", ledger, "samples/logs").err()).isEmpty();
        assertThat(run("totals", "--ledger", ledger).err()).isEmpty();
        assertThat(run("verify", ledger).err()).isEmpty();
    }

    @Test
    void carriesTheLicenceAndTheNotice() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
            assertThat(text(jar, "META-INF/NOTICE")).contains("FlopLedger").contains("Arrow");
        }
    }

    // Eclipse Collections alone is 10.6 MB; what nothing refers to is left out. The server of the collector has 2 MB.
    @Test
    void leavesOutWhatNothingRefersTo() throws Exception {
        assertThat(Files.size(JAR)).isLessThan(18_000_000);
    }

    private static String text(JarFile jar, String name) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
