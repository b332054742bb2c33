package org.flopledger.logs.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.tensorboard.EventFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed logs are read like others, and bounded. */
class UnpackingTest {

    private static final byte[] LOG = """
            {"current_steps": 5, "total_steps": 10, "loss": 1.5, "elapsed_time": "0:00:10", "total_tokens": 2048}
            {"current_steps": 10, "total_steps": 10, "loss": 1.4, "elapsed_time": "0:00:20", "total_tokens": 4096}
            """.getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void aPackedLogTellsTheSameRun() throws IOException {
        Path plain = Files.write(folder.resolve("a.jsonl"), LOG);
        Path packed = Files.write(folder.resolve("b.jsonl.gz"), packed(LOG));

        assertThat(read(packed).runs().get(0).id())
                .isEqualTo(read(plain).runs().get(0).id());
        assertThat(read(packed).runs().get(0).progress().tokens()).isEqualTo(4096);
        // Both together are one run, told twice.
        assertThat(read(folder).runs()).hasSize(1);
    }

    @Test
    void aCutArchiveTellsWhatWasThere() throws IOException {
        byte[] whole = packed(LOG);
        Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, whole.length - 9));

        assertThat(read(cut).runs()).hasSizeLessThanOrEqualTo(1);
        assertThat(read(cut).files()).isEqualTo(1);
    }

    @Test
    void aBombEndsEarlyAndIsNamed() throws IOException {
        Path bomb = Files.write(folder.resolve("bomb.gz"), packed(new byte[64 << 20]));

        assertThatThrownBy(() -> {
                    try (InputStream stream = Unpacking.open(bomb, Files.size(bomb))) {
                        stream.transferTo(OutputStream.nullOutputStream());
                    }
                })
                .isInstanceOf(Unpacking.TooLargeException.class);
        Path lines = Files.write(folder.resolve("lines.gz"), packed(newLines(64 << 20)));
        assertThat(read(lines).rejections())
                .extracting(Rejection::reason)
                .extracting(Enum::name)
                .containsExactly("UNPACKS_TOO_LARGE");
    }

    @Test
    void otherArchivesAreNamed() throws IOException {
        Files.write(folder.resolve("a.zst"), new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0, 0, 0});
        Files.write(folder.resolve("b.zip"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
        Files.write(folder.resolve("c.zip"), zipped("inner.zip", zipped("log.jsonl", LOG)));

        assertThat(read(folder).unused())
                .extracting(use ->
                        folder.relativize(use.file()) + " " + use.reason().code())
                .containsExactlyInAnyOrder(
                        "a.zst unsupported-zstd", "b.zip unsupported-zip", "c.zip/inner.zip unsupported-zip");
    }

    @Test
    void theFilesOfAnArchiveAreReadAsIfItWereAFolder() throws IOException {
        Path plain = Files.write(folder.resolve("plain.jsonl"), LOG);
        Path archive =
                Files.write(folder.resolve("runs.zip"), zipped("a/log.jsonl", LOG, "a/note.txt", new byte[] {'x'}));

        LogCollection found = read(archive);

        assertThat(found.runs()).singleElement().satisfies(run -> {
            assertThat(run.id()).isEqualTo(read(plain).runs().get(0).id());
            assertThat(run.progress().tokens()).isEqualTo(4096);
            assertThat(run.sources()).containsExactly(archive.resolve("a/log.jsonl"));
        });
        assertThat(found.uses())
                .extracting(use -> use.file() + " " + use.use().label())
                .containsExactly(archive.resolve("a/log.jsonl") + " used", archive.resolve("a/note.txt") + " unused");
        // Together with the same log beside it, it is one run told twice.
        assertThat(read(folder).runs()).hasSize(1);
        assertThat(read(folder).duplicates()).hasSize(1);
    }

    @Test
    void aTrainingWithItsFilesInAnArchiveIsReadWithoutThem() throws IOException {
        byte[] state = ("{\"global_step\": 10, \"max_steps\": 10, \"epoch\": 1.0, \"total_flos\": 6.0e+17,"
                        + " \"num_input_tokens_seen\": 0, \"log_history\": [{\"epoch\": 1.0, \"loss\": 1.5, \"step\": 10}]}")
                .getBytes(StandardCharsets.UTF_8);
        var events = new EventFile(1000);
        for (int step = 1; step < 5; step++) {
            events.scalar(1000 + step, step, "train/loss", 1);
        }
        Path archive = Files.write(
                folder.resolve("out.zip"),
                zipped(
                        "out/trainer_state.json",
                        state,
                        "out/config.json",
                        "{\"model_type\": \"llama\", \"hidden_size\": 8}".getBytes(StandardCharsets.UTF_8),
                        "out/runs/a/events.out.tfevents.1",
                        events.toBytes()));

        LogCollection found = read(archive);

        assertThat(found.runs()).extracting(run -> run.format().label()).contains("trainer-state");
        assertThat(found.uses()).hasSize(3);
        assertThat(found.rejections()).extracting(Rejection::reason).doesNotContain(RejectionReason.READER_FAILED);
    }

    @Test
    void namesInAnArchiveLeadNowhereElse() throws IOException {
        Path archive = Files.write(
                folder.resolve("evil.zip"),
                zipped("../../escaped.jsonl", LOG, "/etc/passwd", new byte[] {'x'}, "a/../../b", new byte[] {'y'}));

        LogCollection found = read(archive);

        assertThat(found.uses())
                .hasSize(3)
                .allSatisfy(use -> assertThat(use.file()).startsWithRaw(archive));
        assertThat(folder.resolveSibling("escaped.jsonl")).doesNotExist();
        assertThat(found.runs()).hasSize(1);
    }

    @Test
    void aBombInAnArchiveIsNamedAndLeavesNothingBehind() throws IOException {
        Path bomb = Files.write(folder.resolve("bomb.zip"), zipped("zeros", new byte[64 << 20]));

        assertThat(read(bomb).unused())
                .singleElement()
                .satisfies(use -> assertThat(use.reason()).isEqualTo(RejectionReason.UNPACKS_TOO_LARGE));
        byte[] whole = zipped("log.jsonl", LOG);
        whole[40] ^= 0x55;
        Path damaged = Files.write(folder.resolve("damaged.zip"), whole);
        assertThat(read(damaged).unused()).isNotEmpty();
    }

    private static byte[] zipped(Object... namesAndBytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(packed)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndBytes[i]));
                zip.write((byte[]) namesAndBytes[i + 1]);
                zip.closeEntry();
            }
        }
        return packed.toByteArray();
    }

    @Test
    void standardInputIsALogWithoutNeighbours() throws IOException {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(packed(LOG)));

            LogCollection found = read(Path.of("-"));

            assertThat(found.runs()).singleElement().satisfies(run -> {
                assertThat(run.progress().tokens()).isEqualTo(4096);
                assertThat(run.sources()).containsExactly(Path.of("standard-input", "log"));
            });
        } finally {
            System.setIn(before);
        }
    }

    private static byte[] newLines(int length) {
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) '\n');
        text[0] = 'x';
        return text;
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static LogCollection read(Path path) {
        return TrainingLogs.read(List.of(path), 1, (done, files) -> {});
    }
}
