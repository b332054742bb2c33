package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.flopledger.LedgerAudit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No text of a log or of a file beside it reaches a report or a ledger. Each planted word is another one, so that a leak names its
 * place; known words stand beside them and must stay.
 */
class CanaryTest {

    private static final String[] MLPERF_FIELDS = {
        "submission_org",
        "submission_division",
        "submission_status",
        "submission_platform",
        "submission_poc_name",
        "submission_poc_email",
        "submission_entry",
        "cluster",
        "hostname",
        "user",
        "opt_name",
        "opt_base_learning_rate",
        "model_name",
        "init_checkpoint_path",
        "dataset",
        "git_commit",
        "seed_note",
        "lora_target",
        "tokenizer"
    };
    private static final String[] SYSTEM_FIELDS = {
        "submitter",
        "division",
        "status",
        "system_name",
        "host_processor_model_name",
        "host_memory_configuration",
        "accelerator_interconnect",
        "accelerator_host_interconnect",
        "accelerator_memory_configuration",
        "framework",
        "operating_system",
        "other_software_stack",
        "sw_notes",
        "hw_notes",
        "cooling",
        "hostname"
    };
    private static final String[] TRAINER_FIELDS = {
        "best_model_checkpoint",
        "trial_name",
        "trial_params",
        "best_metric",
        "is_note",
        "output_dir",
        "run_name",
        "hub_model_id"
    };
    private static final String[] CONFIG_FIELDS = {
        "_name_or_path", "architectures", "torch_dtype", "transformers_version", "hidden_act", "auto_map", "model_note"
    };
    private static final String[] ADAPTER_FIELDS = {
        "base_model_name_or_path",
        "auto_mapping",
        "revision",
        "task_type",
        "init_lora_weights",
        "layers_pattern",
        "bias"
    };

    @TempDir
    private Path folder;

    private final List<String> canaries = new ArrayList<>();

    @Test
    void no_planted_word_leaves_the_reader() throws IOException {
        Path logs = folder.resolve("logs");
        mlperf(logs.resolve("known"), "gpt3", "NVIDIA H100-SXM5-80GB");
        mlperf(logs.resolve("unknown"), canary("benchmark"), canary("device"));
        mlperf(logs.resolve("mixed"), "llama31_8b", "NVIDIA H100-SXM5-80GB of " + canary("device-owner"));
        trainer(logs.resolve("described"), "\"llama\"", "\"LORA\"", "[\"q_proj\"]", "");
        trainer(logs.resolve("unknown-model"), text("model_type"), "\"LORA\"", "[\"q_proj\"]", "");
        trainer(logs.resolve("unknown-method"), "\"llama\"", text("peft_type"), "[" + text("module") + "]", "");
        trainer(logs.resolve("unknown-modules"), "\"llama\"", "\"LORA\"", "[" + text("modules") + "]", "");
        trainer(
                logs.resolve("pattern"),
                "\"llama\"",
                "\"LORA\"",
                text("regex"),
                "\"rank_pattern\": {" + text("key") + ": 4},");
        twice(logs.resolve("twice"));
        layers(logs.resolve("layers"));
        Path ledger = folder.resolve("ledger");
        var told = new StringBuilder();
        for (String output : new String[] {"table", "json"}) {
            told.append(all(CommandLineRun.of("analyze", logs, "--output", output, "--profile", "live")));
            told.append(all(
                    CommandLineRun.of("ingest", "--ledger", ledger, logs, "--output", output, "--profile", "live")));
            told.append(all(CommandLineRun.of("totals", "--ledger", ledger, "--output", output)));
            told.append(all(CommandLineRun.of("verify", ledger, "--output", output)));
        }
        for (String format : new String[] {"cyclonedx", "openlineage", "spdx", "eu-form"}) {
            told.append(all(CommandLineRun.of("export", "--format", format, logs)));
            told.append(all(CommandLineRun.of("export", "--format", format, "--ledger", ledger)));
        }
        LedgerAudit audit = LedgerAudit.of(ledger);
        audit.specs()
                .forEach((run, spec) -> told.append(run)
                        .append(spec.model())
                        .append(spec.known().ancestors()));

        assertThat(canaries).hasSizeGreaterThan(65);
        String everything = (told + bytes(ledger)).toLowerCase(Locale.ROOT);
        assertThat(canaries.stream().filter(everything::contains)).isEmpty();
        assertThat(everything)
                .contains(
                        "gpt3",
                        "nvidia h100-sxm5-80gb\"",
                        "unknown benchmark #",
                        "unknown device #",
                        "mlperf-unknown-");
    }

