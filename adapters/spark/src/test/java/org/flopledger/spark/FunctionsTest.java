package org.flopledger.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions in SQL, and the job, beside the library called directly. */
class FunctionsTest {

    private static final String CONFIG = "{\"model_type\":\"llama\",\"hidden_size\":64,\"intermediate_size\":128,"
            + "\"num_hidden_layers\":2,\"num_attention_heads\":4,\"num_key_value_heads\":2,\"vocab_size\":512,"
            + "\"max_position_embeddings\":2048,\"hidden_act\":\"silu\",\"rms_norm_eps\":1e-5,"
            + "\"tie_word_embeddings\":false,\"attention_bias\":false,\"mlp_bias\":false}";

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = LocalSpark.session();
        FleetData.steps(spark).cache().createOrReplaceTempView("steps");
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    private static Row only(String sql) {
        List<Row> rows = spark.sql(sql).collectAsList();
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static BigInteger amount(Row row, String name) {
        return row.<BigDecimal>getAs(name).toBigIntegerExact();
    }

    @Test
    void aTotalIsThatOfTheLibrary() {
        List<Row> rows = spark.sql("SELECT * FROM steps WHERE run = 'run-7'").collectAsList();
        RunSpec spec = RunSpec.pretraining("run-7")
                .parameters("model-7", 7_000_000_000L, 8_000_000_000L)
                .build();
        RunAccount expected = FleetData.state(rows).account(spec);
        Row total = only("SELECT t.* FROM (SELECT flop.ledger_total(flop.ledger_build(struct(*)),"
                + " named_struct('stage', 'PRETRAINING', 'model', 'model-7', 'active_parameters', 7000000000L,"
                + " 'total_parameters', 8000000000L)) AS t FROM steps WHERE run = 'run-7')");
        assertThat(amount(total, "best"))
                .isEqualTo(expected.total().bounds().best().toBigInteger());
        assertThat(amount(total, "low"))
                .isEqualTo(expected.total().bounds().low().toBigInteger());
        assertThat(amount(total, "high"))
                .isEqualTo(expected.total().bounds().high().toBigInteger());
        assertThat(amount(total, "retained").add(amount(total, "discarded"))).isEqualTo(amount(total, "best"));
        assertThat(amount(total, "discarded")).isPositive();
        assertThat(total.<Long>getAs("observations")).isEqualTo(expected.total().observations());
        assertThat(amount(total, "tokens")).isEqualTo(expected.totals().tokens());
    }

    @Test
    void nothingObservedIsNullAndAContradictionHasNoAmount() {
        assertThat(only("SELECT flop.ledger_total(flop.ledger_build(struct(*))) FROM steps WHERE run = 'none'")
                        .isNullAt(0))
                .isTrue();
        Row contradicted = only("SELECT t.* FROM (SELECT flop.ledger_total(flop.ledger_build(struct(*))) AS t FROM"
                + " (SELECT 'r' AS run, 0 AS attempt, 1 AS step, 'a' AS source, 'PRETRAINING' AS stage, id AS tokens"
                + " FROM range(1, 3)))");
        assertThat(contradicted.<Boolean>getAs("contradicted")).isTrue();
        assertThat(contradicted.isNullAt(contradicted.fieldIndex("best"))).isTrue();
    }

    @Test
    void sumsStayExactWhereADecimalOverflowsAndADoubleRounds() {
        // 60 000 steps of 2e27, the most that a step may have: 1.2e32 and, in the last digit, one.
        String table = "(SELECT 'r' AS run, 0 AS attempt, id AS step, 'a' AS source, 'PRETRAINING' AS stage,"
                + " CAST(IF(id = 0, '1', '2000000000000000000000000000') AS DECIMAL(38,0)) AS reported_flop"
                + " FROM range(0, 60001, 1, 2))";
        Row total = only(
                "SELECT t.* FROM (SELECT flop.ledger_total(flop.ledger_build(struct(*))) AS t FROM " + table + ")");
        assertThat(amount(total, "best")).isEqualTo(new BigInteger("120000000000000000000000000000001"));
        Row rounded = only("SELECT sum(CAST(reported_flop AS DOUBLE)) FROM " + table);
        assertThat(new BigDecimal(rounded.getDouble(0)).toBigInteger())
                .isNotEqualTo(new BigInteger("120000000000000000000000000000001"));
        assertThatThrownBy(() -> only("SELECT sum(CAST(reported_flop AS DECIMAL(38,8))) FROM " + table))
                .hasStackTraceContaining("ARITHMETIC_OVERFLOW");
    }

    @Test
    void modelsArePricedAsByTheLibrary() {
        var model = ModelDescription.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config")
                .architecture();
        var estimate = FlopEstimator.of(model, TrainingSetting.FULL).estimate(Batch.ofTokens(1_000_000, 2048));
        Row row = only("SELECT e.* FROM (SELECT flop.flop_estimate('" + CONFIG + "', 1000000, 2048) AS e)");
        assertThat(amount(row, "best")).isEqualTo(estimate.bounds().best().toBigInteger());
        assertThat(amount(row, "forward").add(amount(row, "backward")))
                .isEqualTo(estimate.model().toBigInteger());
        Row counts = only("SELECT p.* FROM (SELECT flop.parameters('" + CONFIG + "') AS p)");
        assertThat(counts.<Long>getAs("total"))
                .isEqualTo(ParameterCount.of(model).total());
    }

    @Test
    void rulesReadFiguresAndStates() {
        Row above =
                only("SELECT filter(flop.assess('eu-gpai', 100000000000000000000000000BD), a -> a.verdict = 'ABOVE')");
        assertThat(above.getList(0)).isNotEmpty();
        Row state = only("SELECT flop.assess('eu-gpai', flop.ledger_build(struct(*))) FROM steps WHERE run = 'run-1'");
        assertThat(state.getList(0)).isNotEmpty();
        assertThatThrownBy(() -> only("SELECT flop.assess('eu-gpai', 'much')"))
                .hasMessageContaining("must be called as");
        assertThatThrownBy(() -> only("SELECT flop.ledger_build(struct(tokens)) FROM steps"))
                .hasMessageContaining("no field run");
    }

    @Test
    void theJobTotalsAFleetOnce() throws IOException {
        String output = folder.resolve("out").toString();
        Dataset<Row> steps = spark.table("steps");
        Dataset<Row> runs = spark.sql("SELECT concat('run-', id) AS run, 'PRETRAINING' AS stage,"
                + " concat('model-', id) AS model, 7000000000L AS active_parameters, 7000000000L AS total_parameters,"
                + " CAST('9' || repeat('0', 24) AS DECIMAL(38,0)) AS prior_flop FROM range(" + FleetData.RUNS + ")");
        FleetTotals.of(spark, runs, "eu-gpai").write(steps, output);

        List<Row> totals = spark.read().parquet(output + "/totals").collectAsList();
        assertThat(totals).hasSize(FleetData.RUNS);
        BigInteger best = BigInteger.ZERO;
        long rejected = 0;
        for (Row total : totals) {
            RunState state = RunState.fromBytes(total.<byte[]>getAs("state"));
            String run = total.getAs("run");
            RunSpec spec = RunSpec.pretraining(run)
                    .parameters("model-" + run.substring(4), 7_000_000_000L, 7_000_000_000L)
                    .build();
            assertThat(amount(total, "best"))
                    .isEqualTo(state.account(spec).total().bounds().best().toBigInteger());
            best = best.add(amount(total, "best"));
            Map<String, Long> reasons = total.getJavaMap(total.fieldIndex("rejected"));
            long refused = reasons.getOrDefault("TOKENS_NEGATIVE", 0L);
            rejected += refused;
            assertThat(total.<Long>getAs("rows")).isEqualTo(total.<Long>getAs("observations") + refused);
        }
        assertThat(rejected).isEqualTo(FleetData.RUNS * FleetData.STEPS / 997 + 1);
        String report = Files.readString(reportOf(output));
        assertThat(report)
                .contains("\"schema\":\"flopledger.fleet/1\"", "\"flop\":\"" + best + "\"", "\"IMPLAUSIBLE\"")
                .contains("\"rows\":\"" + FleetData.RUNS * FleetData.STEPS + "\"");
        Matcher findings = Pattern.compile("\"IMPLAUSIBLE\":\"(\\d+)\"").matcher(report);
        assertThat(findings.find()).isTrue();
        assertThat(spark.read()
                        .parquet(output + "/findings")
                        .where("kind = 'IMPLAUSIBLE'")
                        .count())
                .isEqualTo(Long.parseLong(findings.group(1)));
        assertThatThrownBy(() -> FleetTotals.of(spark, runs, "eu-gpai").write(steps, output))
                .hasMessageContaining("exists");
    }

    private static Path reportOf(String output) throws IOException {
        try (var files = Files.list(Path.of(output, "report"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".txt"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
