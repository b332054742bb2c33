package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.flopledger.logs.tensorboard.EventFile;
import org.flopledger.logs.wandb.WandbFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages files of trackers, tables and counters at random places. No reader fails, and every file has a use or a reason. */
class TrackerFuzzTest {

    private static final int ROUNDS = Integer.getInteger("flopledger.rounds", 150);

    @TempDir
    private Path folder;

    @Test
    void survivesDamagedEventFiles() throws IOException {
        var file = new EventFile(1000).text(1000, "args/text_summary", "{\"per_device_train_batch_size\": 4}");
        for (int step = 1; step < 20; step++) {
            file.scalar(1000 + step, step, "train/loss", 1).tensor(1000 + step, step, "train/num_tokens", step * 10);
        }
        damage("events.out.tfevents.1", file.toBytes(), 20_261_141L);
    }

    @Test
    void survivesDamagedTransactionLogs() throws IOException {
        var file = new WandbFile().run("a", 1_700_000_000, "model_type", "\"llama\"", "hidden_size", "32");
        for (int step = 1; step < 30; step++) {
            file.history(
                    "train/global_step",
                    String.valueOf(step),
                    "train/num_tokens",
                    String.valueOf(step * 10),
                    "x",
                    "{\"a\": [1");
        }
        damage("run-a.wandb", file.exit(1).toBytes(), 20_261_142L);
    }

    @Test
    void survivesDamagedFileStores() throws IOException {
        Files.createDirectories(folder.resolve("metrics"));
        Files.writeString(
                folder.resolve("meta.yaml"),
                "run_id: a\nlifecycle_stage: active\nstatus: 3\nstart_time: 1665036126010\n");
        damage("metrics/loss", text("1665036129822 0.17 1\n1665036129823 0.16 2\n1665036130058 NaN 3\n"), 20_261_143L);
        damage("meta.yaml", Files.readAllBytes(folder.resolve("meta.yaml")), 20_261_144L);
    }

    @Test
    void survivesDamagedTables() throws IOException {
        damage(
                "metrics.csv",
                text("epoch,step,train_loss,tokens_seen\n0,9,1.5,90\n0,19,1.4,190\n\"0\",29,,290\n"),
                20_261_145L);
        damage("hparams.yaml", text("a:\n  b:\n  - 1\n  - 2\nmodel_type: llama\nhidden_size: 32\n"), 20_261_146L);
        damage(
                "results.csv",
                text(" epoch, train/box_loss, metrics/mAP50(B)\n 0, 1.5, 0.1\n<<<<<<< HEAD\n 1, 1.2, 0.2\n"),
                20_261_147L);
        damage(
                "export.csv",
                text("run_id,key,value,step,timestamp\na,loss,1,1,1665036129822\nb,num_tokens,64,1,2\n"),
                20_261_148L);
    }

    @Test
    void survivesDamagedCounters() throws IOException {
        damage("gpu.csv", text("timestamp, index, power.draw [W]\n2026/04/25 16:06:06.780, 0, 11.64 W\n"), 20_261_149L);
        damage(
                "gpu16.csv",
                "\uFEFFtimestamp, index, power.draw [W]\r\n2026/04/25 16:06:06.780, 0, 11.64 W\r\n"
                        .getBytes(StandardCharsets.UTF_16LE),
                20_261_150L);
        damage(
                "dcgm.txt",
                text("DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-1\"} 100.5 1700000000000\n"),
                20_261_151L);
        damage(
                "sacct.txt",
                text("JobID|Elapsed|AllocTRES\n1|1-00:00:10|gres/gpu=4\n1.batch|00:10|gres/gpu=4\n"),
                20_261_152L);
        damage(
                "emissions.csv",
                text("timestamp,run_id,duration,emissions,energy_consumed\n2024,a,1.5,2,3\n"),
                20_261_153L);
    }

    @Test
    void survivesDamagedResults() throws IOException {
        damage("lm.json", text("{\"results\": {\"a\": {\"acc\": 0.5}}, \"versions\": {\"a\": 1}}"), 20_261_154L);
        damage("sum.txt", text("MLPerf Results Summary\nSamples per second: 10.5\nResult is : VALID\n"), 20_261_155L);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void damage(String name, byte[] good, long seed) throws IOException {
        var random = new Random(seed);
        Path file = folder.resolve(name);
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, damaged(good, random));
            LogCollection found = TrainingLogs.read(List.of(folder), 1, (done, files) -> {});
            String told = name + ", seed " + seed + ", round " + round;
            assertThat(found.rejections())
                    .as(told)
                    .extracting(Rejection::reason)
                    .doesNotContain(RejectionReason.READER_FAILED);
            assertThat(found.uses()).as(told).hasSize((int) found.files());
            for (FileUse use : found.uses()) {
                assertThat(use.use() != FileUse.Use.UNUSED || use.reason() != null)
                        .as(told)
                        .isTrue();
            }
            for (LoggedRun run : found.runs()) {
                assertThat(RunCompute.of(run)).as(told).isNotNull();
                Long tokens = run.progress().tokens();
                assertThat(tokens == null || tokens >= 0).as(told).isTrue();
            }
        }
        Files.write(file, good);
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bad = good.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bad.length);
            switch (random.nextInt(4)) {
                case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bad[at] = (byte) random.nextInt();
                case 2 -> bad = Arrays.copyOf(bad, 1 + at);
                default -> {
                    int to = Math.min(bad.length, at + random.nextInt(20));
                    byte[] piece = Arrays.copyOfRange(bad, at, to);
                    byte[] longer = new byte[bad.length + piece.length];
                    System.arraycopy(bad, 0, longer, 0, at);
                    System.arraycopy(piece, 0, longer, at, piece.length);
                    System.arraycopy(bad, at, longer, at + piece.length, bad.length - at);
                    bad = longer;
                }
            }
        }
        return bad;
    }
}
