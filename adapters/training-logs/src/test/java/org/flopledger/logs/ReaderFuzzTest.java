package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages good files at random places. Whatever comes out is read or counted; nothing is thrown, and no figure is negative. */
class ReaderFuzzTest {

    private static final int ROUNDS = 1_500;
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\u0000",
        "{",
        "}",
        "[",
        "\"",
        "-",
        "1e999",
        "99999999999999999999",
        ":::MLLOG ",
        ":::MLL ",
        "NaN",
        "null",
        "\u00e2\u0096"
    };

    @TempDir
    private Path folder;

    @Test
    void survivesDamagedMlperfLogs() throws IOException {
        byte[] good = new MlperfLogWriter()
                .benchmark("gpt3", 16)
                .value("max_sequence_length", "2048")
                .value("init_checkpoint_step", "4000")
                .start()
                .evaluated("epoch_num", 16L * 2048 * 100)
                .evaluated("epoch_num", 16L * 2048 * 200)
                .stop("success")
                .bytes();
        damage(good, 20_261_121L);
    }

    @Test
    void survivesDamagedTrainerStates() throws IOException {
        byte[] good =
                ("{\"epoch\": 1.0, \"global_step\": 20, \"log_history\": [{\"step\": 10, \"loss\": 0.5}, {\"step\": 20,"
                                + " \"train_runtime\": 10.5, \"num_tokens\": 4096}], \"max_steps\": 20, \"total_flos\": 1.5e+16}")
                        .getBytes(StandardCharsets.UTF_8);
        damage(good, 20_261_122L);
    }

    private void damage(byte[] good, long seed) throws IOException {
        var random = new Random(seed);
        Path file = folder.resolve("file");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bad = damaged(good, random);
            Files.write(file, bad);
            String told = "seed " + seed + ", round " + round + ": " + new String(bad, StandardCharsets.ISO_8859_1);
            assertThatCode(() -> check(file)).as(told).doesNotThrowAnyException();
        }
    }

    private static void check(Path file) {
        LogCollection found = TrainingLogs.read(List.of(file), (done, files) -> {});
        assertThat(found.runs().size()
                        + found.duplicates().size()
                        + found.rejections().size())
                .isPositive();
        for (LoggedRun run : found.runs()) {
            RunCompute compute = RunCompute.of(run);
            if (run.progress().tokens() != null) {
                assertThat(run.progress().tokens()).isPositive();
            }
            if (compute.total() != null) {
                assertThat(compute.total().value().isZero()).isFalse();
            }
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bad = good;
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            String text = new String(bad, StandardCharsets.ISO_8859_1);
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(12));
            String piece = random.nextInt(3) == 0 ? "" : PIECES[random.nextInt(PIECES.length)];
            bad = (text.substring(0, at) + piece + text.substring(random.nextInt(4) == 0 ? text.length() : to))
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        return bad;
    }
}
