package org.flopledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Writes the description of a run as canonical JSON for the journal, and reads it back; version 2, and version 1 to read. */
final class RunSpecJson {

    private static final String FORMAT = "flopledger.run/2";
    private static final String OLD_FORMAT = "flopledger.run/1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunSpecJson() {}

    static String write(RunSpec spec) {
        ObjectNode run = JSON.createObjectNode();
        run.put("format", FORMAT)
                .put("run", spec.id())
                .put("stage", spec.stage().name());
        run.put("model", spec.model());
        formulas(run.putArray("formulas"), spec.formulas());
        if (!spec.furtherWork().isEmpty()) {
            ObjectNode further = run.putObject("further");
            spec.furtherWork().forEach((key, costs) -> formulas(further.putArray(key), costs));
        }
        facts(run.putObject("known"), spec.known());
        return run.toString();
    }

    private static void formulas(ArrayNode formulas, List<StepFormula> costs) {
        for (StepFormula formula : costs) {
            ObjectNode entry =
                    formulas.addObject().put("method", formula.method().name());
            form(entry.putObject("low"), formula.low());
            form(entry.putObject("model"), formula.model());
            form(entry.putObject("executed"), formula.executed());
            form(entry.putObject("high"), formula.high());
        }
    }

    private static void form(ObjectNode node, LinearForm form) {
        node.put("perToken", form.perToken().toString())
                .put("perSequence", form.perSequence().toString())
                .put("perSquaredLength", form.perSquaredLength().toString());
        ArrayNode masks = node.putArray("masks");
        for (LinearForm.MaskedPairs masked : form.masks()) {
            AttentionMask mask = masked.mask();
            masks.addObject()
                    .put("kind", mask.kind().word())
                    .put("size", mask.size())
                    .put("perPair", masked.perPair().toString());
        }
    }

