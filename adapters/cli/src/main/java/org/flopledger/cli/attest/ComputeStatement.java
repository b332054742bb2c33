package org.flopledger.cli.attest;

import java.io.StringWriter;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.account.ComputeFigure;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.lineage.Ancestor;
import org.flopledger.report.ComputeReport;
import org.flopledger.review.Assessment;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.Stage;

/**
 * Writes in-toto statements of what a ledger's runs cost and of what rules say of it. Only sums and names that the disclosure level
 * allows are in it: never a source, a device, a time of a step or a text of a log.
 */
public final class ComputeStatement {

    private static final String STATEMENT = "https://in-toto.io/Statement/v1";

    /** The predicate of what training cost. */
    public static final String COMPUTE = "https://flopledger.org/attestation/training-compute/v0.1";

    /** The predicate of what was verified. */
    public static final String RESULT = "https://in-toto.io/attestation/svr/v0.2";

    private static final String METHOD = "https://flopledger.org/method/exact-causal/1";
    private static final String VERIFIER = "https://flopledger.org/verifier/rules/1";
    private static final String PROFILE = "https://flopledger.org/profile/";
    private static final String SHA256 = "sha256:";
    private static final List<String> NON_CLAIMS = List.of(
            "does not prove that no other training took place",
            "does not prove that the logs tell what was executed",
            "does not prove that a run without a figure cost nothing",
            "the signature proves who signed and that nothing was changed since, not that it is true");

    /** How much is told. */
    public enum Disclosure {
        /** Sums over all runs. */
        TOTALS,
        /** Sums by stage besides, and how many ancestors there are. */
        STAGE,
        /** Each run by its identity besides, and the ancestors by name. */
        RUN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Something that a statement is about, with its SHA-256 in hexadecimal digits. */
    public record Subject(String name, String sha256) {}

    private final ComputeReport report;
    private final List<Subject> subjects;
    private final long records;
    private final Instant at;
    private final Disclosure disclosure;

    /**
     * Prepares statements.
     *
     * @param report the runs of a ledger
     * @param subjects what the statements are about, at least one
     * @param records how many records the ledger has
     * @param at when the figures were counted
     * @param disclosure how much is told
     */
    public ComputeStatement(
            ComputeReport report, List<Subject> subjects, long records, Instant at, Disclosure disclosure) {
        this.report = report;
        this.subjects = List.copyOf(subjects);
        this.records = records;
        this.at = at;
        this.disclosure = disclosure;
    }

    /** Returns the statement of what training cost. */
    public String compute() {
        var out = new StringWriter();
        try (var json = new CanonicalJson(out)) {
            begin(json, COMPUTE);
            json.text("assuranceLevel", "self_attested")
                    .instant("countedAt", at)
                    .text("disclosure", disclosure.toString());
            operations(json, "operations", total());
            if (disclosure != Disclosure.TOTALS) {
                phases(json);
            }
            operations(json, "discarded", discarded());
            coverage(json);
            json.beginObject("method").text("uri", METHOD).text("version", report.library());
            json.texts(
                    "kinds",
                    report.together().keySet().stream()
                            .map(CountingMethod::name)
                            .toList());
            json.endObject();
            json.beginObject("ledger")
                    .text("head", SHA256 + report.ledgerHead())
                    .exact("records", records)
                    .endObject();
            lineage(json);
            if (disclosure == Disclosure.RUN) {
                runs(json);
            }
            json.texts("nonClaims", NON_CLAIMS).endObject().endObject();
        }
        return out.toString().strip();
    }

    /** Returns the statement of what rules say: a property for each verdict of each rule, the gravest over the runs. */
    public String result() {
        var out = new StringWriter();
        try (var json = new CanonicalJson(out)) {
            begin(json, RESULT);
            json.beginObject("verifier").text("id", VERIFIER).beginArray("policies");
            for (String profile : report.profiles()) {
                json.beginObject()
                        .text("name", profile)
                        .text("uri", PROFILE + profile)
                        .endObject();
            }
            json.endArray().endObject().instant("timeCreated", at);
            json.texts("properties", properties()).endObject().endObject();
        }
        return out.toString().strip();
    }

