package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.flopledger.cli.LabTable.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real trainings by real trainers: what they executed lies in what analyze says of their files. */
class LabTest {

    private static final double WIDEST = 3;
    private static final double NEAR = 0.1;

    /**
     * Whose files leave open what the figure depends on: which blocks were frozen, how long sequences or the targets
     * of pairs were.
     */
    private static final Set<String> OPEN = Set.of("hf-frozen", "hf-t5", "hf-whisper", "otlp", "plain");

    @TempDir
    private Path work;

    @Test
    void everyMeasuredTrainingLiesInItsInterval() throws IOException {
        Path lab = Path.of(System.getProperty("flopledger.shared", ""), "lab", "seed1");
        assumeTrue(Files.isDirectory(lab), "no measured trainings at " + lab + ", test skipped");

        List<Row> rows = LabTable.of(lab, work);

        assertThat(rows).hasSizeGreaterThanOrEqualTo(18);
        for (Row row : rows) {
            assertThat(row.isUnderstood()).as(row.scenario()).isTrue();
            assertThat(row.holds()).as(row.line("1")).isTrue();
            assertThat(row.highOverLow()).as(row.line("1")).isLessThanOrEqualTo(WIDEST);
            if (!OPEN.contains(row.scenario())) {
                assertThat(row.bestOverMeasured()).as(row.line("1")).isBetween(1 - NEAR, 1 + NEAR);
            }
        }
    }
}
