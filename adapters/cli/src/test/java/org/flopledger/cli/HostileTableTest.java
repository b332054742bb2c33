package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.ComputeLedger;
import org.flopledger.RunSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each kind of hostile input comes to, by a command and its result. The page {@code adapters/cli/docs/hostile.md} is what this
 * runs: written anew with {@code -Dflopledger.write=true}, else held against it.
 */
class HostileTableTest {

    private static final Path PAGE = Path.of("docs/hostile.md");
    private static final String ESCAPE = "\u001b";

    @TempDir
    private Path folder;

    private final StringBuilder page = new StringBuilder();
    private final List<String> faults = new ArrayList<>();
    private String goodRun = "";

    @Test
    void every_command_ends_as_the_page_says() throws IOException {
        page.append(
                "# What odd files come to\n\nWritten by `HostileTableTest`, which runs every command of it in each build;"
                        + " renew it with `-Dflopledger.write=true`.\nThe files are made by the test. A line that is shown is one of"
                        + " those the command wrote.\n");
        prices();
        refusals();
        restarts();
        crashes();
        sizes();
        trust();
        damage();
        assertThat(faults).isEmpty();
        if (Boolean.getBoolean("flopledger.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page.toString());
    }

    private void prices() throws IOException {
        begin("A sequence that costs more than 2^63 FLOP keeps its price in both commands");
        write("long/log.txt", RoadFixtures.longSequences());
        run(3, "llama31_405b", "analyze", "long", "--threshold", "1e22");
        run(3, "CROSSED", "ingest", "--ledger", "ledger-long", "long", "--threshold", "1e22");
        begin("A base that nobody priced is unknown, not none");
        Path log = SampleLogs.gpt3(folder.resolve("base"), 10, 1);
        Files.writeString(
                log, Files.readString(log).replace("gpt3", "llama2_70b_lora").replace("epoch_num", "samples_count"));
        run(4, "BASIS_UNKNOWN", "analyze", "base", "--profile", "eu-gpai");
        run(4, "BASIS_UNKNOWN", "ingest", "--ledger", "ledger-base", "base", "--profile", "eu-gpai");
        begin("An amount equal to a threshold is not above it; one FLOP more is");
        SampleLogs.gpt3(folder.resolve("equal"), 40, 1);
        var total = CommandLineRun.of("analyze", folder.resolve("equal"), "--output", "json")
                .json()
                .path("runs")
                .path(0);
        var sum = new java.math.BigInteger(
                        total.path("compute").path("total").path("flop").asText())
                .add(new java.math.BigInteger(total.path("prior").path("flop").asText()));
        run(4, "ENTERED_MARGIN", "analyze", "equal", "--threshold", sum);
        run(3, "CROSSED", "analyze", "equal", "--threshold", sum.subtract(java.math.BigInteger.ONE));
    }

    private void refusals() throws IOException {
        begin("A run all of whose rows are refused is named, and the others go on");
        write("refused/trainer_state.json", trainer("1e35"));
        SampleLogs.gpt3(folder.resolve("refused"), 20, 1);
        run(1, "REPORTED_FLOP", "ingest", "--ledger", "ledger-refused", "refused");
        run(0, "gpt3", "totals", "--ledger", "ledger-refused");
        begin("Two logs of one run that contradict each other: named, the larger counts, in any order");
        String text = Files.readString(SampleLogs.gpt3(folder.resolve("small"), 20, 1))
                .replace("\"value\": 16,", "\"value\": 16000,");
        write("large/log.txt", text.replaceAll("\"epoch_num\": (\\d+)", "\"epoch_num\": $1000"));
        SampleLogs.gpt3(folder.resolve("other"), 30, 2);
        run(1, "contradicts", "analyze", "small", "large", "other");
        run(0, null, "ingest", "--ledger", "ledger-two", "small");
        run(1, "this log tells of more and replaces it", "ingest", "--ledger", "ledger-two", "large", "other");
        run(1, "what was held is more and stays", "ingest", "--ledger", "ledger-two", "small");
        run(0, "2 runs", "totals", "--ledger", "ledger-two");
    }

    private void restarts() throws IOException {
        begin("A restarted log has two attempts and the same discarded part in both commands");
        write("restarted/log.txt", RoadFixtures.restarted(2));
        var analyzed = run(0, null, "analyze", "restarted", "--output", "json").json();
        run(0, null, "ingest", "--ledger", "ledger-restarted", "restarted");
        var held = run(0, null, "totals", "--ledger", "ledger-restarted", "--output", "json")
                .json();
        String discarded = analyzed.path("runs")
                .path(0)
                .path("compute")
                .path("discarded")
                .path("flop")
                .asText();
        assertThat(discarded).isNotEmpty().isNotEqualTo("0");
        assertThat(held.path("runs")
                        .path(0)
                        .path("compute")
                        .path("discarded")
                        .path("flop")
                        .asText())
                .isEqualTo(discarded);
        page.append("\nDiscarded in both: ").append(discarded).append(" FLOP.\n");
    }

    private void crashes() throws IOException {
        begin("One file's failure is that file's rejection; the good run beside it keeps its total");
        SampleLogs.gpt3(folder.resolve("alone"), 20, 1);
        String good = goodTotal(quiet("analyze", "alone", "--output", "json"));
        HostileFiles.write(folder.resolve("files"));
        String[] names = {
            "time-NaN",
            "time-1e400",
            "batch-9223372036854775807",
            "rank-2147483647",
            "wide",
            "nested-repetition",
            "patterns",
            "large",
            "layers",
            "history",
            "runtime",
            "deep",
            "long-line"
        };
        for (String name : names) {
            CommandLineRun run = quiet("analyze", "files/" + name, "alone", "--output", "json");
            assertThat(goodTotal(run)).as(name).isEqualTo(good);
            shown("analyze files/" + name + " alone --output json", run, null);
        }
    }

    private void sizes() throws IOException {
        begin("A file of 973 bytes that says 10^12 steps costs no disk: it is refused by its number of steps");
        HostileFiles.write(folder.resolve("steps"));
        run(1, "steps", "ingest", "--ledger", "ledger-steps", "steps/samples-1000000000000");
        assertThat(bytes(folder.resolve("ledger-steps"))).isLessThan(1 << 20);
    }

    private void trust() throws IOException {
        begin("No control character of a file or a name reaches a terminal");
        SampleLogs.gpt3(folder.resolve("evil"), 20, 1);
        write("evil/x" + ESCAPE + "[2J.csv", "a,b\n1,2\n");
        run(0, "\\u001b", "analyze", "evil", "--unused");
        begin("Unknown words are shown as such, never as they were written");
        write(
                "private/log.txt",
                Files.readString(SampleLogs.gpt3(folder.resolve("known"), 20, 3))
                        .replace("gpt3", "projectkanari"));
        CommandLineRun told = run(0, "unknown benchmark #", "analyze", "private");
        assertThat(told.out() + told.err()).doesNotContain("kanari");
        begin("A planted link in place of the lock is not followed");
        write("target.txt", "keep me");
        Files.createDirectories(folder.resolve("ledger-link"));
        Files.createSymbolicLink(folder.resolve("ledger-link/LOCK"), folder.resolve("target.txt"));
        run(1, "cannot be locked", "ingest", "--ledger", "ledger-link", "alone");
        assertThat(folder.resolve("target.txt")).content().isEqualTo("keep me");
        begin("An adapter too large to read is no full fine-tune, and a text for a length no default");
        run(0, "which weights were trained is not known", "analyze", "files/large");
        String words = Files.readString(SampleLogs.gpt3(folder.resolve("words-of"), 20, 4))
                .replace("\"max_sequence_length\", \"value\": 2048", "\"max_sequence_length\", \"value\": \"many\"");
        write("words/log.txt", words);
        run(0, "SETTING_CONTRADICTS", "analyze", "words");
    }

    private void damage() throws IOException {
        begin("A torn segment is named, cut loudly, and not merged");
        record("ledger-torn");
        Path last = last(folder.resolve("ledger-torn"));
        try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 40);
        }
        run(0, "never finished", "totals", "--ledger", "ledger-torn");
        run(1, "Not sound", "verify", "ledger-torn");
        run(1, "nothing was written", "merge", "ledger-merged", "ledger-two", "ledger-torn");
        run(0, "cut off", "ingest", "--ledger", "ledger-torn", "alone");
        begin("A history that was written anew is not the one whose head somebody kept");
        record("ledger-kept");
        String head = quiet("verify", "ledger-kept", "--output", "json")
                .json()
                .path("headHash")
                .asText();
        quiet("ingest", "--ledger", "ledger-kept", "alone");
        CommandLineRun kept = quiet("verify", "ledger-kept", "--expect-head", head);
        shown("verify ledger-kept --expect-head (the head before the last ingest)", kept, "expected head");
        assertThat(kept.status()).isZero();
        CommandLineRun other = quiet("verify", "ledger-two", "--expect-head", head);
        shown("verify ledger-two --expect-head (the same)", other, "no record of this history");
        assertThat(other.status()).isEqualTo(1);
    }

