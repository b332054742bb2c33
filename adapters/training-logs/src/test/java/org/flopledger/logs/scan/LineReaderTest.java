package org.flopledger.logs.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void endsLinesAtEveryKindOfLineEndAndAtTheEndOfTheStream() throws IOException {
        assertThat(lines("a\nb\r\nc\rd")).containsExactly("1:a", "2:b", "3:c", "3:d");
    }

    @Test
    void keepsEmptyLines() throws IOException {
        assertThat(lines("\n\na\n\n")).containsExactly("1:", "2:", "3:a", "4:");
    }

    @Test
    void countsPiecesOfAProgressBarAsOneLine() throws IOException {
        assertThat(lines("10%\r20%\r30%\nnext")).containsExactly("1:10%", "1:20%", "1:30%", "2:next");
    }

    @Test
    void findsNoLineInNoBytes() throws IOException {
        assertThat(lines("")).isEmpty();
    }

    @Test
    void keepsALineEndThatIsCutByTheEndOfAChunk() throws IOException {
        for (int before : new int[] {65_534, 65_535, 65_536, 65_537}) {
            String first = "x".repeat(before);
            assertThat(lines(first + "\r\nb\r\n")).containsExactly("1:" + first, "2:b");
        }
    }

    @Test
    void readsAStreamThatGivesOneByteAtATime() throws IOException {
        var slow = new ByteArrayInputStream("a\r\nb".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }
        };

        assertThat(lines(slow)).containsExactly("1:a", "2:b");
    }

    @Test
    void marksALineAboveTheCapAndGoesOnBehindIt() throws IOException {
        String longest = "x".repeat(LineReader.LINE_CAP);

        assertThat(lines(longest + "\n" + longest + "y\nz")).containsExactly("1:" + longest, "2 is too long", "3:z");
    }

    private static List<String> lines(String text) throws IOException {
        return lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> lines(InputStream stream) throws IOException {
        var reader = new LineReader(stream);
        var found = new ArrayList<String>();
        while (reader.next()) {
            found.add(
                    reader.isTooLong()
                            ? reader.number() + " is too long"
                            : reader.number() + ":"
                                    + new String(
                                            reader.bytes(),
                                            reader.from(),
                                            reader.to() - reader.from(),
                                            StandardCharsets.UTF_8));
        }
        return found;
    }
}
