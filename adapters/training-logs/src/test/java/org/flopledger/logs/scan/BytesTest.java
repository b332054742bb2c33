package org.flopledger.logs.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every search by words finds what a loop over single bytes finds, at every place and length. */
class BytesTest {

    private static final byte[] ALPHABET = {
        'a', ':', 'M', '\n', '\r', '\t', 0, 1, '"', '\\', (byte) 0x80, (byte) 0x8A, (byte) 0xFF, 13, 14
    };

    private final long seed = Long.getLong("flopledger.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void findsWhatALoopOverBytesFinds() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(random.nextInt(60));
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            byte[] wanted = bytes(2 + random.nextInt(3));
            String told = "seed " + seed + ", round " + round;

            assertThat(Bytes.find(bytes, from, to, wanted)).as(told).isEqualTo(slowFind(bytes, from, to, wanted));
            assertThat(Bytes.endOfLine(bytes, from, to)).as(told).isEqualTo(slowEndOfLine(bytes, from, to));
            assertThat(Bytes.indexOf(bytes, from, to, wanted[0]))
                    .as(told)
                    .isEqualTo(slowIndexOf(bytes, from, to, wanted[0]));
            assertThat(Bytes.endOfPlainText(bytes, from, to)).as(told).isEqualTo(slowEndOfText(bytes, from, to));
        }
    }

    @Test
    void findsMarkersThatTheEndOfABlockCuts() throws IOException {
        for (int before : new int[] {0, 1, 262_139, 262_140, 262_141, 262_144, 262_147, 524_283, 524_284}) {
            byte[] text = ("x".repeat(before) + ":::MLL" + "y".repeat(before % 7)).getBytes(StandardCharsets.US_ASCII);

            assertThat(Markers.standIn(
                            new ByteArrayInputStream(text),
                            List.of(
                                    List.of(Bytes.ascii("nowhere"), Bytes.ascii(":::MLL")),
                                    List.of(),
                                    List.of(Bytes.ascii("::::MLL")))))
                    .containsExactly(true, false, false);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return bytes;
    }

    private static int slowFind(byte[] bytes, int from, int to, byte[] wanted) {
        for (int at = from; at <= to - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private static int slowEndOfLine(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n' || bytes[at] == '\r') {
                return at;
            }
        }
        return to;
    }

    private static int slowIndexOf(byte[] bytes, int from, int to, byte wanted) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    private static int slowEndOfText(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '"') {
                return at;
            } else if (bytes[at] == '\\' || (bytes[at] >= 0 && bytes[at] < 32)) {
                return -1;
            }
        }
        return -1;
    }
}
