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
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.TrainingLogs;
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

        assertThat(read(folder).rejections())
                .extracting(rejection -> rejection.reason().code())
                .containsExactlyInAnyOrder("unsupported-zstd", "unsupported-zip");
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
