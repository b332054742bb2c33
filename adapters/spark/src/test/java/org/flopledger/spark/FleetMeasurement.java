package org.flopledger.spark;

import static org.apache.spark.sql.functions.expr;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Measures the fold of Parquet step tables beside Spark's own decimal sum of the same tables; {@code docs/scale.md} says how it is
 * run and what came out. Arguments: a folder, rows, runs. Tables that are there are used again.
 */
public final class FleetMeasurement {

    private static final AtomicLong CPU_NANOS = new AtomicLong();
    private static final AtomicLong SHUFFLE_BYTES = new AtomicLong();
    private static final AtomicLong SHUFFLE_RECORDS = new AtomicLong();

    private FleetMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long rows = Long.parseLong(arguments[1]);
        long runs = Long.parseLong(arguments[2]);
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 8)
                .config("spark.driver.host", "localhost")
                .config("spark.sql.catalog.flop", FlopCatalog.class.getName())
                .getOrCreate()) {
            spark.sparkContext().addSparkListener(new Counter());
            // Warm: classes, code generation and compilation are not what a fleet pays for.
            String warm = table(spark, folder, "regular", rows / 20, runs);
            measure("warm-up", rows / 20, () -> ledger(spark, warm));
            measure("warm-up", rows / 20, () -> decimal(spark, warm));
            for (String kind : List.of("regular", "irregular")) {
                String path = table(spark, folder, kind, rows, runs);
                for (int round = 0; round < 3; round++) {
                    BigInteger exact = measure(kind + " ledger_build", rows, () -> ledger(spark, path));
                    BigInteger sum = measure(kind + " sum(decimal)", rows, () -> decimal(spark, path));
                    if (!exact.equals(sum)) {
                        throw new AssertionError("ledger says " + exact + ", decimal sum " + sum);
                    }
                }
                states(spark, path);
            }
        }
    }

    /** Steps of runs side by side, as collectors write them; regular ones have one content a run, irregular ones one each. */
    private static String table(SparkSession spark, Path folder, String kind, long rows, long runs) {
        Path path = folder.resolve(kind + "-" + rows + "-" + runs);
        if (!Files.exists(path)) {
            boolean isRegular = kind.equals("regular");
            spark.range(0, rows, 1, 8)
                    .selectExpr(
                            "concat('run-', id % " + runs + ") AS run",
                            "0 AS attempt",
                            "id DIV " + runs + " AS step",
                            "'rank-0' AS source",
                            "'PRETRAINING' AS stage",
                            "concat('model-', id % " + runs + " % 17) AS model",
                            (isRegular ? "4194304L" : "4194304L - id % 1000003") + " AS tokens",
                            "2048 AS sequences",
                            "CAST(4194304 AS BIGINT) * 8192 AS squared_lengths",
                            "CAST('1234567890123456789012' AS DECIMAL(38,0)) AS reported_flop",
                            "timestamp_micros(1000000 * id) AS ended_at")
                    .write()
                    .option("compression", "zstd")
                    .parquet(path.toString());
        }
        return path.toString();
    }

    private static BigInteger ledger(SparkSession spark, String path) {
        Dataset<Row> totals = spark.read()
                .parquet(path)
                .groupBy("run")
                .agg(expr("flop.ledger_total(flop.ledger_build(struct(*)))").as("total"))
                .selectExpr("total.best");
        return sum(totals);
    }

    private static BigInteger decimal(SparkSession spark, String path) {
        return sum(spark.read()
                .parquet(path)
                .groupBy("run")
                .agg(expr("sum(reported_flop)").as("total"))
                .select("total"));
    }

    private static BigInteger sum(Dataset<Row> totals) {
        return totals.collectAsList().stream()
                .map(row -> row.getDecimal(0))
                .map(BigDecimal::toBigIntegerExact)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static BigInteger measure(String what, long rows, Supplier<BigInteger> query) throws InterruptedException {
        CPU_NANOS.set(0);
        SHUFFLE_BYTES.set(0);
        SHUFFLE_RECORDS.set(0);
        long begin = System.nanoTime();
        BigInteger result = query.get();
        double seconds = (System.nanoTime() - begin) / 1e9;
        // The last tasks' metrics come a little after their results.
        Thread.sleep(500);
        System.out.printf(
                Locale.ROOT,
                "%-24s %,d rows  %.1f s  %.0f ns of CPU a row  %,d shuffle bytes  %,d shuffle records  sum %s%n",
                what,
                rows,
                seconds,
                (double) CPU_NANOS.get() / rows,
                SHUFFLE_BYTES.get(),
                SHUFFLE_RECORDS.get(),
                result);
        return result;
    }

    private static void states(SparkSession spark, String path) {
        Row sizes = spark.read()
                .parquet(path)
                .groupBy("run")
                .agg(expr("length(flop.ledger_build(struct(*)))").as("bytes"))
                .selectExpr("sum(bytes)", "max(bytes)", "count(*)")
                .head();
        System.out.printf(
                Locale.ROOT,
                "states: %,d bytes of %,d runs, the largest %,d%n",
                sizes.getLong(0),
                sizes.getLong(2),
                (long) sizes.getInt(1));
    }

    private static final class Counter extends SparkListener {
        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskMetrics() != null) {
                CPU_NANOS.addAndGet(end.taskMetrics().executorCpuTime());
                SHUFFLE_BYTES.addAndGet(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
                SHUFFLE_RECORDS.addAndGet(
                        end.taskMetrics().shuffleWriteMetrics().recordsWritten());
            }
        }
    }
}