    private static String all(CommandLineRun run) {
        assertThat(run.err()).doesNotContain("\tat ");
        return run.out() + run.err();
    }

    private String canary(String place) {
        // Letters only, so that no form of escaping changes it.
        String canary = "kanari" + place.replaceAll("[^a-z]", "") + Character.toString('a' + canaries.size() % 26)
                + Character.toString('a' + canaries.size() / 26);
        canaries.add(canary);
        return canary;
    }

    private String text(String place) {
        return "\"" + canary(place) + "\"";
    }

    private void mlperf(Path place, String benchmark, String device) throws IOException {
        var text = new StringBuilder("host " + canary("host") + "\n");
        for (String field : MLPERF_FIELDS) {
            text.append(entry(field, text(field), ""));
        }
        text.append(entry(canary("key"), "1", ""));
        text.append(entry("submission_benchmark", "\"" + benchmark + "\"", ""));
        text.append(entry("seed", Integer.toString(place.hashCode() & 0xFFFF), ""));
        text.append(entry("global_batch_size", "16", "")).append(entry("max_sequence_length", "2048", ""));
        text.append(entry("run_start", "null", ", \"file\": " + text("file")));
        text.append(entry(
                "run_stop",
                "null",
                ", \"status\": " + text("status") + ", \"samples_count\": 160, \"epoch_num\": 5242880"));
        Files.createDirectories(place);
        Files.writeString(place.resolve("log.txt"), text);
        var system = new StringBuilder("{");
        for (String field : SYSTEM_FIELDS) {
            system.append("\"").append(field).append("\": ").append(text(field)).append(", ");
        }
        Files.writeString(
                place.resolve("system.json"),
                system + "\"number_of_nodes\": 1, \"accelerators_per_node\": 8, \"accelerator_model_name\": \"" + device
                        + "\"}");
    }

    private static String entry(String key, String value, String metadata) {
        return ":::MLLOG {\"time_ms\": 1700000000000, \"key\": \"" + key + "\", \"value\": " + value
                + ", \"metadata\": {\"lineno\": 1" + metadata + "}}\n";
    }

    private void trainer(Path place, String type, String method, String modules, String more) throws IOException {
        Files.createDirectories(place);
        Files.writeString(
                place.resolve("trainer_state.json"),
                fields(TRAINER_FIELDS) + "\"global_step\": 2, \"max_steps\": 2, \"num_input_tokens_seen\": 4096,"
                        + " \"log_history\": [{\"step\": 1, \"note\": " + text("note") + "}], \"total_flos\": 1e16}");
        Files.writeString(place.resolve("config.json"), fields(CONFIG_FIELDS) + "\"model_type\": " + type + LLAMA);
        Files.writeString(
                place.resolve("adapter_config.json"),
                fields(ADAPTER_FIELDS) + more + "\"peft_type\": " + method + ", \"r\": 8, \"target_modules\": "
                        + modules + "}");
        Files.writeString(
                place.resolve("all_results.json"), "{\"train_runtime\": 3.5, \"run\": " + text("result") + "}");
    }

    private static final String LLAMA = ", \"hidden_size\": 64, \"intermediate_size\": 128, \"num_hidden_layers\": 2,"
            + " \"num_attention_heads\": 4, \"vocab_size\": 1000}";

    /** Keys given twice, with a text for their name. */
    private void twice(Path place) throws IOException {
        Files.createDirectories(place);
        String key = text("twice");
        Files.writeString(
                place.resolve("config.json"), "{" + key + ": 1, " + key + ": 2, \"model_type\": \"llama\"" + LLAMA);
        Files.writeString(
                place.resolve("trainer_state.json"),
                "{\"global_step\": 3, \"max_steps\": 3, \"log_history\": [{\"step\": 2, \"loss\": 0.25}], \"total_flos\": 2e16}");
    }

    private void layers(Path place) throws IOException {
        Files.createDirectories(place);
        Files.writeString(
                place.resolve("config.json"),
                "{\"model_type\": \"qwen2\", \"layer_types\": [" + text("layer") + ", " + text("layers") + "]" + LLAMA);
        Files.writeString(
                place.resolve("trainer_state.json"),
                "{\"global_step\": 4, \"max_steps\": 4, \"log_history\": [{\"step\": 2, \"loss\": 0.75}], \"total_flos\": 3e16}");
    }

    private String fields(String[] names) {
        var fields = new StringBuilder("{");
        for (String name : names) {
            fields.append("\"").append(name).append("\": ").append(text(name)).append(", ");
        }
        return fields.toString();
    }

    private static String bytes(Path directory) throws IOException {
        var bytes = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toString();
    }
}
