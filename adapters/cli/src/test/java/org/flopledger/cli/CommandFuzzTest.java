package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a folder of logs and runs the commands on it, with another seed in every build; the seed is printed. Set
 * {@code flopledger.fuzz.seed} to repeat one, {@code flopledger.fuzz.minutes} to go on for longer.
 */
class CommandFuzzTest {

    private static final long SEED = Long.getLong("flopledger.fuzz.seed", System.nanoTime());
    private static final long MILLIS = Integer.getInteger("flopledger.fuzz.minutes", 0) * 60_000L + 4_000;
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\u0000",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "-",
        "e",
        ".",
        "0",
        "9",
        "1e999",
        "1e36",
        "99999999999999999999",
        "2147483648",
        "9223372036854775807",
        ":::MLLOG ",
        ":::MLL ",
        "NaN",
        "Infinity",
        "null",
        "true",
        "\u001b[2J",
        "\u00e2\u0096",
        ",",
        ": ",
        "\"seed\"",
        "\"run_start\"",
        "\"samples_count\"",
        "\"total_flos\": ",
        "\"num_hidden_layers\": ",
        "\"r\": "
    };

    @TempDir
    private Path folder;

    @Test
    void commands_agree_and_show_no_trace_whatever_the_files_hold() throws IOException {
        System.out.println("CommandFuzzTest: -Dflopledger.fuzz.seed=" + SEED);
        Map<String, byte[]> good = goodFiles();
        var random = new Random(SEED);
        long end = System.currentTimeMillis() + MILLIS;
        for (int round = 0; System.currentTimeMillis() < end; round++) {
            Path logs = folder.resolve("logs-" + round);
            for (var file : good.entrySet()) {
                Path target = logs.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.write(target, random.nextInt(3) == 0 ? file.getValue() : damaged(file.getValue(), random));
            }
            check(logs, folder.resolve("ledger-" + round), "seed " + SEED + ", round " + round);
            delete(logs);
            delete(folder.resolve("ledger-" + round));
        }
    }

    private static void check(Path logs, Path ledger, String which) {
        CommandLineRun analyze = CommandLineRun.of("analyze", logs, "--output", "json", "--profile", "eu-gpai");
        CommandLineRun ingest = CommandLineRun.of("ingest", "--ledger", ledger, logs, "--profile", "eu-gpai");
        for (CommandLineRun run : List.of(analyze, ingest, CommandLineRun.of("analyze", logs))) {
            assertThat(run.status()).as(which + run.err()).isIn(0, 1, 3, 4);
            assertThat(run.err() + run.out()).as(which).doesNotContain("\tat ").doesNotContain("\u001b");
        }
        assertThat(ingest.status()).as(which + ingest.err()).isEqualTo(analyze.status());
        if (Files.isDirectory(ledger)) {
            CommandLineRun totals = CommandLineRun.of("totals", "--ledger", ledger, "--output", "json");
            assertThat(figures(totals.json())).as(which).isEqualTo(figures(analyze.json()));
            assertThat(CommandLineRun.of("verify", ledger).status()).as(which).isZero();
        }
    }

    /** The cost of each run; of one that the ledger holds no row of there is nothing to compare. */
    private static Map<String, String> figures(JsonNode json) {
        Map<String, String> figures = new TreeMap<>();
        for (JsonNode run : json.path("runs")) {
            if (!run.path("compute").isNull()) {
                figures.put(run.path("run").asText(), run.path("compute").toString());
            }
        }
        return figures;
    }

    private Map<String, byte[]> goodFiles() throws IOException {
        RoadFixtures.write(folder.resolve("good"));
        SampleLogs.gpt3(folder.resolve("good/sample"), 20, 8);
        Files.writeString(
                folder.resolve("good/trainer/config.json"),
                "{\"model_type\": \"llama\", \"hidden_size\": 64, \"intermediate_size\": 128, \"num_hidden_layers\": 2,"
                        + " \"num_attention_heads\": 4, \"vocab_size\": 1000}");
        Files.writeString(
                folder.resolve("good/trainer/adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 8, \"target_modules\": [\"q_proj\", \"v_proj\"]}");
        Map<String, byte[]> good = new TreeMap<>();
        try (var files = Files.walk(folder.resolve("good"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                good.put(folder.resolve("good").relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return good;
    }

    private static byte[] damaged(byte[] good, Random random) {
        String text = new String(good, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(10));
            String piece = random.nextInt(4) == 0 ? "" : PIECES[random.nextInt(PIECES.length)];
            text = text.substring(0, at) + piece + text.substring(random.nextInt(12) == 0 ? text.length() : to);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            List<Path> all;
            try (var files = Files.walk(directory)) {
                all = new ArrayList<>(files.toList());
            }
            for (int i = all.size() - 1; i >= 0; i--) {
                Files.delete(all.get(i));
            }
        }
    }
}
