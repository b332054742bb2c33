package org.flopledger.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files that nobody wrote in good faith, each in a folder of its own. Written by us; none is taken from anywhere. */
final class HostileFiles {

    private static final String ESCAPE = "\u001b";

    private final Path folder;

    private HostileFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes all of them, one case a folder. */
    static void write(Path folder) throws IOException {
        var files = new HostileFiles(folder);
        files.mlperfNumbers();
        files.mlperfShapes();
        files.words();
        files.trainers();
        files.models();
        files.adapters();
        files.bytes();
    }

    private void mlperfNumbers() throws IOException {
        for (String time : new String[] {
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            "1e999999999",
            "-1",
            "9223372036854775808",
            "\"1\"",
            "null",
            "1e-400",
            "253402300800000000"
        }) {
            mlperf("time-" + clean(time), Map.of(), "16", "\"samples_count\": 1600", time);
        }
        for (String samples : new String[] {
            "NaN",
            "1e400",
            "-5",
            "9223372036854775807",
            "1000000000000",
            "1e12",
            "0.5",
            "\"many\"",
            "18446744073709551616"
        }) {
            mlperf("samples-" + clean(samples), Map.of(), "1", "\"samples_count\": " + samples, null);
            mlperf("epochs-" + clean(samples), Map.of(), "1", "\"epoch_num\": " + samples, null);
        }
        for (String batch : new String[] {"0", "-1", "10000000", "9223372036854775807", "1e400", "NaN", "[]", "{}"}) {
            mlperf(
                    "batch-" + clean(batch),
                    Map.of("max_sequence_length", "10000000"),
                    batch,
                    "\"samples_count\": 100000000",
                    null);
        }
        for (String rank : new String[] {"2147483647", "9223372036854775807", "0", "-1", "NaN", "\"r\""}) {
            mlperfOf(
                    "llama2_70b_lora",
                    "rank-" + clean(rank),
                    Map.of("lora_rank", rank),
                    "8",
                    "\"samples_count\": 80",
                    null);
        }
        mlperf(
                "checkpoint",
                Map.of("init_checkpoint_step", "9223372036854775807"),
                "16",
                "\"samples_count\": 160",
                null);
    }

