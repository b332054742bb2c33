package org.flopledger.logs.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.logs.FileUse;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedEvidence;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.wandb.WandbFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareTest {

    @TempDir
    private Path folder;

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private LoggedEvidence only() {
        LogCollection found = read();
        assertThat(found.runs()).isEmpty();
        assertThat(found.evidence()).hasSize(1);
        assertThat(found.uses()).extracting(FileUse::use).containsExactly(FileUse.Use.EVIDENCE);
        return found.evidence().get(0);
    }

    private void write(String name, String text, Charset charset) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(charset));
    }

    private void write(String name, String text) throws IOException {
        write(name, text, StandardCharsets.UTF_8);
    }

    private static void is(LoggedEvidence evidence, String figure, String value) {
        assertThat(evidence.figure(figure)).as(figure).isNotNull();
        assertThat(evidence.figure(figure)).as(figure).isEqualByComparingTo(new BigDecimal(value));
    }

    @Test
    void addsSamplesOfEveryDevice() throws IOException {
        write(
                "gpu.csv",
                "timestamp, index, power.draw [W], utilization.gpu [%]\n2026/04/25 16:06:00.000, 0, 100.00 W, 50 %\n"
                        + "2026/04/25 16:06:00.000, 1, 200.00 W, 100 %\n2026/04/25 16:06:10.000, 0, 100.00 W, 50 %\n"
                        + "2026/04/25 16:06:10.000, 1, [N/A], 100 %\n");
        LoggedEvidence evidence = only();

        assertThat(evidence.format().label()).isEqualTo("nvidia-smi");
        is(evidence, "samples", "4");
        is(evidence, "devices", "2");
        is(evidence, "device-seconds", "20");
        is(evidence, "energy", "3000");
        is(evidence, "busy-mean", "0.75");
        assertThat(evidence.start()).isNull();
        assertThat(evidence.warnings()).extracting(LogWarning::code).containsExactly(LogWarning.Code.ZONE_UNKNOWN);
    }

    @Test
    void readsWhatPowerShellRedirected() throws IOException {
        String table =
                "timestamp, power.draw [W]\r\n2024/10/30 18:42:33.000, 22.50 W\r\n2024/10/30 18:42:34.000, 23.50 W\r\n";
        write("gpu.csv", "\uFEFF" + table, StandardCharsets.UTF_16LE);
        LoggedEvidence evidence = only();

        is(evidence, "samples", "2");
        is(evidence, "power-mean", "23");
        is(evidence, "energy", "22.5");
        assertThat(evidence.figure("devices")).isNull();
    }

    @Test
    void tellsColumnsByTheirUnitsWhereThereIsNoHead() throws IOException {
        write(
                "gpu.csv",
                "2026/04/25 16:06:06.780, 10 %, 5 %, 2 MiB, 20146 MiB, 27, 11.64 W\n"
                        + "2026/04/25 16:06:11.780, 30 %, 5 %, 2 MiB, 20146 MiB, 27, 11.36 W\nbroken, 1\n");
        LogCollection found = read();
        LoggedEvidence evidence = found.evidence().get(0);

        is(evidence, "samples", "2");
        is(evidence, "busy-mean", "0.2");
        is(evidence, "memory-busy-mean", "0.05");
        is(evidence, "power-maximum", "11.64");
        assertThat(found.rejections())
                .containsExactly(new Rejection(RejectionReason.UNEVEN_ROW, 1, folder.resolve("gpu.csv") + ":3"));
    }

    @Test
    void doesNotCountWhatNobodyWatched() throws IOException {
        write(
                "gpu.csv",
                "timestamp, index, power.draw [W]\n2026/04/25 10:00:00.000, 0, 100 W\n2026/04/25 10:01:00.000, 0, 100 W\n"
                        + "2026/04/25 20:00:00.000, 0, 100 W\n2026/04/25 20:01:00.000, 0, 100 W\n");
        LoggedEvidence evidence = only();

        is(evidence, "device-seconds", "120");
        is(evidence, "energy", "12000");
        assertThat(evidence.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.NOT_WATCHED);
    }

    @Test
    void readsScrapesOfCountersWithResetsAndBlanks() throws IOException {
        var text = new StringBuilder("# HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).\n");
        long[] energy = {1_000_000, 31_000_000, 5_000_000};
        for (int i = 0; i < 3; i++) {
            String labels =
                    "{gpu=\"0\",UUID=\"GPU-1\",Hostname=\"secret-host\",modelName=\"NVIDIA H100, \\\"80\\\" {GB}\"} ";
            long at = 1_700_000_000_000L + 30_000L * i;
            text.append("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION" + labels + energy[i] + " " + at + "\n")
                    .append("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE" + labels + (i == 2 ? 40 : 0.4) + " " + at + "\n")
                    .append("DCGM_FI_DEV_GPU_UTIL" + labels + "90 " + at + "\n")
                    .append("DCGM_FI_DEV_MEM_COPY_UTIL" + labels + "9223372036854775794 " + at + "\n");
        }
        write("metrics.txt", text.toString());
        LoggedEvidence evidence = only();

        is(evidence, "devices", "1");
        is(evidence, "device-seconds", "60");
        // 30 kJ, then the counter began again: 5 kJ.
        is(evidence, "energy", "35000");
        assertThat(evidence.figure("tensor-active-mean").doubleValue()).isCloseTo(0.4, within(1e-12));
        is(evidence, "busy-mean", "0.9");
        assertThat(evidence.figure("memory-busy-mean")).isNull();
        assertThat(evidence.toString()).doesNotContain("secret-host").doesNotContain("GPU-1");
    }

    @Test
    void addsJobsAndNotTheirSteps() throws IOException {
        write(
                "jobs.txt",
                "JobID|JobName|State|ElapsedRaw|AllocTRES|ConsumedEnergyRaw\n"
                        + "1001|secret|COMPLETED|3600|billing=8,cpu=8,gres/gpu:a100=4,gres/gpu=4|5000\n"
                        + "1001.batch|batch|COMPLETED|3600|cpu=8,gres/gpu=4|5000\n1001.0|x|COMPLETED|3600|cpu=8,gres/gpu=4|\n"
                        + "1002|cpu|COMPLETED|60|cpu=8|0\n1003_1|a|COMPLETED|10|gres/gpu:h100=2|\n"
                        + "1004|bad|COMPLETED|never|gres/gpu=2|\n1005|short\n");
        LogCollection found = read();
        LoggedEvidence evidence = found.evidence().get(0);

        is(evidence, "jobs", "3");
        is(evidence, "jobs-with-devices", "2");
        is(evidence, "device-seconds", "14420");
        is(evidence, "energy", "5000");
        assertThat(found.rejections())
                .extracting(Rejection::reason)
                .containsExactlyInAnyOrder(RejectionReason.MALFORMED_RECORD, RejectionReason.UNEVEN_ROW);
        assertThat(evidence.toString()).doesNotContain("secret");
    }

    @Test
    void readsDurationsWithDays() {
        assertThat(Cells.seconds("1-02:03:04")).isEqualTo(93_784);
        assertThat(Cells.seconds("02:03:04")).isEqualTo(7_384);
        assertThat(Cells.seconds("03:04.500")).isEqualTo(184);
        assertThat(Cells.seconds("soon")).isEqualTo(-1);
    }

    @Test
    void findsTheJobThatALogIsNamedAfter() throws IOException {
        write("jobs.txt", "JobID|ElapsedRaw|AllocTRES\n4711001|100|gres/gpu=8\n4711002|50|gres/gpu=2\n");
        var file = new WandbFile().run("abc", 1_700_000_000);
        file.history("train/global_step", "1", "train/loss", "1");
        Files.write(folder.resolve("run-4711001.wandb"), file.toBytes());

        LogCollection found = read();

        assertThat(found.runs()).hasSize(1);
        assertThat(found.evidence()).hasSize(2);
        assertThat(found.evidence().get(0).run()).isNull();
        assertThat(found.evidence().get(1).run()).isEqualTo(found.runs().get(0).id());
        is(found.evidence().get(1), "device-seconds", "800");
    }

    @Test
    void bindsEvidenceToTheOnlyRunOfItsTimeAndPlace() throws IOException {
        String labels = "{UUID=\"GPU-1\"} ";
        write(
                "exp/dcgm.txt",
                "DCGM_FI_DEV_GPU_UTIL" + labels + "90 1700000000000\nDCGM_FI_DEV_GPU_UTIL" + labels
                        + "90 1700000060000\n");
        Files.write(
                folder.resolve("exp/run-a.wandb"),
                new WandbFile()
                        .run("abc", 1_700_000_010)
                        .history("train/global_step", "1", "train/loss", "1", "_timestamp", "1700000050")
                        .toBytes());

        LogCollection found = read();

        assertThat(found.evidence().get(0).run()).isEqualTo(found.runs().get(0).id());

        Files.createDirectories(folder.resolve("exp/other"));
        Files.write(
                folder.resolve("exp/other/run-b.wandb"),
                new WandbFile()
                        .run("def", 1_700_000_020)
                        .history("train/global_step", "7", "train/loss", "3", "_timestamp", "1700000055")
                        .toBytes());
        assertThat(read().evidence().get(0).run()).isNull();
    }

    @Test
    void takesTheLastRowOfAMeasurementThatWentOn() throws IOException {
        write(
                "emissions.csv",
                "timestamp,run_id,duration,emissions,energy_consumed,gpu_energy,gpu_count,longitude\n"
                        + "2024-04-18T15:29:14,a,50,0.1,0.0001,0.00005,2,12.34567\n2024-04-18T15:30:14,a,110,0.2,0.0003,0.0001,2,12.34567\n"
                        + "2024-04-18T15:33:26,b,10,0.1,0.0002,0.0001,2,12.34567\n");
        LoggedEvidence evidence = only();

        is(evidence, "rows", "3");
        is(evidence, "measurements", "2");
        is(evidence, "duration", "120");
        assertThat(evidence.figure("energy").doubleValue()).isCloseTo(1_800, within(1e-9));
        is(evidence, "device-seconds", "240");
        assertThat(evidence.toString()).doesNotContain("12.34567");
    }

    @Test
    void namesDatabasesThatAreNotRead() throws IOException {
        byte[] bytes = new byte[4096];
        System.arraycopy("SQLite format 3".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 15);
        Files.write(folder.resolve("trackio.db"), bytes);

        assertThat(read().unused()).extracting(FileUse::reason).containsExactly(RejectionReason.UNSUPPORTED_SQLITE);
    }
}
