package org.flopledger.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepParquetTest {

    private static final RunSpec SPEC = RunSpec.pretraining("orion")
            .parameters("größe-7b", 7_000_000_000L, 8_000_000_000L)
            .build();

    private final RootAllocator memory = new RootAllocator();

    @TempDir
    private Path folder;

    @AfterEach
    void everyBufferIsFreed() {
        assertThat(memory.getAllocatedMemory()).isZero();
        memory.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3_000, 70_000})
    void whatIsWrittenIsReadBackBitForBit(int rows) throws IOException {
        Path file = folder.resolve("steps.parquet");
        RunState written;
        try (StepBatch batch = RandomSteps.batch(memory, "orion", 7, rows);
                StepParquetWriter writer = StepParquetWriter.create(file)) {
            assertThat(writer.write(batch)).isEmpty();
            assertThat(writer.rows()).isEqualTo(rows);
            written = RandomSteps.state(batch);
        }
        RunState read = RunState.empty();
        assertThat(read(file, read)).isEqualTo(rows);
        assertThat(read.toBytes()).isEqualTo(written.toBytes());
        assertThat(TotalsRow.of(read, SPEC)).isEqualTo(TotalsRow.of(written, SPEC));
        assertThat(read.implausible()).isEmpty();
    }

    private long read(Path file, RunState into) throws IOException {
        List<RowRejection> rejections = new ArrayList<>();
        long rows = StepParquet.read(file, memory, LenientArrow.types(), batch -> rejections.addAll(into.add(batch)));
        assertThat(rejections).isEmpty();
        return rows;
    }

    @Test
    void badRowsAreNotWrittenAndNamed() throws IOException {
        Path file = folder.resolve("steps.parquet");
        try (StepBatchBuilder builder = StepBatch.builder(memory)) {
            for (int step = 0; step < 3; step++) {
                builder.run("orion").attempt(0).step(step).source("a").stage(Stage.PRETRAINING);
                builder.tokens(step - 1).append();
            }
            try (StepBatch batch = builder.build();
                    StepParquetWriter writer = StepParquetWriter.create(file)) {
                assertThat(writer.write(batch)).extracting(RowRejection::code).containsExactly("TOKENS_NEGATIVE");
            }
        }
        assertThat(read(file, RunState.empty())).isEqualTo(2);
    }

    @Test
    void anExistingFileIsNotOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("steps.parquet"), "mine");
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> StepParquetWriter.create(file));
        assertThat(file).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "gzip", "zstd", "uncompressed"})
    void tablesOfOthersAreRead(String codec) throws IOException, SQLException {
        Path file = folder.resolve("other.parquet");
        duckdb("COPY (SELECT 'orion' AS run, 0::UTINYINT AS attempt, range::UINTEGER AS step, 'log' AS source,"
                + " 'PRETRAINING' AS stage, 1000::USMALLINT AS tokens, 'secret' AS hostname,"
                + " CASE WHEN range % 2 = 0 THEN 99999999999999999999999::DECIMAL(38,0) END AS reported_flop,"
                + " TIMESTAMP_MS '2026-01-01 00:00:00' AS started_at, 2.5::FLOAT AS device_seconds"
                + " FROM range(1000)) TO '" + file + "' (FORMAT parquet, CODEC '" + codec + "')");
        RunState state = RunState.empty();
        assertThat(read(file, state)).isEqualTo(1000);
        var totals = state.account(null);
        assertThat(totals.total().bounds().best()).isEqualTo(FlopCount.parse("49999999999999999999999500"));
        assertThat(totals.total().covered()).isEqualTo(500);
        assertThat(totals.totals().tokens()).hasToString("1000000");
        assertThat(totals.totals().cells().get(0).deviceSeconds()).isEqualByComparingTo("2500");
        assertThat(totals.totals().cells().get(0).firstSeen()).hasToString("Optional[2026-01-01T00:00:00Z]");
    }

    private static void duckdb(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aTableWithoutRunsIsRefused() throws SQLException {
        Path file = folder.resolve("other.parquet");
        duckdb("COPY (SELECT 1 AS step) TO '" + file + "' (FORMAT parquet)");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(file, RunState.empty()))
                .withMessageContaining("no column run");
        Path nested = folder.resolve("nested.parquet");
        duckdb("COPY (SELECT 1 AS step, {'a': 'x'} AS run) TO '" + nested + "' (FORMAT parquet)");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(nested, RunState.empty()))
                .withMessageContaining("nested");
    }

    @Test
    void damageIsAnIoExceptionAndNeverOtherSteps() throws IOException {
        Path file = folder.resolve("steps.parquet");
        byte[] held;
        try (StepBatch batch = RandomSteps.batch(memory, "orion", 9, 400);
                StepParquetWriter writer = StepParquetWriter.create(file)) {
            writer.write(batch);
            held = RandomSteps.state(batch).toBytes();
        }
        byte[] bytes = Files.readAllBytes(file);
        int footer = bytes.length
                - 8
                - ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            // Two of three in the pages, which have checksums; the others in the footer, which says how long everything
            // is.
            int at = i % 3 < 2 ? 4 + random.nextInt(footer - 4) : footer + random.nextInt(bytes.length - footer);
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            RunState read = RunState.empty();
            try {
                StepParquet.read(
                        Files.write(folder.resolve("broken.parquet"), damaged),
                        memory,
                        LenientArrow.types(),
                        read::add);
                if (at < footer) {
                    assertThat(read.toBytes()).as("byte %d of %d", at, footer).isEqualTo(held);
                }
            } catch (IOException e) {
                refused++;
            }
            assertThat(memory.getAllocatedMemory()).as("byte %d", at).isZero();
        }
        assertThat(refused).isGreaterThan(75);
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length - 9));
        assertThatThrownBy(() -> read(cut, RunState.empty())).isInstanceOf(IOException.class);
    }

    @Test
    void totalsAreReadBackWithTheirStates() throws IOException {
        Path file = folder.resolve("totals.parquet");
        List<TotalsRow> rows = new ArrayList<>();
        for (int run = 0; run < 20; run++) {
            try (StepBatch batch = RandomSteps.batch(memory, "run-" + run, run, 50 + run)) {
                RunState state = RandomSteps.state(batch);
                rows.add(run % 2 == 0 ? TotalsRow.of(state, null) : TotalsRow.of(state.account(null)));
            }
        }
        TotalsParquet.write(file, rows);
        List<TotalsRow> read = TotalsParquet.read(file);
        assertThat(read).isEqualTo(rows);
        assertThat(RunState.fromBytes(read.get(4).state()).account(null).total().bounds())
                .isEqualTo(rows.get(4).total());
        for (TotalsRow row : read) {
            assertThat(row.retained().plus(row.discarded()))
                    .isEqualTo(row.total().best());
        }
    }
}
