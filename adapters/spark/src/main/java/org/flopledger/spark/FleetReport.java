package org.flopledger.spark;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The fleet in one canonical JSON object: what was read, what became of it, and the exact totals, added up on the driver as whole
 * numbers of any size. Takes memory for no more than one run at a time.
 */
final class FleetReport {

    private long runs;
    private long runsWithoutTotal;
    private long contradicted;
    private long rows;
    private long observations;
    private long covered;
    private BigInteger low = BigInteger.ZERO;
    private BigInteger best = BigInteger.ZERO;
    private BigInteger high = BigInteger.ZERO;
    private BigInteger retained = BigInteger.ZERO;
    private BigInteger discarded = BigInteger.ZERO;
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> findings = new TreeMap<>();

    private FleetReport() {}

    static String json(Dataset<Row> totals, Dataset<Row> findings, String profile) {
        FleetReport report = new FleetReport();
        Iterator<Row> all = totals.drop("state").toLocalIterator();
        while (all.hasNext()) {
            report.add(all.next());
        }
        for (Row row : findings.groupBy(col("kind")).count().collectAsList()) {
            report.findings.put(row.getString(0), row.getLong(1));
        }
        return report.write(profile);
    }

    private void add(Row run) {
        runs++;
        rows += run.<Long>getAs("rows");
        run.<String, Long>getJavaMap(run.fieldIndex("rejected"))
                .forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
        int best38 = run.fieldIndex("best");
        if (run.isNullAt(best38)) {
            runsWithoutTotal++;
            int flag = run.fieldIndex("contradicted");
            contradicted += !run.isNullAt(flag) && run.getBoolean(flag) ? 1 : 0;
            return;
        }
        observations += run.<Long>getAs("observations");
        covered += run.<Long>getAs("covered");
        low = low.add(amount(run, "low"));
        best = best.add(amount(run, "best"));
        high = high.add(amount(run, "high"));
        retained = retained.add(amount(run, "retained"));
        discarded = discarded.add(amount(run, "discarded"));
    }

    private static BigInteger amount(Row run, String name) {
        return run.getDecimal(run.fieldIndex(name)).toBigIntegerExact();
    }

    private String write(String profile) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.fleet/1");
            json.writeStringField("profile", profile);
            number(json, "runs", runs);
            number(json, "runsWithoutTotal", runsWithoutTotal);
            number(json, "contradicted", contradicted);
            number(json, "rows", rows);
            counts(json, "rejected", rejected);
            number(json, "observations", observations);
            number(json, "covered", covered);
            json.writeObjectFieldStart("compute");
            json.writeStringField("flop", best.toString());
            json.writeStringField("low", low.toString());
            json.writeStringField("high", high.toString());
            json.writeStringField("retained", retained.toString());
            json.writeStringField("discarded", discarded.toString());
            json.writeEndObject();
            counts(json, "findings", findings);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void number(JsonGenerator json, String name, long value) throws IOException {
        json.writeStringField(name, Long.toString(value));
    }

    private static void counts(JsonGenerator json, String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            number(json, entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }
}
