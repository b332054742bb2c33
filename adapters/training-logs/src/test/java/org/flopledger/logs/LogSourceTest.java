package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.logs.FileUse.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seam for formats: a reader of others is found, asked in its turn, and held to its bounds. */
class LogSourceTest {

    @TempDir
    private Path folder;

    @Test
    void readsAFormatThatOnlyTheClassPathKnows() throws IOException {
        write("a.log", "kite step 1 sequences 8 length 64\nkite step 2 sequences 8 length 64\n");

        LoggedRun run = only(read());

        assertThat(run.format().label()).isEqualTo("kite");
        assertThat(run.id()).startsWith("kite-");
        assertThat(run.steps()).containsExactly(new StepRange(1, 2, 8, 64));
        assertThat(run.progress().tokens()).isEqualTo(2 * 8 * 64L);
        assertThat(run.setting().unknown()).containsExactly(Unknown.MODEL);
    }

    @Test
    void keepsOneRunOfALogAndItsBeginning() throws IOException {
        String whole = kite(1, 40);
        write("early.log", whole.substring(0, whole.indexOf("kite step 21")));
        write("late.log", whole);

        LogCollection found = read();

        assertThat(only(found).progress().steps()).isEqualTo(40);
        assertThat(only(found).warnings()).isEmpty();
        assertThat(found.uses())
                .extracting(FileUse::use, FileUse::run)
                .containsExactly(
                        tuple(Use.REPEAT, only(found).id()),
                        tuple(Use.USED, only(found).id()));
    }

    @Test
    void saysWhenTwoLogsOfOneRunContradict() throws IOException {
        write("a.log", kite(1, 3) + "kite step 4 sequences 9 length 64\n");
        write("b.log", kite(1, 10));

        LoggedRun run = only(read());

        assertThat(run.progress().steps()).isEqualTo(10);
        assertThat(run.warnings()).extracting(LogWarning::code).containsExactly(LogWarning.Code.COPIES_DISAGREE);
    }

    @Test
    void countsStepsThatRanAgainAsAnotherAttempt() throws IOException {
        write("a.log", kite(1, 10) + kite(6, 10));

        LoggedRun run = only(read());

        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().steps()).isEqualTo(15);
        assertThat(run.observations().rows()).isEqualTo(2);
        assertThat(run.steps()).isEmpty();
    }

    @Test
    void prefersTheFormatWhoseMarkerStandsAnywhereInTheText() throws IOException {
        byte[] log = new MlperfLogWriter()
                .benchmark("bert", 8)
                .start()
                .evaluated("epoch_num", 80)
                .stop("success")
                .bytes();
        String before = kite(1, 1) + "text\n".repeat(60_000);
        write("a.log", before + new String(log, StandardCharsets.UTF_8));

        assertThat(only(read()).format()).isEqualTo(LogFormat.MLPERF);
    }

    @Test
    void refusesARunOfMoreStepsThanThereAreAndValuesThatMakeNoSense() throws IOException {
        write("long.log", "kite step 1 sequences 1 length 1\nkite step 5 sequences 0 length 1\n");
        write("senseless.log", "kite step 1 sequences 4000000000000 length 4000000000000\n");

        LogCollection found = read();

        assertThat(found.rejections())
                .containsExactly(
                        new Rejection(RejectionReason.IMPLAUSIBLE_VALUE, 2, folder.resolve("long.log") + ":2"));
    }

    @Test
    void losesOnlyTheFileOnWhichAReaderFails() throws IOException {
        write("a.log", kite(1, 3));
        write("b.log", "kite step 1 sequences 1 length 1\nkite fails\n");
        write("c.log", "kite step 1\nkite fails to recognise\n");

        LogCollection found = read();

        assertThat(only(found).sources()).containsExactly(folder.resolve("a.log"));
        assertThat(found.unused())
                .extracting(FileUse::reason)
                .containsExactly(RejectionReason.READER_FAILED, RejectionReason.UNRECOGNISED_TEXT);
    }

    @Test
    void saysWhatBecameOfEveryFile() throws IOException {
        run(7).to(folder.resolve("a/log.txt"));
        run(7).to(folder.resolve("b/log.txt"));
        MlperfLogWriter.system(folder.resolve("a/system.json"), "1", "8");
        MlperfLogWriter.system(folder.resolve("c/system.json"), "1", "8");
        write("d.txt", "Dear diary");
        Files.createSymbolicLink(folder.resolve("e"), folder.resolve("nowhere"));

        LogCollection found = read();

        String id = only(found).id();
        assertThat(found.uses())
                .containsExactly(
                        unused("e", RejectionReason.NOT_A_REGULAR_FILE),
                        new FileUse(folder.resolve("a/log.txt"), Use.USED, id, null),
                        new FileUse(folder.resolve("a/system.json"), Use.SIDE_FILE, id, null),
                        new FileUse(folder.resolve("b/log.txt"), Use.REPEAT, id, null),
                        unused("c/system.json", RejectionReason.UNUSED_SIDE_FILE),
                        unused("d.txt", RejectionReason.UNRECOGNISED_TEXT));
    }

    @Test
    void findsTheSameOnAnyNumberOfThreads() throws IOException {
        for (int i = 0; i < 40; i++) {
            run(i % 30).text("x".repeat(i * 100)).to(folder.resolve(i + ".txt"));
            write(i + ".log", kite(i, 5 + i) + "kite step 900 sequences 0 length 1\n");
            write(i + ".json", "{\"a\": " + i);
        }

        LogCollection alone = TrainingLogs.read(List.of(folder), 1, (done, files) -> {});

        assertThat(alone.runs()).hasSize(70);
        for (int threads : new int[] {2, 3, 16}) {
            assertThat(TrainingLogs.read(List.of(folder), threads, (done, files) -> {})
                            .toString())
                    .isEqualTo(alone.toString());
        }
    }

    private FileUse unused(String name, RejectionReason reason) {
        return new FileUse(folder.resolve(name), Use.UNUSED, null, reason);
    }

    private static MlperfLogWriter run(int seed) {
        return new MlperfLogWriter()
                .value("submission_benchmark", "\"llama2_70b_lora\"")
                .value("seed", Integer.toString(seed))
                .value("global_batch_size", "8")
                .start()
                .stop("success", "samples_count", 80);
    }

    private static String kite(int first, int last) {
        var text = new StringBuilder();
        for (int step = first; step <= last; step++) {
            text.append("kite step ").append(step).append(" sequences 8 length 64\n");
        }
        return text.toString();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }

    private static LoggedRun only(LogCollection found) {
        assertThat(found.runs()).hasSize(1);
        return found.runs().get(0);
    }
}