    private static void facts(ObjectNode node, Facts known) {
        node.put("exactness", known.exactness().name());
        ObjectNode tags = node.putObject("tags");
        ObjectNode answers = node.putObject("answers");
        ObjectNode amounts = node.putObject("amounts");
        for (FactName fact : FactName.values()) {
            Set<String> words = known.tags(fact);
            if (words != null) {
                ArrayNode list = tags.putArray(fact.key());
                new TreeSet<>(words).forEach(list::add);
            }
            Boolean answer = known.answer(fact);
            if (answer != null) {
                answers.put(fact.key(), answer.booleanValue());
            }
            BigDecimal amount = known.amount(fact);
            if (amount != null) {
                amounts.put(fact.key(), amount.toPlainString());
            }
        }
        ArrayNode ancestors = node.putArray("ancestors");
        for (Ancestor ancestor : known.ancestors()) {
            ObjectNode entry = ancestors
                    .addObject()
                    .put("model", ancestor.model())
                    .put("role", ancestor.role().name())
                    .put("developer", ancestor.developer().name());
            bounds(entry, "compute", ancestor.compute());
        }
        Facts.Original original = known.declaredOriginal();
        if (original != null) {
            bounds(node.putObject("original"), "compute", original.compute());
        }
        lines(node.putArray("lines"), known.lines());
        lines(node.putArray("planned"), known.planned());
        ObjectNode figures = node.putObject("figures");
        known.figures().forEach((method, flop) -> figures.put(method.name(), flop.toString()));
        node.put("asOf", text(known.asOf())).put("step", known.step()).put("at", text(known.at()));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static void lines(ArrayNode node, List<Facts.Line> lines) {
        for (Facts.Line line : lines) {
            ObjectNode entry = node.addObject()
                    .put("stage", line.stage().name())
                    .put("part", line.part().name())
                    .put("publicData", line.publicData())
                    .put("coverage", line.coverage());
            bounds(entry, "flop", line.flop());
        }
    }

    private static void bounds(ObjectNode node, String name, @Nullable FlopBounds bounds) {
        if (bounds != null) {
            node.putArray(name)
                    .add(bounds.low().toString())
                    .add(bounds.best().toString())
                    .add(bounds.high().toString());
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static RunSpec read(String text) {
        JsonNode run = tree(text);
        String format = run.path("format").asText();
        if (!FORMAT.equals(format) && !OLD_FORMAT.equals(format)) {
            throw new IllegalArgumentException(
                    "run record has format '" + format + "', must be " + FORMAT + " or " + OLD_FORMAT);
        }
        RunSpec.Builder builder = RunSpec.of(
                run.path("run").asText(), Stage.valueOf(run.path("stage").asText()));
        if (run.path("model").isTextual()) {
            builder.model(run.path("model").asText(), formulas(run.path("formulas")));
        }
        run.path("further").properties().forEach(work -> builder.furtherWork(work.getKey(), formulas(work.getValue())));
        return builder.known(facts(run.path("known"))).build();
    }

    private static StepFormula[] formulas(JsonNode entries) {
        List<StepFormula> formulas = new ArrayList<>();
        for (JsonNode entry : entries) {
            formulas.add(new StepFormula(
                    CountingMethod.valueOf(entry.path("method").asText()),
                    form(entry.path("low")),
                    form(entry.path("model")),
                    form(entry.path("executed")),
                    form(entry.path("high"))));
        }
        return formulas.toArray(new StepFormula[0]);
    }

    static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a ledger record is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static LinearForm form(JsonNode node) {
        List<LinearForm.MaskedPairs> masks = new ArrayList<>();
        for (JsonNode mask : node.path("masks")) {
            masks.add(new LinearForm.MaskedPairs(
                    AttentionMask.Kind.named(mask.path("kind").asText())
                            .ofSize(mask.path("size").asLong()),
                    flop(mask, "perPair")));
        }
        return new LinearForm(flop(node, "perToken"), flop(node, "perSequence"), flop(node, "perSquaredLength"), masks);
    }

    /** Version 1 wrote numbers, version 2 writes decimal strings. */
    private static FlopCount flop(JsonNode node, String name) {
        return FlopCount.parse(node.path(name).asText());
    }

    private static Facts facts(JsonNode node) {
        Facts.Builder facts = Facts.builder()
                .exactness(Facts.Exactness.valueOf(node.path("exactness").asText()));
        node.path("tags")
                .properties()
                .forEach(entry ->
                        entry.getValue().forEach(word -> facts.tag(FactName.ofKey(entry.getKey()), word.asText())));
        node.path("answers")
                .properties()
                .forEach(entry -> facts.answer(
                        FactName.ofKey(entry.getKey()), entry.getValue().asBoolean()));
        node.path("amounts")
                .properties()
                .forEach(entry -> facts.amount(
                        FactName.ofKey(entry.getKey()),
                        new BigDecimal(entry.getValue().asText())));
        for (JsonNode ancestor : node.path("ancestors")) {
            facts.ancestor(new Ancestor(
                    ancestor.path("model").asText(),
                    Ancestor.Role.valueOf(ancestor.path("role").asText()),
                    Ancestor.Developer.valueOf(ancestor.path("developer").asText()),
                    bounds(ancestor.get("compute"))));
        }
        if (node.has("original")) {
            facts.original(new Facts.Original(bounds(node.path("original").get("compute"))));
        }
        node.path("lines").forEach(line -> facts.line(line(line)));
        node.path("planned").forEach(line -> facts.planned(line(line)));
        node.path("figures")
                .properties()
                .forEach(entry -> facts.figure(
                        CountingMethod.valueOf(entry.getKey()),
                        FlopCount.parse(entry.getValue().asText())));
        if (node.path("asOf").isTextual()) {
            facts.asOf(LocalDate.parse(node.path("asOf").asText()));
        }
        return facts.position(
                        node.path("step").isNumber() ? node.path("step").asLong() : null,
                        node.path("at").isTextual()
                                ? Instant.parse(node.path("at").asText())
                                : null)
                .build();
    }

    private static Facts.Line line(JsonNode line) {
        FlopBounds flop = bounds(line.get("flop"));
        return new Facts.Line(
                Stage.valueOf(line.path("stage").asText()),
                Facts.Part.valueOf(line.path("part").asText()),
                line.path("publicData").asBoolean(),
                flop == null ? FlopBounds.ZERO : flop,
                line.path("coverage").asDouble());
    }

    private static @Nullable FlopBounds bounds(@Nullable JsonNode node) {
        return node == null
                ? null
                : new FlopBounds(
                        FlopCount.parse(node.path(0).asText()),
                        FlopCount.parse(node.path(1).asText()),
                        FlopCount.parse(node.path(2).asText()));
    }
}
