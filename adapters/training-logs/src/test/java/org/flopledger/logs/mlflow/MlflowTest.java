package org.flopledger.logs.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.flopledger.logs.FileUse;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowTest {

    @TempDir
    private Path folder;

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve("mlruns/1/f8b0").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void meta(String status) throws IOException {
        write(
                "meta.yaml",
                "artifact_uri: file:///secret\nend_time: 1665036131605\nlifecycle_stage: active\nrun_id: f8b0\n"
                        + "run_uuid: f8b0\nstart_time: 1665036126010\nstatus: " + status + "\ntags: []\n");
    }

    @Test
    void putsTheFilesOfARunTogether() throws IOException {
        meta("3");
        var loss = new StringBuilder();
        var tokens = new StringBuilder();
        for (int step = 1; step <= 10; step++) {
            loss.append(1_665_036_126_100L + step).append(" 1.5 ").append(step).append('\n');
            tokens.append(1_665_036_126_100L + step)
                    .append(' ')
                    .append(step * 96.0)
                    .append(' ')
                    .append(step)
                    .append('\n');
        }
        write("metrics/train/loss", loss.toString());
        write("metrics/num_tokens", tokens.toString());
        write("params/per_device_train_batch_size", "8");
        write("params/model_type", "llama");
        write("params/hidden_size", "32");
        write("params/intermediate_size", "96");
        write("params/num_attention_heads", "4");
        write("params/num_hidden_layers", "2");
        write("params/vocab_size", "304");
        write("tags/mlflow.user", "secret");

        LogCollection found = read();
        LoggedRun run = found.runs().get(0);

        assertThat(run.progress().steps()).isEqualTo(10);
        assertThat(run.progress().tokens()).isEqualTo(960);
        assertThat(run.setting().microBatchSize()).isEqualTo(8);
        assertThat(run.model().architecture().name()).isEqualTo("llama");
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
        assertThat(run.timing().start()).isEqualTo(Instant.ofEpochMilli(1_665_036_126_010L));
        assertThat(run.timing().durationMillis()).isEqualTo(5_595);
        assertThat(found.uses()).hasSize(11).extracting(FileUse::use).containsOnly(FileUse.Use.USED);
    }

    @Test
    void knowsARunWhoseMetricsNameNoSteps() throws IOException {
        meta("FINISHED");
        write("metrics/test_loss", "1665036129822 0.17 0\n1665036130058 0.18 0\n");

        LoggedRun run = read().runs().get(0);

        assertThat(run.progress().steps()).isNull();
        assertThat(run.progress().tokens()).isNull();
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
    }

    @Test
    void countsLinesOfAnotherForm() throws IOException {
        meta("4");
        write("metrics/loss", "1665036129822 0.17 1\nnonsense\n1665036130058 0.18 2\n");

        LogCollection found = read();

        assertThat(found.runs().get(0).progress().steps()).isEqualTo(2);
        assertThat(found.runs().get(0).status()).isEqualTo(RunStatus.ABORTED);
        assertThat(found.rejections())
                .containsExactly(new Rejection(
                        RejectionReason.MALFORMED_RECORD, 1, folder.resolve("mlruns/1/f8b0/metrics/loss") + ":2"));
    }

    @Test
    void leavesOtherFoldersOfThatNameAlone() throws IOException {
        Path file = folder.resolve("metrics/loss");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "1665036129822 0.17 1\n");

        assertThat(read().runs()).isEmpty();
        assertThat(read().unused()).hasSize(1);
    }
}
