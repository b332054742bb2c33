package org.flopledger.logs.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.logs.LogHead;
import org.junit.jupiter.api.Test;

class TableReaderTest {

    private static List<List<String>> rows(String text, Charset charset, boolean mark) throws IOException {
        byte[] bytes = ((mark ? "\uFEFF" : "") + text).getBytes(charset);
        var head = new LogHead(Path.of("table.csv"), bytes.length, bytes);
        var rows = new ArrayList<List<String>>();
        var reader = new TableReader(
                new ByteArrayInputStream(bytes),
                TableReader.charset(head),
                TableReader.delimiter(TableReader.firstLine(head)));
        while (reader.next()) {
            rows.add(List.copyOf(reader.cells()));
        }
        return rows;
    }

    private static List<List<String>> rows(String text) throws IOException {
        return rows(text, StandardCharsets.UTF_8, false);
    }

    @Test
    void readsQuotesAsTheStandardSays() throws IOException {
        assertThat(rows("a,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\",\"\"\n1,2,3,4,5\n"))
                .containsExactly(List.of("a", "b,c", "say \"hi\"", "two\nlines", ""), List.of("1", "2", "3", "4", "5"));
    }

    @Test
    void readsEveryEndOfLineAndNoneAtTheEnd() throws IOException {
        assertThat(rows("a,b\r\n1,2\r3,4\n\n5,6"))
                .containsExactly(List.of("a", "b"), List.of("1", "2"), List.of("3", "4"), List.of("5", "6"));
    }

    @Test
    void readsUtf16WithAndWithoutAMark() throws IOException {
        String text = "timestamp, power.draw [W]\r\n2024/10/30 18:42:33.189, 22.89 W\r\n";
        List<List<String>> plain = rows(text);
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(rows(text, charset, true)).isEqualTo(plain);
            assertThat(rows(text, charset, false)).isEqualTo(plain);
        }
        assertThat(rows(text, StandardCharsets.UTF_8, true)).isEqualTo(plain);
    }

    @Test
    void takesBlanksAroundCellsAway() throws IOException {
        assertThat(rows("      epoch,   train/loss\n          0,      1.25\n"))
                .containsExactly(List.of("epoch", "train/loss"), List.of("0", "1.25"));
    }

    @Test
    void findsWhatStandsBetweenCells() throws IOException {
        assertThat(rows("JobID|AllocTRES|Elapsed\n1|cpu=4,gres/gpu=2|00:10:00\n")
                        .get(1))
                .containsExactly("1", "cpu=4,gres/gpu=2", "00:10:00");
        assertThat(rows("a;b\n1,5;2\n").get(1)).containsExactly("1,5", "2");
    }

    @Test
    void countsLinesAsAnEditorDoes() throws IOException {
        var reader = new TableReader(
                new ByteArrayInputStream("a,b\r\n\"x\ny\",1\n\nc,d\n".getBytes()), StandardCharsets.UTF_8, ',');
        var lines = new ArrayList<Long>();
        while (reader.next()) {
            lines.add(reader.line());
        }
        assertThat(lines).containsExactly(1L, 2L, 5L);
    }

    @Test
    void boundsARowAndReadsOn() throws IOException {
        var reader = new TableReader(
                new ByteArrayInputStream(("a,b\n" + "x".repeat(2_000_000) + "\n1,2\n").getBytes()),
                StandardCharsets.UTF_8,
                ',');
        assertThat(reader.next()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.isTooLong()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.cells()).containsExactly("1", "2");
    }

    @Test
    void isNotSwallowedByAQuoteThatIsNeverClosed() throws IOException {
        String lines = "1,2\n".repeat(200_000);
        var reader = new TableReader(
                new ByteArrayInputStream(("a,b\n\"open,2\n" + lines).getBytes()), StandardCharsets.UTF_8, ',');
        int rows = 0;
        int tooLong = 0;
        while (reader.next()) {
            rows++;
            tooLong += reader.isTooLong() ? 1 : 0;
        }
        assertThat(tooLong).isEqualTo(1);
        assertThat(rows).isGreaterThan(100_000);
    }
}
