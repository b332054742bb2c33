package org.flopledger.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.flopledger.RunState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** The same rows give the same state bytes, whoever folds them. */
class BitIdenticalTest {

    private static SparkSession spark;
    private static Dataset<Row> steps;
    private static List<Row> rows;
    private static Map<String, byte[]> expected;

    @BeforeAll
    static void fold() {
        spark = LocalSpark.session();
        steps = FleetData.steps(spark).cache();
        rows = steps.collectAsList();
        expected = FleetData.inOneThread(rows);
        assertThat(expected).hasSize(FleetData.RUNS);
    }

    @AfterAll
    static void stop() throws java.io.IOException {
        spark.close();
    }

    private static Map<String, byte[]> built(Dataset<Row> table) {
        return states(
                table.groupBy("run").agg(expr("flop.ledger_build(struct(*))").as("state")));
    }

    private static Map<String, byte[]> states(Dataset<Row> table) {
        Map<String, byte[]> states = new TreeMap<>();
        for (Row row : table.select("run", "state").collectAsList()) {
            assertThat(states.put(row.getString(0), row.getAs(1))).isNull();
        }
        return states;
    }

    private static void assertSame(Map<String, byte[]> actual) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach((run, state) -> assertThat(state).as(run).isEqualTo(expected.get(run)));
    }

    @Test
    void inEightThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Map<String, byte[]>>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                List<Row> some = rows.subList(rows.size() * i / 8, rows.size() * (i + 1) / 8);
                tasks.add(() -> FleetData.inOneThread(some));
            }
            Map<String, RunState> merged = new TreeMap<>();
            for (Future<Map<String, byte[]>> part : threads.invokeAll(tasks)) {
                part.get()
                        .forEach((run, bytes) -> merged.computeIfAbsent(run, name -> RunState.empty())
                                .merge(RunState.fromBytes(bytes)));
            }
            Map<String, byte[]> states = new TreeMap<>();
            merged.forEach((run, state) -> states.put(run, state.toBytes()));
            assertSame(states);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void inSqlWhateverThePartitions() {
        assertSame(built(steps));
        assertSame(built(steps.coalesce(1)));
        assertSame(built(steps.repartition(7)));
        assertSame(built(steps.orderBy(rand(42)).repartition(5)));
    }

    @Test
    void withSortedAggregationAndSpills() {
        spark.conf().set("spark.sql.objectHashAggregate.sortBased.fallbackThreshold", "2");
        try {
            assertSame(built(steps.repartition(3)));
        } finally {
            spark.conf().unset("spark.sql.objectHashAggregate.sortBased.fallbackThreshold");
        }
    }

    @Test
    void withCopiesOfRows() {
        assertSame(built(steps.union(steps.where("step % 3 = 0"))
                .union(steps.where("step % 5 = 0"))
                .repartition(6)));
    }

    @Test
    void byMergingStatesThatOverlap() {
        steps.createOrReplaceTempView("steps");
        assertSame(states(spark.sql("SELECT run, flop.ledger_merge(state) AS state FROM ("
                + " SELECT run, step % 4 AS part, flop.ledger_build(struct(*)) AS state FROM steps GROUP BY run, step % 4"
                + " UNION ALL SELECT run, 9, flop.ledger_build(struct(*)) FROM steps WHERE step < 90 GROUP BY run"
                + ") GROUP BY run")));
    }

    @Test
    void byTheTypedAggregator() {
        Dataset<Tuple2<String, byte[]>> states = steps.repartition(5)
                .groupByKey((MapFunction<Row, String>) row -> row.getAs("run"), Encoders.STRING())
                .agg(new LedgerAggregator().toColumn());
        Map<String, byte[]> byRun = new TreeMap<>();
        states.collectAsList().forEach(state -> byRun.put(state._1(), state._2()));
        assertSame(byRun);
    }

    @Test
    void contradictionsAreContradictionsInAnyPartition() {
        Dataset<Row> other = steps.where("run = 'run-3' AND step = 7")
                .withColumn("tokens", col("tokens").plus(1));
        Map<String, byte[]> first = built(steps.union(other).repartition(4));
        Map<String, byte[]> second = built(other.union(steps).orderBy(rand(7)).coalesce(1));
        assertThat(first.get("run-3")).isEqualTo(second.get("run-3"));
        assertThat(RunState.fromBytes(first.get("run-3")).isContradicted()).isTrue();
        assertThat(first.get("run-4")).isEqualTo(expected.get("run-4"));
    }

    @Test
    void rowsOfTwoRunsInOneGroupAreRefused() {
        Dataset<Row> ungrouped = steps.agg(expr("flop.ledger_build(struct(*))").as("state"));
        assertThatThrownBy(ungrouped::collectAsList).hasStackTraceContaining("group by run");
    }
}
