package org.flopledger.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/**
 * The job that totals a fleet: reads step tables (Parquet files, or a table of any catalog, such as Iceberg's) and writes, under a
 * folder, {@code totals} (Parquet, one row a run, with the mergeable state), {@code findings} (Parquet) and {@code report}
 * (JSON, one line).
 *
 * <pre>spark-submit --class org.flopledger.spark.FleetTotals flopledger-spark.jar \
 *   (--steps PATH | --table NAME) [--runs PATH] [--profile ID] --output FOLDER</pre>
 *
 * <p>The table of runs describes them: {@code run}, and the fields of a description. Where a step has no model, that of its run
 * counts.
 */
public final class FleetTotals {

    private static final String CATALOG = "spark.sql.catalog.flop";
    private static final List<String> DESCRIPTION =
            List.of("stage", "model", "config", "active_parameters", "total_parameters", "prior_flop");

    private final SparkSession spark;
    private final @Nullable Dataset<Row> runs;
    private final String profile;

    private FleetTotals(SparkSession spark, @Nullable Dataset<Row> runs, String profile) {
        this.spark = spark;
        this.runs = runs;
        this.profile = profile;
    }

    /**
     * Returns a job.
     *
     * @param runs describes the runs, see above; null for what was reported alone
     * @param profile id of the rules to read the totals by
     */
    public static FleetTotals of(SparkSession spark, @Nullable Dataset<Row> runs, String profile) {
        spark.conf().set(CATALOG, FlopCatalog.class.getName());
        return new FleetTotals(spark, runs, profile);
    }

    /** Runs the job by its command line. */
    public static void main(String[] arguments) throws IOException {
        FleetOptions options = FleetOptions.parse(arguments);
        try (SparkSession spark =
                SparkSession.builder().appName("FlopLedger FleetTotals").getOrCreate()) {
            Dataset<Row> steps = options.steps() != null
                    ? spark.read().parquet(options.steps())
                    : spark.table(String.valueOf(options.table()));
            Dataset<Row> runs = options.runs() == null ? null : spark.read().parquet(options.runs());
            of(spark, runs, options.profile()).write(steps, options.output());
        }
    }

    /**
     * Totals the steps and writes everything under a folder.
     *
     * @throws org.apache.spark.SparkRuntimeException if the folder holds results already
     */
    public void write(Dataset<Row> steps, String output) {
        totals(steps).write().mode(SaveMode.ErrorIfExists).parquet(output + "/totals");
        // From here on what was written is read: the steps are folded once.
        Dataset<Row> totals = spark.read().parquet(output + "/totals");
        findings(totals).write().mode(SaveMode.ErrorIfExists).parquet(output + "/findings");
        String report = FleetReport.json(totals, spark.read().parquet(output + "/findings"), profile);
        spark.createDataset(List.of(report), Encoders.STRING())
                .coalesce(1)
                .write()
                .mode(SaveMode.ErrorIfExists)
                .text(output + "/report");
    }

    /**
     * Returns one row a run: {@code run}, {@code rows} and {@code rejected} (by reason), the fields of {@code ledger_total}, and
     * {@code state}.
     */
    public Dataset<Row> totals(Dataset<Row> steps) {
        Dataset<Row> states = withModels(steps)
                .groupBy(col("run"))
                .agg(expr("flop.ledger_intake(struct(" + String.join(", ", stepColumns(steps)) + "))")
                        .as("intake"));
        Dataset<Row> described =
                described(states.select(col("run"), col("intake.rows"), col("intake.rejected"), col("intake.state")));
        return described
                .withColumn("total", expr("flop.ledger_total(state" + description() + ")"))
                .select(
                        col("run"),
                        col("rows"),
                        col("rejected"),
                        col("total.contradicted"),
                        col("total.attempts"),
                        col("total.observations"),
                        col("total.covered"),
                        col("total.low"),
                        col("total.best"),
                        col("total.high"),
                        col("total.executed"),
                        col("total.retained"),
                        col("total.discarded"),
                        col("total.tokens"),
                        col("state"));
    }

    private Dataset<Row> findings(Dataset<Row> totals) {
        return described(totals.select("run", "state"))
                .select(
                        col("run"),
                        explode(expr("flop.ledger_findings('" + profile.replace("'", "") + "', state" + description()
                                        + ")"))
                                .as("finding"))
                .select("run", "finding.*");
    }

    /** Only these columns are read from the table, and the model of the run where a table of runs says it. */
    private List<String> stepColumns(Dataset<Row> steps) {
        Set<String> names = names(steps);
        if (hasModels()) {
            names.add("model");
        }
        List<String> columns = new ArrayList<>();
        for (StepColumn column : StepColumn.values()) {
            if (names.contains(column.columnName())) {
                columns.add(column.columnName());
            }
        }
        return columns;
    }

    private static Set<String> names(Dataset<Row> table) {
        Set<String> names = new TreeSet<>();
        for (String name : table.columns()) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private boolean hasModels() {
        return runs != null && names(runs).contains("model");
    }

    private Dataset<Row> withModels(Dataset<Row> steps) {
        Dataset<Row> known = runs;
        if (known == null || !hasModels()) {
            return steps;
        }
        Column own = names(steps).contains("model") ? col("model") : lit(null).cast("string");
        return steps.join(known.select(col("run"), col("model").as("model of the run")), usingRun(), "left")
                .withColumn("model", coalesce(own, col("model of the run")))
                .drop("model of the run");
    }

    private Dataset<Row> described(Dataset<Row> table) {
        Dataset<Row> known = runs;
        if (known == null) {
            return table;
        }
        Set<String> names = names(known);
        Column[] fields = DESCRIPTION.stream()
                .filter(names::contains)
                .map(name -> col(name))
                .toArray(Column[]::new);
        return table.join(known.select(col("run"), struct(fields).as("description")), usingRun(), "left");
    }

    private static String[] usingRun() {
        return new String[] {"run"};
    }

    private String description() {
        return runs == null ? "" : ", description";
    }
}
