package org.flopledger.logs.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.flopledger.logs.FileUse;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WandbTest {

    private static final String LOG = "wandb/run-1/run-abc.wandb";

    @TempDir
    private Path folder;

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static WandbFile steps(long last) {
        return steps(new WandbFile().run("abc", 1_700_000_000, "per_device_train_batch_size", "3"), 1, last);
    }

    private static WandbFile steps(WandbFile file, long first, long last) {
        for (long step = first; step <= last; step++) {
            file.history(
                    "train/loss", String.valueOf(5 - step / 100.0),
                    "train/num_input_tokens_seen", String.valueOf(step * 120),
                    "_timestamp", String.valueOf(1_700_000_000L + step),
                    "train/global_step", String.valueOf(step));
        }
        return file;
    }

    @Test
    void readsTheHistoryOfAnOfflineRun() throws IOException {
        write(LOG, steps(40).exit(0).toBytes());

        LoggedRun run = read().runs().get(0);

        assertThat(run.progress().steps()).isEqualTo(40);
        assertThat(run.progress().tokens()).isEqualTo(4_800);
        assertThat(run.setting().microBatchSize()).isEqualTo(3);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
        assertThat(run.timing().durationMillis()).isEqualTo(40_000);
    }

    @Test
    void readsRecordsThatGoOverBlocks() throws IOException {
        WandbFile file = steps(5);
        file.history("sample", "\"" + "x".repeat(100_000) + "\"", "train/global_step", "6", "train/loss", "1");
        write(LOG, steps(file, 7, 900).toBytes());

        LogCollection found = read();

        assertThat(found.runs().get(0).progress().steps()).isEqualTo(900);
        assertThat(found.runs().get(0).progress().lastStep()).isEqualTo(900);
        assertThat(found.rejections()).isEmpty();
    }

    @Test
    void usesWhatComesBeforeACrash() throws IOException {
        byte[] whole = steps(40).toBytes();
        write(LOG, Arrays.copyOf(whole, whole.length - 5));

        LogCollection found = read();

        assertThat(found.runs().get(0).progress().lastStep()).isEqualTo(39);
        assertThat(found.runs().get(0).status()).isEqualTo(RunStatus.UNFINISHED);
        assertThat(found.rejections()).extracting(Rejection::reason).containsExactly(RejectionReason.TRUNCATED_TAIL);
    }

    /** Regression 1: a tail shorter than a chunk's head was reported for ever. */
    @Test
    void endsAtATailOfAFewBytes() throws IOException {
        byte[] whole = steps(4).toBytes();
        byte[] longer = Arrays.copyOf(whole, whole.length + 3);
        longer[longer.length - 1] = 1;
        write(LOG, longer);

        LogCollection found = read();

        assertThat(found.runs().get(0).progress().lastStep()).isEqualTo(4);
        assertThat(found.rejections())
                .containsExactly(
                        new Rejection(RejectionReason.TRUNCATED_TAIL, 1, folder.resolve(LOG) + ":" + whole.length));
    }

    @Test
    void givesUpTheRestOfABlockWithABadChecksum() throws IOException {
        byte[] bytes = steps(900).toBytes();
        bytes[40_000] ^= 1;
        write(LOG, bytes);

        LogCollection found = read();

        assertThat(found.rejections()).extracting(Rejection::reason).contains(RejectionReason.BAD_CHECKSUM);
        // Later blocks are read; the total of the tokens still knows of the rows between.
        assertThat(found.runs().get(0).progress().lastStep()).isEqualTo(900);
        assertThat(found.runs().get(0).progress().tokens()).isEqualTo(900 * 120);
    }

    @Test
    void neverTakesRowsOfTheHistoryForSteps() throws IOException {
        var file = new WandbFile().run("abc", 1_700_000_000);
        for (int row = 0; row < 20; row++) {
            file.history("_step", String.valueOf(row), "loss", "1.0", "tokens_seen", String.valueOf(64 * (row + 1)));
        }
        write(LOG, file.toBytes());

        LoggedRun run = read().runs().get(0);

        assertThat(run.progress().steps()).isNull();
        assertThat(run.progress().tokens()).isEqualTo(20 * 64);
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.STEPS_NOT_NAMED);
    }

    @Test
    void readsASummaryAndTheSettingsBesideIt() throws IOException {
        write(
                "wandb/run-1/files/wandb-summary.json",
                "{\"_step\": 20, \"_runtime\": 544.5, \"_timestamp\": 1707938861.5, \"iter\": 5000, \"train/loss\": 0.9}"
                        .getBytes());
        write(
                "wandb/run-1/files/config.yaml",
                ("wandb_version: 1\n\n_wandb:\n  desc: null\n  value:\n    python_version: 3.10\n"
                                + "per_device_train_batch_size:\n  desc: null\n  value: 7\n")
                        .getBytes());

        LogCollection found = read();
        LoggedRun run = found.runs().get(0);

        assertThat(run.progress().lastStep()).isEqualTo(5_000);
        assertThat(run.setting().microBatchSize()).isEqualTo(7);
        assertThat(run.timing().durationMillis()).isEqualTo(544_500);
        assertThat(found.uses()).extracting(FileUse::use).containsOnly(FileUse.Use.USED);
    }

    @Test
    void readsTheModelThatATrainerPutIntoTheSettings() throws IOException {
        WandbFile file = new WandbFile()
                .run(
                        "abc",
                        1_700_000_000,
                        "model_type",
                        "\"llama\"",
                        "hidden_size",
                        "32",
                        "intermediate_size",
                        "96",
                        "num_attention_heads",
                        "4",
                        "num_hidden_layers",
                        "2",
                        "vocab_size",
                        "304");
        write(LOG, steps(file, 1, 3).toBytes());

        assertThat(read().runs().get(0).model().architecture().name()).isEqualTo("llama");
    }

    @Test
    void keepsNoNamesOfHosts() throws IOException {
        write(LOG, steps(3).toBytes());

        assertThat(read().toString()).doesNotContain("secret-host");
    }
}
