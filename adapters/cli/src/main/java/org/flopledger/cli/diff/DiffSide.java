package org.flopledger.cli.diff;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.MappingChoice;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.ReportContent;
import org.flopledger.logs.LogCollection;
import org.flopledger.report.ComputeReport;
import org.flopledger.review.Assessment;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/** Reads one side of a comparison: logs, a ledger, or what {@code report}, {@code analyze} or {@code totals} printed as JSON. */
final class DiffSide {

    private static final long LARGEST = 256L << 20;
    private static final Set<String> SCHEMAS =
            Set.of("flopledger.report/1", "flopledger.analysis/1", "flopledger.totals/1");
    private static final ObjectMapper JSON = new JsonMapper(com.fasterxml.jackson.core.JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(64).build())
            .build());

    /**
     * One run.
     *
     * @param run its identity
     * @param source where it was read, or null
     * @param low the least it can be, or null if unknown
     * @param best the figure, or null if unknown
     * @param high the most it can be, or null if unknown
     * @param verdicts the verdict of each rule that was asked
     */
    record Row(
            String run,
            @Nullable String source,
            @Nullable BigInteger low,
            @Nullable BigInteger best,
            @Nullable BigInteger high,
            Map<String, String> verdicts) {}

    private DiffSide() {}

    /** Returns the rows of a path. */
    static List<Row> read(Path path, Lines lines, PrintWriter err) {
        try {
            if (isLedger(path)) {
                return rows(ReportContent.of(LedgerChoice.audit(path), lines.named()));
            }
            List<Row> saved = Files.isRegularFile(path) ? saved(path) : null;
            return saved != null ? saved : logs(path, lines, err);
        } catch (IOException e) {
            throw new CommandFailure(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isLedger(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(path, "journal-*.arrows")) {
            return segments.iterator().hasNext();
        }
    }

    private static List<Row> logs(Path path, Lines lines, PrintWriter err) {
        LedgerBuilder builder = ComputeLedger.inMemory();
        lines.putInForce(builder);
        LogCollection found = new MappingChoice().read(List.of(path), err);
        if (!LogRoad.isUsable(found, err)) {
            throw new CommandFailure(path + ": no usable run was found");
        }
        try (ComputeLedger ledger = builder.start()) {
            return rows(ReportContent.of(LogRoad.into(ledger, found, lines), lines.ids()));
        }
    }

    private static List<Row> rows(ComputeReport report) {
        List<Row> rows = new ArrayList<>();
        for (ComputeReport.Run run : report.runs()) {
            FlopBounds total = run.total();
            Map<String, String> verdicts = new LinkedHashMap<>();
            for (Assessment one : run.assessments()) {
                verdicts.put(one.rule().id(), one.verdict().name());
            }
            rows.add(new Row(
                    run.name(),
                    run.source(),
                    total == null ? null : total.low().toBigInteger(),
                    total == null ? null : total.best().toBigInteger(),
                    total == null ? null : total.high().toBigInteger(),
                    verdicts));
        }
        return rows;
    }

    /** Returns the rows of what a command printed, or null if the file is none of that. */
    private static @Nullable List<Row> saved(Path file) throws IOException {
        if (Files.size(file) > LARGEST || !file.toString().endsWith(".json")) {
            return null;
        }
        JsonNode json;
        try {
            json = JSON.readTree(file.toFile());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            // A log may end in .json too; who reads logs says what is wrong with it.
            return null;
        }
        if (!SCHEMAS.contains(json.path("schema").asText())) {
            return null;
        }
        List<Row> rows = new ArrayList<>();
        for (JsonNode run : json.path("runs")) {
            JsonNode total = run.path("compute").path("total");
            Map<String, String> verdicts = new LinkedHashMap<>();
            run.path("verdicts")
                    .forEach(one -> verdicts.put(
                            one.path("rule").asText(), one.path("verdict").asText()));
            JsonNode source =
                    run.has("source") ? run.path("source") : run.path("sources").path(0);
            rows.add(new Row(
                    run.path("run").asText(),
                    source.isTextual() ? source.asText() : null,
                    number(total, "low"),
                    total.has("best") ? number(total, "best") : number(total, "flop"),
                    number(total, "high"),
                    verdicts));
        }
        return rows;
    }

    private static @Nullable BigInteger number(JsonNode figure, String name) {
        String digits = figure.path(name).asText();
        return digits.matches("\\d{1,60}") ? new BigInteger(digits) : null;
    }
}
