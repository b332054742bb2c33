package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding files, their side files and their repeats. */
class TrainingLogsTest {

    @TempDir
    private Path folder;

    @Test
    void findsALogByItsContentUnderAnyName() throws IOException {
        run(7).to(folder.resolve("notes.md"));

        assertThat(read().runs()).hasSize(1);
    }

    @Test
    void listsTheSameBytesOnce() throws IOException {
        run(7).to(folder.resolve("a/log.txt"));
        run(7).to(folder.resolve("b/log.txt"));

        LogCollection found = read();

        assertThat(found.runs()).hasSize(1);
        assertThat(found.duplicates()).singleElement().satisfies(copy -> {
            assertThat(copy.of()).isEqualTo(found.runs().get(0).id());
            assertThat(copy.why()).isEqualTo("the same bytes");
            assertThat(copy.sources()).containsExactly(folder.resolve("b/log.txt"));
        });
    }

    @Test
    void listsTheSameRunInOtherBytesOnce() throws IOException {
        run(7).to(folder.resolve("a.txt"));
        run(7).text("resubmitted").to(folder.resolve("b.txt"));

        LogCollection found = read();

        assertThat(found.runs()).hasSize(1);
        assertThat(found.duplicates())
                .singleElement()
                .satisfies(copy -> assertThat(copy.why()).contains("same benchmark, seed and start"));
    }

    @Test
    void keepsRunsApartThatDifferInTheirSeed() throws IOException {
        run(7).to(folder.resolve("a.txt"));
        run(8).to(folder.resolve("b.txt"));

        assertThat(read().runs()).hasSize(2);
    }

    @Test
    void readsAFileOnceThatIsNamedTwice() throws IOException {
        Path file = run(7).to(folder.resolve("a.txt"));

        LogCollection found = TrainingLogs.read(List.of(folder, file, folder), (done, files) -> {});

        assertThat(found.files()).isEqualTo(1);
        assertThat(found.runs()).hasSize(1);
        assertThat(found.duplicates()).isEmpty();
    }

    @Test
    void givesARunTheSameIdentityWhereverItsLogLies() throws IOException {
        Path here = run(7).to(folder.resolve("here/a.txt"));
        Path there = run(7).to(folder.resolve("there/b.txt"));

        assertThat(idOf(here)).isEqualTo(idOf(there));
    }

    @Test
    void takesDevicesFromTheSystemWhoseNameIsThatOfAFolderOfTheLog() throws IOException {
        MlperfLogWriter.system(folder.resolve("org/systems/big.json"), "\"128\"", "\"4\"");
        MlperfLogWriter.system(folder.resolve("org/systems/small.json"), "1", "8");
        run(7).to(folder.resolve("org/results/big/gpt3/result_0.txt"));

        LogCollection found = read();

        assertThat(found.runs().get(0).devices()).isEqualTo(new LoggedRun.Devices(512, "NVIDIA H100-SXM5-80GB"));
        assertThat(found.runs().get(0).sources()).contains(folder.resolve("org/systems/big.json"));
        assertThat(found.rejections())
                .containsExactly(new Rejection(
                        RejectionReason.UNUSED_SIDE_FILE,
                        1,
                        folder.resolve("org/systems/small.json").toString()));
    }

    @Test
    void findsTheSystemAlsoWhenOnlyTheLogIsNamed() throws IOException {
        MlperfLogWriter.system(folder.resolve("org/systems/big.json"), "2", "8");
        Path log = run(7).to(folder.resolve("org/results/big/gpt3/result_0.txt"));

        LogCollection found = TrainingLogs.read(List.of(log), (done, files) -> {});

        assertThat(found.runs().get(0).devices()).isEqualTo(new LoggedRun.Devices(16, "NVIDIA H100-SXM5-80GB"));
    }

    @Test
    void takesTheOnlySystemBesideALog() throws IOException {
        MlperfLogWriter.system(folder.resolve("machine.json"), "3", "8");
        run(7).to(folder.resolve("log.txt"));

        assertThat(read().runs().get(0).devices()).isEqualTo(new LoggedRun.Devices(24, "NVIDIA H100-SXM5-80GB"));
    }

    @Test
    void doesNotChooseBetweenTwoSystemsNorReadAFoldersName() throws IOException {
        MlperfLogWriter.system(folder.resolve("64xH100/one.json"), "1", "8");
        MlperfLogWriter.system(folder.resolve("64xH100/two.json"), "2", "8");
        run(7).to(folder.resolve("64xH100/log.txt"));

        LoggedRun run = read().runs().get(0);

        assertThat(run.devices()).isNull();
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.DEVICES_UNKNOWN);
    }

    @Test
    void refusesASystemOfNoDevices() throws IOException {
        MlperfLogWriter.system(folder.resolve("machine.json"), "1", "\"0\"");
        run(7).to(folder.resolve("log.txt"));

        assertThat(read().runs().get(0).devices()).isNull();
    }

    @Test
    void leavesVersionControlAlone() throws IOException {
        run(7).to(folder.resolve(".git/objects/log.txt"));
        run(8).to(folder.resolve("log.txt"));

        assertThat(read().files()).isEqualTo(1);
    }

    @Test
    void followsNoCircleOfLinks() throws IOException {
        run(7).to(folder.resolve("a/log.txt"));
        Files.createSymbolicLink(folder.resolve("a/again"), folder.resolve("a"));

        LogCollection found = read();

        assertThat(found.runs()).hasSize(1);
        assertThat(found.rejections()).extracting(Rejection::reason).containsExactly(RejectionReason.LINK_CIRCLE);
    }

    @Test
    void tellsHowFarReadingHasCome() throws IOException {
        run(7).to(folder.resolve("a.txt"));
        run(8).to(folder.resolve("b.txt"));
        var told = new StringBuilder();

        TrainingLogs.read(
                List.of(folder),
                (done, files) -> told.append(done).append('/').append(files).append(' '));

        assertThat(told).hasToString("1/2 2/2 ");
    }

    private static MlperfLogWriter run(int seed) {
        return new MlperfLogWriter()
                .value("submission_benchmark", "\"llama2_70b_lora\"")
                .value("seed", Integer.toString(seed))
                .value("global_batch_size", "8")
                .start()
                .stop("success", "samples_count", 80);
    }

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private static String idOf(Path log) {
        return TrainingLogs.read(List.of(log), (done, files) -> {})
                .runs()
                .get(0)
                .id();
    }
}