    private void record(String name) {
        try (ComputeLedger ledger = ComputeLedger.open(folder.resolve(name)).start()) {
            var run = ledger.run(RunSpec.pretraining("orion")
                    .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                    .build());
            for (long step = 1; step <= 100; step++) {
                run.step(step).tokens(step).record();
            }
        }
    }

    private void begin(String title) {
        page.append("\n## ").append(title).append("\n");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String trainer(String claim) {
        return "{\"global_step\": 5, \"max_steps\": 5, \"total_flos\": " + claim
                + ", \"log_history\": [{\"step\": 5, \"loss\": 1.5}]}";
    }

    /** Runs a command whose paths are within the folder, and shows it with the line that contains a text. */
    private CommandLineRun run(int status, String line, Object... words) {
        CommandLineRun run = quiet(words);
        shown(String.join(" ", Arrays.stream(words).map(Object::toString).toList()), run, line);
        if (run.status() != status) {
            faults.add(Arrays.toString(words) + " ended with " + run.status() + ": " + run.err() + run.out());
        }
        return run;
    }

    private CommandLineRun quiet(Object... words) {
        Object[] placed = words.clone();
        for (int i = 1; i < placed.length; i++) {
            Path place = folder.resolve(words[i].toString());
            boolean isPath = !words[i].toString().startsWith("--")
                    && (Files.exists(place) || words[i].toString().startsWith("ledger-"));
            placed[i] = isPath ? place : words[i];
        }
        CommandLineRun run = CommandLineRun.of(placed);
        assertThat(run.out() + run.err()).doesNotContain("\tat ").doesNotContain(ESCAPE);
        return run;
    }

    private void shown(String command, CommandLineRun run, String text) {
        page.append("\n    $ flopledger ")
                .append(command.replace(ESCAPE, "\\e"))
                .append('\n');
        if (text != null) {
            String all = run.err() + run.out();
            String line =
                    all.lines().filter(one -> one.contains(text)).findFirst().orElse(null);
            if (line == null) {
                faults.add(command + " does not say '" + text + "': " + all);
            }
            page.append("    ")
                    .append(String.valueOf(line)
                            .strip()
                            .replace(folder + "/", "")
                            .replaceAll("record \\d+", "record N")
                            .replaceAll("[0-9a-f]{64}", "(hash)"))
                    .append('\n');
        }
        page.append("    exit code ").append(run.status()).append('\n');
    }

    /** Returns the total of the run whose log has seed 1 and 20 steps. */
    private String goodTotal(CommandLineRun run) {
        for (var one : run.json().path("runs")) {
            if (goodRun.isEmpty() || one.path("run").asText().equals(goodRun)) {
                goodRun = one.path("run").asText();
                return one.path("compute").path("total").toString();
            }
        }
        throw new AssertionError("the good run is not there: " + run.out());
    }

    private static Path last(Path ledger) throws IOException {
        return segments(ledger).get(segments(ledger).size() - 1);
    }

    private static List<Path> segments(Path ledger) throws IOException {
        try (Stream<Path> files = Files.list(ledger)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".arrows"))
                    .sorted()
                    .toList());
        }
    }

    private static long bytes(Path ledger) {
        if (!Files.exists(ledger)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(ledger)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
