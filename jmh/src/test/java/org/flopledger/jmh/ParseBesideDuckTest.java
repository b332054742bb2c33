package org.flopledger.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.scan.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our reader and DuckDB's query find the same in the logs that the parse benchmark makes. */
class ParseBesideDuckTest {

    private static final int FILES = 5;
    private static final int EVENTS = 40;

    @Test
    void allReadersFindTheSameEightKeys(@TempDir Path folder) throws Exception {
        ParseLogs.write(folder, FILES, EVENTS);
        List<LoggedRun> runs =
                TrainingLogs.read(List.of(folder), (done, files) -> {}).runs();

        for (String query : ParseParts.queries(folder)) {
            assertThat(sequences(query))
                    .as(query)
                    .hasSize(FILES)
                    .allSatisfy((file, count) -> assertThat(count).isEqualTo(32L * EVENTS));
        }
        assertThat(runs).hasSize(FILES).allSatisfy(run -> {
            assertThat(run.benchmark()).isEqualTo("llama31_8b");
            assertThat(run.progress().sequences()).isEqualTo(32L * EVENTS);
            assertThat(run.progress().sequenceLength()).isEqualTo(8192);
            assertThat(run.progress().globalBatchSize()).isEqualTo(32);
            assertThat(run.lines().records()).isEqualTo(EVENTS + 9L);
        });
    }

    @Test
    void countsEveryMarkerAndEveryStepLine(@TempDir Path folder) throws Exception {
        ParseLogs.write(folder, FILES, EVENTS);
        assertThat(ParseParts.countMarkers(folder)).isEqualTo(FILES * (EVENTS + 9L));

        Path megatron = folder.resolve("megatron.log");
        ParseLogs.writeMegatron(megatron, 1234);
        assertThat(ParseParts.countLinesWith(megatron, Bytes.ascii("iteration ")))
                .isEqualTo(1234);
    }

    private static Map<String, Long> sequences(String query) throws SQLException {
        Map<String, Long> sequences = new HashMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                assertThat(row.getString(2)).isEqualTo("llama31_8b");
                assertThat(row.getInt(3)).isEqualTo(32);
                assertThat(row.getInt(4)).isEqualTo(8192);
                sequences.put(Path.of(row.getString(1)).getFileName().toString(), row.getLong(5));
            }
        }
        return sequences;
    }
}