    private void begin(CanonicalJson json, String predicate) {
        json.beginObject().text("_type", STATEMENT).beginArray("subject");
        for (Subject subject : subjects) {
            json.beginObject()
                    .text("name", subject.name())
                    .beginObject("digest")
                    .text("sha256", subject.sha256())
                    .endObject()
                    .endObject();
        }
        json.endArray().text("predicateType", predicate).beginObject("predicate");
    }

    private record Sum(BigInteger low, BigInteger best, BigInteger high) {

        private static final Sum ZERO = new Sum(BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);

        Sum plus(FlopBounds bounds) {
            return new Sum(
                    low.add(bounds.low().toBigInteger()),
                    best.add(bounds.best().toBigInteger()),
                    high.add(bounds.high().toBigInteger()));
        }
    }

    private Sum total() {
        Sum sum = Sum.ZERO;
        for (ComputeReport.Run run : report.runs()) {
            sum = sum.plus(run.account().total().bounds());
        }
        return sum;
    }

    private Sum discarded() {
        Sum sum = Sum.ZERO;
        for (ComputeReport.Run run : report.runs()) {
            sum = sum.plus(run.account().discarded().bounds());
        }
        return sum;
    }

    private static void operations(CanonicalJson json, String name, Sum sum) {
        json.beginObject(name)
                .exact("low", sum.low())
                .exact("best", sum.best())
                .exact("high", sum.high())
                .text("unit", "FLOP")
                .number("multiplyAdd", 2L)
                .endObject();
    }

    private void phases(CanonicalJson json) {
        Map<Stage, Sum> stages = new TreeMap<>();
        for (ComputeReport.Run run : report.runs()) {
            run.account()
                    .totalByStage()
                    .forEach((stage, figure) -> stages.put(
                            stage, stages.getOrDefault(stage, Sum.ZERO).plus(figure.bounds())));
        }
        json.beginArray("phases");
        stages.forEach((stage, sum) -> {
            json.beginObject().text("activity", stage.name());
            operations(json, "operations", sum);
            json.endObject();
        });
        json.endArray();
    }

    private void coverage(CanonicalJson json) {
        long seen = 0;
        long covered = 0;
        for (ComputeReport.Run run : report.runs()) {
            ComputeFigure total = run.account().total();
            seen += total.observations();
            covered += total.covered();
        }
        json.beginObject("coverage")
                .exact("observations", seen)
                .exact("observationsWithFigure", covered)
                .exact("runs", (long) report.runs().size())
                .exact(
                        "runsOfUnknownCost",
                        report.runs().stream()
                                .filter(run -> run.total() == null)
                                .count())
                .endObject();
    }

    private void lineage(CanonicalJson json) {
        Map<String, Ancestor> ancestors = new LinkedHashMap<>();
        for (ComputeReport.Run run : report.runs()) {
            run.facts().ancestors().forEach(ancestor -> ancestors.putIfAbsent(ancestor.model(), ancestor));
        }
        if (disclosure == Disclosure.TOTALS) {
            return;
        } else if (disclosure == Disclosure.STAGE) {
            json.exact("ancestors", (long) ancestors.size());
            return;
        }
        json.beginArray("lineage");
        for (Ancestor ancestor : ancestors.values()) {
            FlopBounds compute = ancestor.compute();
            json.beginObject()
                    .text("name", ancestor.model())
                    .text("role", ancestor.role().name())
                    .exact("best", compute == null ? null : compute.best())
                    .endObject();
        }
        json.endArray();
    }

    private void runs(CanonicalJson json) {
        json.beginArray("runs");
        for (ComputeReport.Run run : report.runs()) {
            FlopBounds total = run.total();
            json.beginObject().text("run", run.name());
            if (total == null) {
                json.none("operations");
            } else {
                operations(json, "operations", Sum.ZERO.plus(total));
            }
            json.endObject();
        }
        json.endArray();
    }

    private List<String> properties() {
        Map<String, Assessment> gravest = new TreeMap<>();
        for (ComputeReport.Run run : report.runs()) {
            for (Assessment one : run.assessments()) {
                gravest.merge(one.rule().id(), one, (a, b) -> gravity(a) <= gravity(b) ? a : b);
            }
        }
        List<String> properties = new ArrayList<>();
        gravest.forEach((rule, one) ->
                properties.add("FLOPLEDGER_" + rule.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_") + "_"
                        + one.verdict().name()));
        return properties;
    }

    private static int gravity(Assessment one) {
        return Verdicts.GRAVEST_FIRST.indexOf(one.verdict());
    }
}
