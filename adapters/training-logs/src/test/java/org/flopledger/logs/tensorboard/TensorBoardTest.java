package org.flopledger.logs.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.flopledger.logs.FileUse;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.StepField;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.Unknown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {

    private static final String LLAMA =
            "{\"model_type\": \"llama\", \"hidden_size\": 32, \"intermediate_size\": 96, \"num_attention_heads\": 4,"
                    + " \"num_hidden_layers\": 2, \"vocab_size\": 304, \"tie_word_embeddings\": true}";

    @TempDir
    private Path folder;

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private static EventFile steps(double from, long first, long last, long tokensEach) {
        var file = new EventFile(from);
        for (long step = first; step <= last; step++) {
            file.scalar(from + step, step, "train/loss", 5 - step / 100f)
                    .scalar(from + step, step, "train/num_input_tokens_seen", step * tokensEach);
        }
        return file;
    }

    @Test
    void masksChecksumsAsTheFormatDefines() {
        // The first 12 bytes of every event file whose version record has 24 bytes, as TensorFlow and PyTorch write it.
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(24)
                .array();
        assertThat(TfRecordReader.masked(length, 8)).isEqualTo(0x224B7FA3);
    }

    @Test
    void readsStepsTokensModelAndSettings() throws IOException {
        var file = new EventFile(1000)
                .text(
                        1000,
                        "args/text_summary",
                        "{\"per_device_train_batch_size\": 4, \"gradient_accumulation_steps\": 2,"
                                + " \"include_num_input_tokens_seen\": \"all\", \"hub_token\": \"secret\"}")
                .text(1000, "model_config/text_summary", LLAMA);
        for (long step = 10; step <= 50; step += 10) {
            file.scalar(1000 + step, step, "train/loss", 1f)
                    .scalar(1000 + step, step, "train/num_input_tokens_seen", step * 120);
        }
        write("runs/now/events.out.tfevents.1000.host.1.0", file.toBytes());

        LoggedRun run = read().runs().get(0);

        assertThat(run.format().label()).isEqualTo("tensorboard");
        assertThat(run.progress().steps()).isEqualTo(50);
        assertThat(run.progress().lastStep()).isEqualTo(50);
        assertThat(run.progress().tokens()).isEqualTo(6_000);
        assertThat(run.setting().microBatchSize()).isEqualTo(4);
        assertThat(run.setting().accumulation()).isEqualTo(2);
        assertThat(run.model()).isNotNull();
        assertThat(run.model().architecture().name()).isEqualTo("llama");
        assertThat(run.setting().unknown())
                .contains(Unknown.DEVICES, Unknown.TRAINED_PARTS)
                .doesNotContain(Unknown.PADDING);
        assertThat(run.timing().durationMillis()).isEqualTo(40_000);
    }

    @Test
    void seesARestartAndCountsWhatWasMadeTwice() throws IOException {
        write(
                "runs/a/events.out.tfevents.1000.host.1.0",
                steps(1000, 1, 16, 120).toBytes());
        write(
                "runs/b/events.out.tfevents.2000.host.1.1",
                steps(2000, 11, 30, 120).toBytes());

        LoggedRun run = read().runs().get(0);

        assertThat(read().runs()).hasSize(1);
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.observations().steps()).isEqualTo(36);
        assertThat(run.progress().lastStep()).isEqualTo(30);
        assertThat(run.observations().total(StepField.TOKENS)).isEqualTo(36 * 120);
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.RESTARTED);
    }

    @Test
    void takesTwoWritersOfTheSameTimeForOneRun() throws IOException {
        write("tb/events.out.tfevents.1000.host.1.0", steps(1000, 1, 30, 120).toBytes());
        write("tb/events.out.tfevents.1001.host.2.0", steps(1001, 1, 30, 120).toBytes());

        LoggedRun run = read().runs().get(0);

        assertThat(read().runs()).hasSize(1);
        assertThat(run.attempts()).isEqualTo(1);
        assertThat(run.progress().tokens()).isEqualTo(3_600);
    }

    @Test
    void usesWhatComesBeforeACutTail() throws IOException {
        byte[] whole = steps(1000, 1, 10, 120).toBytes();
        write("events.out.tfevents.1", Arrays.copyOf(whole, whole.length - 3));

        LogCollection found = read();

        LoggedRun run = found.runs().get(0);
        assertThat(run.progress().lastStep()).isEqualTo(10);
        // The loss of step 10 is there, its tokens are not: known to have been made, unknown in size.
        assertThat(run.progress().tokens()).isNull();
        LoggedSteps.Cursor row = run.observations().cursor();
        long known = 0;
        while (row.next()) {
            known += row.has(StepField.TOKENS) ? row.count() * row.value(StepField.TOKENS) : 0;
        }
        assertThat(known).isEqualTo(9 * 120);
        assertThat(found.rejections()).extracting(Rejection::reason).containsExactly(RejectionReason.TRUNCATED_TAIL);
    }

    @Test
    void skipsARecordWhoseBytesDoNotFitTheirChecksum() throws IOException {
        byte[] bytes = steps(1000, 1, 10, 120).toBytes();
        byte[] before = steps(1000, 1, 4, 120).toBytes();
        bytes[before.length + 20] ^= 1;
        write("events.out.tfevents.1", bytes);

        LogCollection found = read();

        assertThat(found.rejections())
                .containsExactly(new Rejection(
                        RejectionReason.BAD_CHECKSUM,
                        1,
                        folder.resolve("events.out.tfevents.1") + ":" + before.length));
        assertThat(found.runs().get(0).progress().tokens()).isEqualTo(1_200);
    }

    @Test
    void readsScalarsThatAreTensors() throws IOException {
        var file = new EventFile(1000);
        for (long step = 0; step < 5; step++) {
            file.tensor(1001 + step, step, "tokens_seen", (step + 1) * 64).tensor(1001 + step, step, "train_loss", 2f);
        }
        write("events.out.tfevents.1.v2", file.toBytes());

        assertThat(read().runs().get(0).progress().tokens()).isEqualTo(320);
        assertThat(read().runs().get(0).progress().steps()).isEqualTo(5);
    }

    @Test
    void neverTakesEpochsForSteps() throws IOException {
        var file = new EventFile(1000).tensor(1001, 0, "epoch_loss", 1f).tensor(1002, 1, "epoch_loss", .5f);
        write("train/events.out.tfevents.1.v2", file.toBytes());

        LoggedRun run = read().runs().get(0);

        assertThat(run.progress().steps()).isNull();
        assertThat(run.progress().tokens()).isNull();
        assertThat(run.warnings())
                .contains(new LogWarning(
                        LogWarning.Code.ONLY_EPOCHS,
                        "the log tells of 2 epochs and not of steps, so what they cost is not known"));
    }

    @Test
    void givesTheReasonWhereAFileTellsNoTraining() throws IOException {
        write(
                "events.out.tfevents.1",
                new EventFile(1000).scalar(1001, 1, "weather", 20f).toBytes());

        LogCollection found = read();

        assertThat(found.runs()).isEmpty();
        assertThat(found.uses()).extracting(FileUse::reason).containsExactly(RejectionReason.NO_RUN);
    }

    @Test
    void isARepeatOfTheTrainerStateItLiesUnder() throws IOException {
        var history = new StringBuilder();
        for (long step = 11; step <= 30; step++) {
            history.append(history.isEmpty() ? "" : ",")
                    .append("{\"step\":" + step + ",\"loss\":" + (5 - step / 100f) + "}");
        }
        write(
                "trainer_state.json",
                ("{\"global_step\":30,\"max_steps\":30,\"log_history\":[" + history + "]}").getBytes());
        write(
                "runs/a/events.out.tfevents.1000.host.1.0",
                steps(1000, 1, 16, 120).toBytes());
        write(
                "runs/b/events.out.tfevents.2000.host.1.1",
                steps(2000, 11, 30, 120).toBytes());

        LogCollection found = read();

        assertThat(found.runs()).hasSize(1);
        LoggedRun run = found.runs().get(0);
        assertThat(run.format().label()).isEqualTo("trainer-state");
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().tokens()).isEqualTo(36 * 120);
        assertThat(found.duplicates()).hasSize(1);
        assertThat(found.duplicates().get(0).sources()).hasSize(2);
    }

    @Test
    void isARunOfItsOwnWhereTheLossesDiffer() throws IOException {
        write(
                "trainer_state.json",
                ("{\"global_step\":30,\"max_steps\":30,\"log_history\":[{\"step\":11,\"loss\":1.0},{\"step\":12,\"loss\":0.9},"
                                + "{\"step\":30,\"loss\":0.8}]}")
                        .getBytes());
        write(
                "runs/a/events.out.tfevents.1000.host.1.0",
                steps(1000, 1, 30, 120).toBytes());

        assertThat(read().runs()).hasSize(2);
    }
}
