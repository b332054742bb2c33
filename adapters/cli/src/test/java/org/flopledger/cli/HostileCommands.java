package org.flopledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flopledger.cli.text.ShownText;

/**
 * Runs every command on hostile files in a JVM of its own, with a small heap: one line of output for everything that went wrong.
 *
 * <p>Beside every few hostile files lies a good log. Whatever the file does, the good run must cost what it costs alone.
 */
final class HostileCommands {

    private static final long MOST_MILLIS = 10_000;
    private static final int CASES_AT_ONCE = 8;

    private final Path cases;
    private final Path work;
    private final String alone;
    private int faults;

    private HostileCommands(Path cases, Path work, String alone) {
        this.cases = cases;
        this.work = work;
        this.alone = alone;
    }

    /** Takes a folder to work in; ends with 0 if nothing went wrong. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path cases = folder.resolve("cases");
        HostileFiles.write(cases);
        SampleLogs.gpt3(folder.resolve("good"), 20, 1);
        String alone = good(CommandLineRun.of("analyze", folder.resolve("good"), "--output", "json"));
        var commands = new HostileCommands(cases, folder, alone);
        if (alone.isEmpty()) {
            commands.fault("the good log alone", "has no total");
        }
        commands.all();
        System.out.println(commands.faults + " faults");
        System.exit(commands.faults == 0 ? 0 : 1);
    }

    private void all() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(cases)) {
            folders = all.sorted().toList();
        }
        Path sound = work.resolve("sound");
        run("sound", "ingest", "--ledger", sound, work.resolve("good"));
        for (int first = 0; first < folders.size(); first += CASES_AT_ONCE) {
            List<Path> some = folders.subList(first, Math.min(first + CASES_AT_ONCE, folders.size()));
            String names = some.stream().map(Path::getFileName).toList().toString();
            Path ledger = logs(names, work.resolve("ledger-" + first), some);
            run(names, "analyze", some.get(0), work.resolve("good"));
            ingestAgain(names, ledger, some);
            merge(names, work.resolve("merged-" + first), sound, ledger);
        }
        logs("everything", work.resolve("ledger-of-everything"), List.of(cases));
        ledgers(sound);
    }

    private Path logs(String names, Path ledger, List<Path> hostile) {
        CommandLineRun analyzed = run(names, words(hostile, "analyze", "--output", "json", "--profile", "eu-gpai"));
        if (!good(analyzed).equals(alone)) {
            fault(names, "analyze changes the good run to " + good(analyzed));
        }
        CommandLineRun ingested = run(names, words(hostile, "ingest", "--ledger", ledger, "--profile", "eu-gpai"));
        if (ingested.status() != analyzed.status()) {
            fault(names, "analyze ends with " + analyzed.status() + ", ingest with " + ingested.status());
        }
        sound(names, "ingest", ledger);
        return ledger;
    }

    private void ingestAgain(String names, Path ledger, List<Path> hostile) {
        run(names, words(hostile, "ingest", "--ledger", ledger, "--output", "json"));
        sound(names, "ingest of the same again", ledger);
    }

    private void merge(String names, Path merged, Path sound, Path ledger) {
        run(names, "merge", merged, sound, ledger);
        sound(names, "merge", merged);
    }

    /** The good run costs in a ledger what it costs alone, and the ledger is sound. */
    private void sound(String names, String after, Path ledger) {
        CommandLineRun totals = run(names, "totals", "--ledger", ledger, "--output", "json");
        if (!good(totals).equals(alone)) {
            fault(names, after + " changes the good run to " + good(totals));
        }
        if (run(names, "verify", ledger).status() != 0) {
            fault(names, "the ledger does not verify after " + after);
        }
    }

    private Object[] words(List<Path> hostile, Object... first) {
        return Stream.of(Stream.of(first), hostile.stream(), Stream.of(work.resolve("good")))
                .flatMap(Function.identity())
                .toArray();
    }

    private void ledgers(Path sound) throws IOException {
        var random = new Random(17);
        for (int i = 0; i < 12; i++) {
            Path damaged = copy(sound, work.resolve("damaged-" + i));
            try (Stream<Path> files = Files.list(damaged)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".arrows"))
                        .toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    if (i % 3 == 0) {
                        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
                    } else {
                        for (int flip = 0; flip < i; flip++) {
                            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                        }
                    }
                    Files.write(file, bytes);
                }
            }
            run("damaged ledger", "verify", damaged);
            run("damaged ledger", "totals", "--ledger", damaged);
            run("damaged ledger", "merge", work.resolve("merged-damaged-" + i), sound, damaged);
            run("damaged ledger", "ingest", "--ledger", damaged, work.resolve("good"));
        }
        for (String other : new String[] {"no-such", "cases"}) {
            run(other, "verify", work.resolve(other));
            run(other, "merge", work.resolve("merged-" + other), work.resolve(other), sound);
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
        return to;
    }

    private CommandLineRun run(String name, Object... words) {
        long begin = processorMillis();
        CommandLineRun run = CommandLineRun.of(words);
        long millis = processorMillis() - begin;
        String what = name + ", " + words[0];
        if (millis > MOST_MILLIS) {
            fault(what, "took " + millis + " ms of processor time");
        }
        if (!List.of(0, 1, 3, 4).contains(run.status())) {
            fault(what, "ended with " + run.status() + ": " + run.err());
        }
        for (String told : List.of(run.out(), run.err())) {
            if (told.contains("\tat ") || told.contains("Exception")) {
                fault(what, "shows a trace: " + told.lines().limit(4).toList());
            }
            if (told.chars()
                    .anyMatch(c -> c != '\n' && !ShownText.isSafe((char) c) && !Character.isSurrogate((char) c))) {
                fault(what, "shows a control character");
            }
            if (new ArrayList<>(told.lines().toList()).stream().anyMatch(line -> line.startsWith("name/"))) {
                fault(what, "begins a line by the name of a folder");
            }
        }
        return run;
    }

    /** A busy machine makes no command slower by this clock. */
    private static long processorMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ofNanos(System.nanoTime()))
                .toMillis();
    }

    private static String good(CommandLineRun run) {
        if (run.out().isEmpty()) {
            return "";
        }
        for (var one : run.json().path("runs")) {
            if (one.path("run").asText().equals("mlperf-gpt3-" + goodHash)) {
                return one.path("compute").path("total").toString();
            }
        }
        if (goodHash.isEmpty() && run.json().path("runs").size() == 1) {
            goodHash = run.json().path("runs").path(0).path("run").asText().substring("mlperf-gpt3-".length());
            return run.json().path("runs").path(0).path("compute").path("total").toString();
        }
        return "";
    }

    private static String goodHash = "";

    private void fault(String what, String why) {
        faults++;
        System.out.println(ShownText.escaped(what + ": " + why));
    }
}
