package org.flopledger.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.CellTotals;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the benchmarks time is right: our sums are DuckDB's exact sums, integer by integer. */
class FoldBesideDuckTest {

    private static final int ROWS = 2_000;

    @ParameterizedTest
    @EnumSource(StepData.Order.class)
    void theBenchmarkDataGivesTheSameGroups(StepData.Order order) throws SQLException {
        long rows = 100_000;
        try (StepData data = StepData.of(order, rows);
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            LedgerAccounts accounts = FoldRun.fold(data.batches());
            statement.execute(StepData.createTable(order, rows));
            long observations = 0;
            try (ResultSet group = statement.executeQuery(StepData.groupBy())) {
                while (group.next()) {
                    CellTotals cell =
                            accounts.totals("run-" + group.getInt(1)).cells().get(0);
                    assertThat(cell.attempt()).isEqualTo(group.getInt(2));
                    assertThat(cell.stage()).isEqualTo(Stage.values()[group.getInt(3)]);
                    assertThat(cell.model()).isEqualTo("model-" + group.getInt(4));
                    assertThat(cell.observations()).isEqualTo(group.getLong(5));
                    assertThat(cell.tokens()).isEqualTo(integer(group, 6));
                    assertThat(cell.squaredLengths()).isEqualTo(integer(group, 7));
                    assertThat(cell.firstStep()).isEqualTo(group.getLong(8));
                    assertThat(cell.lastStep()).isEqualTo(group.getLong(9));
                    observations += cell.observations();
                }
            }
            assertThat(observations).isEqualTo(rows);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyIntegerColumnHasTheExactSumOfRandomValues(long seed) throws SQLException {
        Random random = new Random(seed);
        try (BufferAllocator allocator = new RootAllocator();
                StepBatchBuilder builder = StepBatch.builder(allocator);
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE s (run INTEGER, tokens BIGINT, padding BIGINT, sequences INTEGER, "
                    + "squared BIGINT, reported HUGEINT)");
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO s VALUES (?, ?, ?, ?, ?, ?::HUGEINT)")) {
                for (int i = 0; i < ROWS; i++) {
                    append(random, builder, insert);
                }
                insert.executeBatch();
            }
            connection.commit();
            try (StepBatch batch = builder.build()) {
                LedgerAccounts accounts = new LedgerAccounts();
                accounts.fold(batch.validate(), ModelFormulas.none());
                assertSums(statement, accounts, "seed " + seed);
            }
        }
    }

    private static void append(Random random, StepBatchBuilder builder, PreparedStatement insert) throws SQLException {
        int run = random.nextInt(5);
        long tokens = random.nextLong(Long.MAX_VALUE);
        long padding = random.nextLong(tokens);
        int sequences = random.nextInt(Integer.MAX_VALUE);
        long squared = random.nextLong(Long.MAX_VALUE);
        BigInteger reported = new BigInteger(100, random);
        builder.run("run-" + run)
                .attempt(0)
                .step(0)
                .source("s")
                .stage(Stage.PRETRAINING)
                .tokens(tokens);
        builder.paddingTokens(padding).sequences(sequences).squaredLengths(squared);
        builder.reportedFlop(FlopCount.of(reported)).append();
        insert.setInt(1, run);
        insert.setLong(2, tokens);
        insert.setLong(3, padding);
        insert.setInt(4, sequences);
        insert.setLong(5, squared);
        insert.setString(6, reported.toString());
        insert.addBatch();
    }

    private static void assertSums(Statement statement, LedgerAccounts accounts, String what) throws SQLException {
        String sql = "SELECT run, count(*), sum(tokens::HUGEINT), sum(padding::HUGEINT), sum(sequences::HUGEINT), "
                + "sum(squared::HUGEINT), sum(reported) FROM s GROUP BY run";
        try (ResultSet group = statement.executeQuery(sql)) {
            while (group.next()) {
                CellTotals cell =
                        accounts.totals("run-" + group.getInt(1)).cells().get(0);
                assertThat(cell.observations()).as(what).isEqualTo(group.getLong(2));
                assertThat(cell.tokens()).as(what).isEqualTo(integer(group, 3));
                assertThat(cell.paddingTokens()).as(what).isEqualTo(integer(group, 4));
                assertThat(cell.sequences()).as(what).isEqualTo(integer(group, 5));
                assertThat(cell.squaredLengths()).as(what).isEqualTo(integer(group, 6));
                assertThat(cell.reported().bounds().best().toBigInteger())
                        .as(what)
                        .isEqualTo(integer(group, 7));
            }
        }
    }

    private static BigInteger integer(ResultSet row, int column) throws SQLException {
        return new BigInteger(row.getString(column));
    }
}
