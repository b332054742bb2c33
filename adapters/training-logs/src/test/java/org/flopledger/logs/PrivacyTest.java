package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, addresses and other text of a log never leave the reader. Every planted word holds the same canary. */
class PrivacyTest {

    private static final String CANARY = "canary";

    @TempDir
    private Path folder;

    @Test
    void keepsNoTextOfAnMlperfLogOrItsSystemDescription() throws IOException {
        new MlperfLogWriter()
                .text("host canary.example.org, user canary")
                .value("submission_poc_name", "\"Ann Canary\"".toLowerCase(java.util.Locale.ROOT))
                .value("submission_poc_email", "\"canary@example.org\"")
                .value("submission_org", "\"canary inc\"")
                .value("submission_platform", "\"8xcanary\"")
                .value("opt_name", "\"canary\"")
                .text(":::MLLOG {\"time_ms\": 1, \"key\": \"canary")
                .benchmark("llama2_70b_lora", 8)
                .start()
                .evaluated("samples_count", 80)
                .stop("canary", "samples_count", 80)
                .to(folder.resolve("log.txt"));
        Files.writeString(
                folder.resolve("system.json"),
                "{\"submitter\": \"canary\", \"hostname\": \"canary\", \"number_of_nodes\": 1, \"accelerators_per_node\": 8,"
                        + " \"accelerator_model_name\": \"NVIDIA H100-SXM5-80GB\", \"hw_notes\": \"canary\"}");

        assertNoCanary();
    }

    @Test
    void keepsNoTextOfATrainersFiles() throws IOException {
        Files.writeString(
                folder.resolve("trainer_state.json"),
                "{\"best_model_checkpoint\": \"/home/canary/out\", \"trial_name\": \"canary\", \"global_step\": 2,"
                        + " \"max_steps\": 2, \"log_history\": [{\"step\": 1, \"note\": \"canary\"}], \"total_flos\": 1e16}");
        Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 8, \"base_model_name_or_path\": \"/home/canary/model\","
                        + " \"target_modules\": [\"canary\"]}");
        Files.writeString(folder.resolve("all_results.json"), "{\"train_runtime\": 3.5, \"run_name\": \"canary\"}");

        assertNoCanary();
    }

    @Test
    void keepsNoTextOfFilesThatCannotBeRead() throws IOException {
        Files.writeString(folder.resolve("a.json"), "{\"canary\": canary}");
        Files.writeString(folder.resolve("b.json"), "{\"canary\": \"canary");
        Files.writeString(folder.resolve("c.txt"), "canary");
        Files.writeString(folder.resolve("d.json"), "{\"canary\": \"" + "canary".repeat(300_000) + "\"}");

        assertNoCanary();
    }

    private void assertNoCanary() {
        LogCollection found = TrainingLogs.read(List.of(folder), (done, files) -> {});
        var told = new StringBuilder(found.toString());
        found.runs()
                .forEach(run -> told.append(RunCompute.of(run).estimates())
                        .append(RunCompute.of(run).warnings()));

        assertThat(told.toString().toLowerCase(java.util.Locale.ROOT)).doesNotContain(CANARY);
    }
}
