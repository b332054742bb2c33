package org.flopledger.logs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MappingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {

    @TempDir
    private Path folder;

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void readsSparseRowsOfLightning() throws IOException {
        write(
                "version_0/metrics.csv",
                "epoch,step,train_loss_step,train_loss_epoch,val_loss\n0,9,1.5,,\n0,19,1.4,,\n0,19,,,1.3\n0,19,,1.45,\n1,29,1.2,,\n");
        write("version_0/hparams.yaml", "batch_size: 6\nsequence_length: 128\nname: secret\n");

        LogCollection found = read();
        LoggedRun run = found.runs().get(0);

        assertThat(run.format().label()).isEqualTo("lightning-csv");
        assertThat(run.progress().steps()).isEqualTo(30);
        assertThat(run.progress().lastStep()).isEqualTo(29);
        assertThat(run.attempts()).isEqualTo(1);
        assertThat(run.setting().microBatchSize()).isEqualTo(6);
        assertThat(run.setting().longestSequence()).isEqualTo(128);
        assertThat(found.unused()).isEmpty();
    }

    @Test
    void knowsARunOfKerasAndNotWhatItCost() throws IOException {
        write(
                "log.csv",
                "epoch,accuracy,loss,val_accuracy,val_loss\n0,0.8,0.4,0.8,0.3\n1,0.9,0.2,0.8,0.3\n2,0.9,0.1,0.8,0.4\n");

        LoggedRun run = read().runs().get(0);

        assertThat(run.progress().steps()).isNull();
        assertThat(RunCompute.of(run).total()).isNull();
        assertThat(run.warnings())
                .containsExactly(new LogWarning(
                        LogWarning.Code.ONLY_EPOCHS,
                        "the log tells of 3 epochs and not of steps, so what they cost is not known"));
    }

    @Test
    void countsConflictMarkersAndShortRowsOfUltralytics() throws IOException {
        write(
                "results.csv",
                "  epoch,  train/box_loss,  metrics/mAP50(B),  val/box_loss\n 0, 1.6, 0.7, 1.7\n<<<<<<< HEAD\n 1, 1.5, 0.7, 1.6\n"
                        + "=======\n 1, 1.4, 0.7, 1.6\n>>>>>>> 41feda3f\n 2, 1.3\n");

        LogCollection found = read();

        assertThat(found.runs().get(0).format().label()).isEqualTo("ultralytics-csv");
        assertThat(found.runs().get(0).warnings())
                .extracting(LogWarning::code)
                .containsExactly(LogWarning.Code.ONLY_EPOCHS);
        assertThat(found.rejections())
                .containsExactlyInAnyOrder(
                        new Rejection(RejectionReason.CONFLICT_MARKER, 3, folder.resolve("results.csv") + ":3"),
                        new Rejection(RejectionReason.UNEVEN_ROW, 1, folder.resolve("results.csv") + ":8"));
    }

    @Test
    void readsAHistoryExportedFromWandb() throws IOException {
        write(
                "history.csv",
                "_step,_runtime,_timestamp,train/loss,train/global_step,train/num_tokens\n0,1.5,1700000001,2.0,10,640\n"
                        + "1,2.5,1700000002,1.9,20,1280\n");

        LoggedRun run = read().runs().get(0);

        assertThat(run.format().label()).isEqualTo("wandb-export");
        assertThat(run.progress().steps()).isEqualTo(20);
        assertThat(run.progress().tokens()).isEqualTo(1_280);
        assertThat(run.timing().durationMillis()).isEqualTo(1_000);
    }

    @Test
    void readsAChartOfSeveralRuns() throws IOException {
        write(
                "chart.csv",
                "\"train/global_step\",\"one - train/num_tokens\",\"one - train/num_tokens__MIN\",\"one - train/num_tokens__MAX\","
                        + "\"two - train/num_tokens\",\"two - train/num_tokens__MIN\",\"two - train/num_tokens__MAX\"\n"
                        + "1,100,100,100,70,70,70\n2,200,200,200,,,\n");

        LogCollection found = read();

        assertThat(found.runs()).hasSize(2);
        assertThat(found.runs()).extracting(run -> run.progress().tokens()).containsExactlyInAnyOrder(200L, 70L);
    }

    @Test
    void readsOneValueARowOfSeveralRunsOfMlflow() throws IOException {
        write(
                "export.csv",
                "run_id,key,value,step,timestamp\na,loss,1.5,1,1665036129822\na,num_tokens,64,1,1665036129822\n"
                        + "b,loss,1.5,1,1665036129822\na,loss,1.4,2,1665036130822\na,num_tokens,128,2,1665036130822\n");

        LogCollection found = read();

        assertThat(found.runs()).hasSize(2);
        assertThat(found.runs()).extracting(run -> run.progress().steps()).containsExactlyInAnyOrder(2L, 1L);
        assertThat(found.runs()).extracting(run -> run.progress().tokens()).contains(128L);
    }

    @Test
    void readsSeriesOfNeptune() throws IOException {
        write(
                "neptune.csv",
                "run_id,attribute_path,attribute_type,step,timestamp,float_value\nR-1,train/loss,float_series,1,1665036129822,1.5\n"
                        + "R-1,train/num_tokens,float_series,1,1665036129822,64\n");

        assertThat(read().runs().get(0).format().label()).isEqualTo("neptune-export");
        assertThat(read().runs().get(0).progress().tokens()).isEqualTo(64);
    }

    @Test
    void readsAnyTableByADeclaredMapping() throws IOException {
        Path declared = write(
                "declared.json",
                "{\"schema\": \"flopledger.mapping/1\", \"name\": \"mine\", \"firstStep\": 0, \"columns\": ["
                        + "{\"name\": \"it\", \"means\": \"step\"}, {\"name\": \"seen.millions\", \"means\": \"tokens\","
                        + " \"counts\": \"total\", \"of\": \"all\", \"unit\": \"million\"},"
                        + " {\"name\": \"gpus\", \"means\": \"devices\"}, {\"name\": \"mbs\", \"means\": \"micro-batch\"}]}");
        write(
                "logs/my.jsonl",
                "{\"it\": 4, \"seen\": {\"millions\": 2.5}, \"gpus\": 16}\n{\"it\": 9, \"seen\": {\"millions\": 5}}\nx\n");
        ColumnMapping mapping = ColumnMapping.read(declared);

        LogCollection found = TrainingLogs.read(
                List.of(folder.resolve("logs")), 1, List.of(new MappedSource(mapping)), (done, files) -> {});
        LoggedRun run = found.runs().get(0);

        assertThat(run.progress().steps()).isEqualTo(10);
        assertThat(run.progress().tokens()).isEqualTo(5_000_000);
        assertThat(run.devices().count()).isEqualTo(16);
        assertThat(run.setting().modelOrigin()).isEqualTo(ModelOrigin.NONE);
        assertThat(found.rejections())
                .containsExactly(
                        new Rejection(RejectionReason.MALFORMED_RECORD, 1, folder.resolve("logs/my.jsonl") + ":3"));
    }

    @Test
    void explainsWhatEachColumnBecame() throws IOException {
        Path table = write("t.csv", "step,tokens_seen,train_loss,weather\n1,2,3,4\n");

        assertThat(MappedSource.explain(table, ColumnMapping.named("lightning-csv")))
                .extracting(MappedSource.Explained::line)
                .containsExactly(
                        "step: step",
                        "tokens_seen: tokens, counts auto, of unsaid",
                        "train_loss: progress",
                        "weather: not known, not used");
    }

    @Test
    void saysWhatIsWrongWithAMapping() throws IOException {
        Path noMeaning = write(
                "a.json",
                "{\"schema\": \"flopledger.mapping/1\", \"name\": \"a\", \"columns\": [{\"name\": \"x\", \"means\": \"y\"}]}");
        Path unknownField = write(
                "b.json", "{\"schema\": \"flopledger.mapping/1\", \"name\": \"a\", \"columns\": [], \"run\": \"rm\"}");

        assertThatThrownBy(() -> ColumnMapping.read(noMeaning))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("columns[0].means");
        assertThatThrownBy(() -> ColumnMapping.read(unknownField))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("not known");
    }

    @Test
    void shipsMappingsThatCanBeRead() {
        for (String name : List.of(
                "trackers",
                "tensorboard",
                "wandb",
                "mlflow",
                "neptune",
                "lightning-csv",
                "keras-csv",
                "ultralytics-csv")) {
            assertThat(ColumnMapping.named(name).name()).isEqualTo(name);
        }
        assertThatThrownBy(() -> ColumnMapping.named("../secret")).isInstanceOf(MappingException.class);
    }
}