    private void mlperfShapes() throws IOException {
        var starts = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            starts.append(entry("run_start", "null", "", Long.toString(1_700_000_000_000L + 2L * i)))
                    .append(entry("block_stop", "null", "", Long.toString(1_700_000_000_001L + 2L * i)));
        }
        text("many-starts", "log.txt", log("gpt3", Map.of(), "16", "\"samples_count\": 160", null) + starts);
        text("long-line", "log.txt", ":::MLLOG {\"key\": \"" + "x".repeat(3_000_000) + "\"}\n");
        text(
                "deep",
                "log.txt",
                ":::MLLOG " + "{\"key\":".repeat(50_000) + "\n" + log("gpt3", Map.of(), "16", "", null));
        text(
                "halves",
                "log.txt",
                log("gpt3", Map.of(), "16", "\"samples_count\": 160", null).replace("\"time_ms\"", "\"ti\r"));
        text("conflict", "a.txt", log("gpt3", Map.of("seed", "99"), "16", "\"samples_count\": 160", null));
        text("conflict", "b.txt", log("gpt3", Map.of("seed", "99"), "1600000", "\"samples_count\": 16000000", null));
        text("digits", "log.txt", log("gpt3", Map.of(), "1".repeat(100_000), "\"samples_count\": 1", null));
    }

    private void words() throws IOException {
        String[] words = {
            ESCAPE + "]0;owned\u0007", ESCAPE + "[2J", "a\\nb", "\u202Eevil", "x".repeat(5_000), "\u0000", "../../etc"
        };
        for (int i = 0; i < words.length; i++) {
            String json = words[i].replace(ESCAPE, "\\u001b")
                    .replace("\u0007", "\\u0007")
                    .replace("\u0000", "\\u0000");
            mlperfOf(json, "benchmark-" + i, Map.of(), "16", "\"samples_count\": 160", null);
            text(
                    "status-" + i,
                    "log.txt",
                    log("gpt3", Map.of(), "16", "\"samples_count\": 160", null).replace("success", json));
            text(
                    "model-" + i,
                    "config.json",
                    "{\"model_type\": \"" + json + "\", \"hidden_size\": 64, \"" + json + "\": 1, \"" + json
                            + "\": 2}");
            text("model-" + i, "trainer_state.json", trainer("100", "1e15", "4096"));
            text(
                    "peft-" + i,
                    "adapter_config.json",
                    "{\"peft_type\": \"" + json + "\", \"r\": 8, \"target_modules\": [\"" + json + "\"]}");
            text("peft-" + i, "config.json", llama("4"));
            text("peft-" + i, "trainer_state.json", trainer("101", "1e15", "4096"));
        }
    }

    private void trainers() throws IOException {
        for (String number : new String[] {
            "1e36", "1e37", "1e400", "NaN", "-1", "\"x\"", "1e-3", "340282366920938463463374607431768211456"
        }) {
            text("flos-" + clean(number), "trainer_state.json", trainer("100", number, "4096"));
            text("steps-" + clean(number), "trainer_state.json", trainer(number, "1e15", "4096"));
            text("seen-" + clean(number), "trainer_state.json", trainer("100", "1e15", number));
        }
        text(
                "runtime",
                "trainer_state.json",
                trainer("100", "1e15", "4096").replace("\"loss\"", "\"train_runtime\": 1e300, \"loss\""));
        text(
                "wide",
                "config.json",
                "{\"model_type\": \"llama\", \"hidden_size\": 1073741824, \"intermediate_size\": 1073741824,"
                        + " \"num_hidden_layers\": 2, \"num_attention_heads\": 1, \"vocab_size\": 1073741824}");
        text("wide", "trainer_state.json", trainer("100", "1e30", "9000000000000000000"));
        var history = new StringBuilder("{\"global_step\": 200000, \"log_history\": [");
        for (int i = 1; i <= 200_000; i++) {
            history.append(i == 1 ? "" : ",").append("{\"step\": ").append(i).append(", \"loss\": 1.5}");
        }
        text(
                "history",
                "trainer_state.json",
                history.append("], \"max_steps\": 200000, \"total_flos\": 1e17}")
                        .toString());
    }

    private void models() throws IOException {
        text("layers", "config.json", llama("10000"));
        text("layers", "trainer_state.json", trainer("100", "1e15", "4096"));
        text("layers-2", "config.json", llama("9223372036854775807"));
        text("layers-2", "trainer_state.json", trainer("102", "1e15", "4096"));
        text("nested", "config.json", "{\"a\":".repeat(100_000));
        text("array", "config.json", "[".repeat(100_000));
        text("zero", "config.json", llama("0"));
        text("zero", "trainer_state.json", trainer("103", "1e15", "4096"));
    }

    private void adapters() throws IOException {
        String[] ranks = {"2147483647", "-1", "NaN", "9223372036854775807", "0"};
        for (int i = 0; i < ranks.length; i++) {
            adapter("adapter-" + i, "\"r\": " + ranks[i] + ", \"target_modules\": [\"q_proj\"]");
        }
        adapter(
                "nested-repetition",
                "\"r\": 8, \"target_modules\": \"(((a+)+)+)+b\", \"rank_pattern\": {\"(.*.*.*.*.*.*)*x\": 4}");
        var patterns = new StringBuilder("\"r\": 8, \"target_modules\": [\"q_proj\"], \"rank_pattern\": {");
        for (int i = 0; i < 50_000; i++) {
            patterns.append(i == 0 ? "" : ",").append("\"p").append(i).append(".*\": 4");
        }
        adapter("patterns", patterns.append("}").toString());
        adapter("large", "\"r\": 8, \"target_modules\": [\"q_proj\"], \"note\": \"" + "x".repeat(2_000_000) + "\"");
    }

    private void adapter(String name, String fields) throws IOException {
        text(name, "adapter_config.json", "{\"peft_type\": \"LORA\", " + fields + "}");
        text(name, "config.json", llama("4"));
        text(name, "trainer_state.json", trainer("104", "1e15", "4096"));
    }

    private void bytes() throws IOException {
        bytes("utf-16", log("gpt3", Map.of(), "16", "", null).getBytes(StandardCharsets.UTF_16));
        bytes("binary", new byte[] {0, 1, 2, 3, (byte) 0xff, 0, 0});
        bytes("nothing", new byte[0]);
        bytes("half", "{\"global_step\": 5, \"log_history\": [{\"st".getBytes(StandardCharsets.UTF_8));
        byte[] torn =
                log("gpt3", Map.of(), "16", "\"samples_count\": 160", null).getBytes(StandardCharsets.UTF_8);
        for (int i = 7; i < torn.length; i += 11) {
            torn[i] = (byte) (0x80 + i % 128);
        }
        bytes("damaged", torn);
        text(
                "bad" + ESCAPE + "[2J\n" + "name",
                "log.txt",
                log("gpt3", Map.of("seed", "77"), "16", "\"samples_count\": 160", null));
    }

    private void bytes(String name, byte[] content) throws IOException {
        Files.write(Files.createDirectories(folder.resolve(name)).resolve("file"), content);
    }

    private static String llama(String layers) {
        return "{\"model_type\": \"llama\", \"hidden_size\": 64, \"intermediate_size\": 128, \"num_hidden_layers\": "
                + layers + ", \"num_attention_heads\": 4, \"vocab_size\": 1000}";
    }

    private static String trainer(String step, String flos, String tokens) {
        return "{\"global_step\": " + step + ", \"max_steps\": " + step + ", \"total_flos\": " + flos
                + ", \"num_input_tokens_seen\": " + tokens + ", \"log_history\": [{\"step\": 1, \"loss\": 1."
                + step.hashCode()
                + Math.abs(flos.hashCode()) + Math.abs(tokens.hashCode()) + "}]}";
    }

    private void mlperf(String name, Map<String, String> settings, String batch, String progress, String time)
            throws IOException {
        mlperfOf("gpt3", name, settings, batch, progress, time);
    }

    private void mlperfOf(
            String benchmark, String name, Map<String, String> settings, String batch, String progress, String time)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of("seed", Integer.toString(Math.abs(name.hashCode()))));
        all.putAll(settings);
        text(name, "log.txt", log(benchmark, all, batch, progress, time));
    }

    private static String log(
            String benchmark, Map<String, String> settings, String batch, String progress, String time) {
        String now = time == null ? "1700000000000" : time;
        var text = new StringBuilder();
        text.append(entry("submission_benchmark", "\"" + benchmark + "\"", "", now));
        settings.forEach((key, value) -> text.append(entry(key, value, "", now)));
        text.append(entry("global_batch_size", batch, "", now));
        if (!settings.containsKey("max_sequence_length")) {
            text.append(entry("max_sequence_length", "2048", "", now));
        }
        text.append(entry("run_start", "null", "", now));
        text.append(entry("eval_accuracy", "1.5", progress.isEmpty() ? "" : ", " + progress, now));
        text.append(entry(
                "run_stop", "null", ", \"status\": \"success\"" + (progress.isEmpty() ? "" : ", " + progress), now));
        return text.toString();
    }

    private static String entry(String key, String value, String metadata, String time) {
        return ":::MLLOG {\"namespace\": \"\", \"time_ms\": " + time
                + ", \"event_type\": \"POINT_IN_TIME\", \"key\": \"" + key + "\", \"value\": " + value
                + ", \"metadata\": {\"lineno\": 1" + metadata + "}}\n";
    }

    private void text(String name, String file, String content) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve(name)).resolve(file), content);
    }

    private static String clean(String text) {
        return text.replaceAll("[^A-Za-z0-9.+-]", "_");
    }
}
