package org.flopledger.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.flopledger.RunState;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.telemetry.StepBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of the page about the schema as they stand there. */
class DocumentedExamplesTest {

    @TempDir
    private Path folder;

    private RunState orion = RunState.empty();
    private RunState lyra = RunState.empty();

    @BeforeEach
    void writeTables() throws IOException {
        try (RootAllocator memory = new RootAllocator();
                StepBatch first = RandomSteps.batch(memory, "orion", 1, 900);
                StepBatch second = RandomSteps.batch(memory, "lyra", 2, 500);
                StepParquetWriter writer = StepParquetWriter.create(folder.resolve("steps.parquet"))) {
            writer.write(first);
            writer.write(second);
            orion = RandomSteps.state(first);
            lyra = RandomSteps.state(second);
        }
        TotalsParquet.write(
                folder.resolve("totals.parquet"), List.of(TotalsRow.of(orion, null), TotalsRow.of(lyra, null)));
    }

    private static List<String> examples(String language) throws IOException {
        String page = Files.readString(Path.of("docs", "parquet.md"));
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void duckdbReadsAndWritesWhatThePageSays() throws IOException, SQLException {
        List<String> sql = examples("sql");
        assertThat(sql).hasSize(3);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET file_search_path = '" + folder + "'");
            try (ResultSet steps = statement.executeQuery(sql.get(0))) {
                for (RunState state : List.of(lyra, orion)) {
                    assertThat(steps.next()).isTrue();
                    assertThat(steps.getString("run")).isEqualTo(state.run());
                    var totals = state.account(null);
                    assertThat(steps.getLong("observations"))
                            .isEqualTo(totals.total().observations());
                    assertThat(steps.getBigDecimal("tokens").toBigInteger())
                            .isEqualTo(totals.totals().tokens());
                    assertThat(steps.getBigDecimal("reported").toBigInteger())
                            .isEqualTo(totals.total().bounds().best().toBigInteger());
                }
            }
            statement.execute(sql.get(1).replace("'lyra.parquet'", "'" + folder.resolve("lyra.parquet") + "'"));
            RunState read = RunState.empty();
            try (RootAllocator memory = new RootAllocator()) {
                StepParquet.read(folder.resolve("lyra.parquet"), memory, LenientArrow.types(), read::add);
            }
            assertThat(read.account(null).total().bounds().best()).hasToString("10000000000000000000000");
            try (ResultSet totals = statement.executeQuery(sql.get(2))) {
                assertThat(totals.next()).isTrue();
                BigDecimal expected = new BigDecimal(orion.account(null)
                        .total()
                        .bounds()
                        .best()
                        .plus(lyra.account(null).total().bounds().best())
                        .toBigInteger());
                assertThat(totals.getBigDecimal("total")).isEqualByComparingTo(expected);
                assertThat(totals.getBigDecimal("parts")).isEqualByComparingTo(expected);
                assertThat(totals.getBoolean("is_complete")).isFalse();
            }
        }
    }

    @Test
    void pyarrowReadsAndWritesWhatThePageSays() throws IOException, InterruptedException {
        String python = System.getProperty("flopledger.python", "python3");
        assumeTrue(
                run(python, "import pyarrow") == 0,
                "skipped: " + python + " with pyarrow is not there (-Dflopledger.python=...)");
        assertThat(run(python, examples("python").get(0))).isZero();
        RunState orionAgain = RunState.empty();
        RunState lyraAgain = RunState.empty();
        try (RootAllocator memory = new RootAllocator()) {
            long rows = StepParquet.read(folder.resolve("copy.parquet"), memory, LenientArrow.types(), batch -> {
                assertThat(batch.rows()).isEqualTo(1_400);
                split(batch, orionAgain, lyraAgain);
            });
            assertThat(rows).isEqualTo(1_400);
        }
        assertThat(orionAgain.toBytes()).isEqualTo(orion.toBytes());
        assertThat(lyraAgain.toBytes()).isEqualTo(lyra.toBytes());
    }

    private static void split(StepBatch batch, RunState first, RunState second) {
        add(batch, 0, 900, first);
        add(batch, 900, 500, second);
    }

    private static void add(StepBatch batch, int from, int rows, RunState state) {
        try (VectorSchemaRoot slice = batch.root().slice(from, rows);
                StepBatch part = StepBatch.wrap(slice, batch.dictionaries())) {
            state.add(part);
        }
    }

    private int run(String python, String program) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(python, "-c", program)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("python.log").toFile()))
                    .start();
        } catch (IOException e) {
            return -1;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
