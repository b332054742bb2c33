package org.flopledger.spark;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.flopledger.RunState;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.StepColumn;

/** Steps of a small fleet: restarts, two sources, every kind of column, some values no ledger accepts, some no run can have had. */
final class FleetData {

    static final int RUNS = 40;
    static final long STEPS = 300;

    private FleetData() {}

    /** Returns the table, of which no two rows have one key. */
    static Dataset<Row> steps(SparkSession spark) {
        return spark.range(0, RUNS * STEPS, 1, 3)
                .selectExpr(
                        "concat('run-', id % " + RUNS + ") AS run",
                        "CAST(id DIV " + RUNS + " DIV 200 AS TINYINT) AS attempt",
                        "CAST(id DIV " + RUNS + " - (id DIV " + RUNS + " DIV 200) * 50 AS INT) AS step",
                        "concat('rank-', id % 2) AS source",
                        "IF(id % 7 = 0, 'evaluation', 'PRETRAINING') AS stage",
                        "IF(id % 3 = 0, CAST(NULL AS STRING), concat('model-', id % " + RUNS + ")) AS model",
                        "CASE WHEN id % 997 = 0 THEN -1 WHEN id % 991 = 0 THEN 2000000000000000"
                                + " ELSE 4194304 + (id % 5) END AS tokens",
                        "CAST(512 AS SMALLINT) AS sequences",
                        "CAST(4194304 AS BIGINT) * 16384 AS squared_lengths",
                        "IF(id % 2 = 0, CAST(CAST('123456789012345678901234' AS DECIMAL(38,0)) + id AS DECIMAL(38,0)),"
                                + " NULL) AS reported_flop",
                        "timestamp_micros(1000000 * id) AS ended_at",
                        "CAST(id AS DOUBLE) / 7 AS device_seconds",
                        "CAST(0.4 AS FLOAT) AS utilisation",
                        "id % 2 = 1 AS moe",
                        "CAST(8000000000 AS BIGINT) AS total_parameters",
                        "'host-' || id AS hostname");
    }

    /** Folds the rows in one thread, by the batch builder and not by the code under test. */
    static Map<String, byte[]> inOneThread(List<Row> rows) {
        Map<String, List<Row>> byRun = rows.stream()
                .collect(Collectors.groupingBy(row -> row.getAs("run"), TreeMap::new, Collectors.toList()));
        Map<String, byte[]> states = new TreeMap<>();
        byRun.forEach((run, some) -> states.put(run, state(some).toBytes()));
        return states;
    }

    static RunState state(List<Row> rows) {
        RunState state = RunState.empty();
        try (RootAllocator memory = new RootAllocator();
                StepBatchBuilder builder = StepBatch.builder(memory)) {
            for (Row row : rows) {
                append(builder, row);
            }
            try (StepBatch batch = builder.build()) {
                state.add(batch);
            }
        }
        return state;
    }

    private static void append(StepBatchBuilder builder, Row row) {
        for (StepColumn column : StepColumn.values()) {
            boolean isThere = List.of(row.schema().fieldNames()).contains(column.columnName());
            Object value = isThere ? row.getAs(column.columnName()) : null;
            if (value instanceof Timestamp time) {
                builder.value(column, time.getTime() * 1000 + time.getNanos() / 1000 % 1000);
            } else if (value instanceof BigDecimal || value != null) {
                builder.value(column, value);
            }
        }
        builder.append();
    }
}
