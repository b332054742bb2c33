package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used is counted with a reason and a place, and the rest is read. */
class BadInputTest {

    @TempDir
    private Path folder;

    @Test
    void namesAPathThatDoesNotExist() {
        Path missing = folder.resolve("nowhere");

        assertThat(TrainingLogs.read(List.of(missing), (done, files) -> {}).rejections())
                .containsExactly(new Rejection(RejectionReason.MISSING_PATH, 1, missing.toString()));
    }

    @Test
    void namesAnEmptyFolder() {
        assertThat(read()).containsExactly(new Rejection(RejectionReason.EMPTY_FOLDER, 1, folder.toString()));
    }

    @Test
    void namesAnEmptyFile() throws IOException {
        assertThat(read("")).isEqualTo(RejectionReason.EMPTY_FILE);
    }

    @Test
    void namesAGitLfsPointer() throws IOException {
        assertThat(read("version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n"))
                .isEqualTo(RejectionReason.GIT_LFS_POINTER);
    }

    @Test
    void namesUtf16WithAndWithoutAByteOrderMark() throws IOException {
        String log =
                new String(new MlperfLogWriter().benchmark("bert", 8).start().bytes(), StandardCharsets.UTF_8);

        assertThat(read(("\uFEFF" + log).getBytes(StandardCharsets.UTF_16LE))).isEqualTo(RejectionReason.UTF_16);
        assertThat(read(("\uFEFF" + log).getBytes(StandardCharsets.UTF_16BE))).isEqualTo(RejectionReason.UTF_16);
        assertThat(read(log.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(RejectionReason.UTF_16);
        assertThat(read(log.getBytes(StandardCharsets.UTF_16BE))).isEqualTo(RejectionReason.UTF_16);
    }

    @Test
    void namesBinary() throws IOException {
        assertThat(read(new byte[] {(byte) 0x80, 4, (byte) 0x95, 0, 0, 1, 2, 3}))
                .isEqualTo(RejectionReason.BINARY);
    }

    @Test
    void namesJsonThatIsCutWithItsLine() throws IOException {
        Files.writeString(folder.resolve("state.json"), "{\n\"global_step\": 3,\n\"log_history\": [\n{\"step\": ");

        assertThat(read())
                .containsExactly(new Rejection(RejectionReason.TRUNCATED_JSON, 1, folder.resolve("state.json") + ":4"));
    }

    @Test
    void namesJsonThatIsNone() throws IOException {
        assertThat(read("{\"a\" 1}")).isEqualTo(RejectionReason.MALFORMED_JSON);
    }

    @Test
    void refusesJsonThatIsNestedWithoutEnd() throws IOException {
        assertThat(read("{\"a\":".repeat(10_000))).isEqualTo(RejectionReason.JSON_LIMIT);
        assertThat(read("{\"log_history\":" + "[".repeat(10_000))).isEqualTo(RejectionReason.JSON_LIMIT);
    }

    @Test
    void refusesANumberOfEndlessDigits() throws IOException {
        assertThat(read("{\"global_step\": " + "9".repeat(100_000) + "}")).isEqualTo(RejectionReason.JSON_LIMIT);
    }

    @Test
    void skipsALineOfOneHundredMegabytesAndReadsTheRest() throws IOException {
        Path file = folder.resolve("log.txt");
        byte[] million = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 100; i++) {
                out.write(million);
            }
            out.write('\n');
            out.write(new MlperfLogWriter()
                    .benchmark("bert", 8)
                    .start()
                    .evaluated("epoch_num", 80)
                    .stop("success")
                    .bytes());
        }

        LogCollection found = TrainingLogs.read(List.of(folder), (done, files) -> {});

        assertThat(found.runs()).hasSize(1);
        assertThat(found.rejections()).containsExactly(new Rejection(RejectionReason.LINE_TOO_LONG, 1, file + ":1"));
    }

    @Test
    void countsRecordsThatCannotBeReadAndNamesTheFirst() throws IOException {
        new MlperfLogWriter()
                .text(":::MLLOG {\"time_ms\": 1, \"key\"")
                .text("text")
                .text(":::MLLOG nothing")
                .benchmark("bert", 8)
                .start()
                .evaluated("epoch_num", 80)
                .stop("success")
                .to(folder.resolve("log.txt"));

        LogCollection found = TrainingLogs.read(List.of(folder), (done, files) -> {});

        assertThat(found.runs()).hasSize(1);
        assertThat(found.rejections())
                .containsExactly(new Rejection(RejectionReason.MALFORMED_RECORD, 2, folder.resolve("log.txt") + ":1"));
    }

    @Test
    void namesALogThatTellsOfNoRun() throws IOException {
        assertThat(read(new String(new MlperfLogWriter().benchmark("bert", 8).bytes(), StandardCharsets.UTF_8)))
                .isEqualTo(RejectionReason.NO_RUN);
    }

    @Test
    void namesKindsThatAreKnownAndNotRead() throws IOException {
        assertThat(read("------------------- arguments -------------------\n  hidden_size ........ 64\n"))
                .isEqualTo(RejectionReason.NO_STEPS);
        assertThat(read("[2023-04-18 03:36:02,682] [INFO] [Rank 0] step=0, skipped=0, lr=[5e-05]"))
                .isEqualTo(RejectionReason.NO_STEPS);
        assertThat(read(":::MLPv0.5.0 resnet 1541779800.97 (train.py:1) run_start"))
                .isEqualTo(RejectionReason.UNSUPPORTED_MLPERF_V05);
        assertThat(read("{\"current_steps\": 1, \"loss\": 2.0}\n{\"current_steps\": 2, \"loss\": 1.9}\n"))
                .isEqualTo(RejectionReason.UNSUPPORTED_JSON_LINES);
        assertThat(read("{\"results\": {}, \"versions\": {}}"))
                .isEqualTo(RejectionReason.UNSUPPORTED_EVALUATION_RESULTS);
        assertThat(read("{\"lm loss\": {\"start_step\": 1, \"step_interval\": 5, \"values\": {}}}"))
                .isEqualTo(RejectionReason.UNSUPPORTED_METRIC_SERIES);
        assertThat(read("timestamp,project_name,duration,emissions\n2024-01-01,a,1,2"))
                .isEqualTo(RejectionReason.UNSUPPORTED_TABLE);
        assertThat(read("Dear diary")).isEqualTo(RejectionReason.UNRECOGNISED_TEXT);
        assertThat(read("{\"hello\": 1}")).isEqualTo(RejectionReason.UNRECOGNISED_JSON);
    }

    private RejectionReason read(String content) throws IOException {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    private RejectionReason read(byte[] content) throws IOException {
        Files.write(folder.resolve("file"), content);
        List<Rejection> rejections = read();
        assertThat(rejections).hasSize(1);
        assertThat(rejections.get(0).first()).startsWith(folder.resolve("file").toString());
        return rejections.get(0).reason();
    }

    private List<Rejection> read() {
        LogCollection found = TrainingLogs.read(List.of(folder), (done, files) -> {});
        assertThat(found.runs()).isEmpty();
        return found.rejections();
    }
}
