package org.flopledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.json.JsonFigures;
import org.flopledger.internal.json.JsonText;
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
        return JsonText.of(json -> {
            json.text("format", FORMAT)
                    .text("run", spec.id())
                    .text("stage", spec.stage().name())
                    .text("model", spec.model())
                    .objects("formulas", spec.formulas(), RunSpecJson::formula);
            if (!spec.furtherWork().isEmpty()) {
                json.object(
                        "further",
                        further -> spec.furtherWork()
                                .forEach((key, costs) -> further.objects(key, costs, RunSpecJson::formula)));
            }
            json.object("known", known -> facts(known, spec.known()));
        });
    }

    private static void formula(JsonText json, StepFormula formula) {
        json.text("method", formula.method().name())
                .object("low", form -> form(form, formula.low()))
                .object("model", form -> form(form, formula.model()))
                .object("executed", form -> form(form, formula.executed()))
                .object("high", form -> form(form, formula.high()));
    }

    private static void form(JsonText json, LinearForm form) {
        json.text("perToken", form.perToken())
                .text("perSequence", form.perSequence())
                .text("perSquaredLength", form.perSquaredLength())
                .objects(
                        "masks",
                        form.masks(),
                        (mask, masked) -> mask.text("kind", masked.mask().kind().word())
                                .number("size", masked.mask().size())
                                .text("perPair", masked.perPair()));
    }

    private static void facts(JsonText json, Facts known) {
        json.text("exactness", known.exactness().name())
                .object("tags", tags -> eachFact(known::tags, (fact, words) -> tags.texts(fact, new TreeSet<>(words))))
                .object("answers", answers -> eachFact(known::answer, answers::flag))
                .object(
                        "amounts",
                        amounts ->
                                eachFact(known::amount, (fact, amount) -> amounts.text(fact, amount.toPlainString())))
                .objects("ancestors", known.ancestors(), RunSpecJson::ancestor);
        Facts.Original original = known.declaredOriginal();
        if (original != null) {
            json.object("original", fields -> JsonFigures.triple(fields, "compute", original.compute()));
        }
        json.objects("lines", known.lines(), RunSpecJson::line)
                .objects("planned", known.planned(), RunSpecJson::line)
                .object(
                        "figures",
                        figures -> known.figures().forEach((method, flop) -> figures.text(method.name(), flop)))
                .text("asOf", known.asOf())
                .number("step", known.step())
                .text("at", known.at());
    }

    /** Tells the facts that have a value, in the order of {@link FactName}. */
    private static <T> void eachFact(Function<FactName, @Nullable T> value, BiConsumer<String, T> told) {
        for (FactName fact : FactName.values()) {
            T known = value.apply(fact);
            if (known != null) {
                told.accept(fact.key(), known);
            }
        }
    }

    private static void ancestor(JsonText json, Ancestor ancestor) {
        json.text("model", ancestor.model())
                .text("role", ancestor.role().name())
                .text("developer", ancestor.developer().name());
        JsonFigures.triple(json, "compute", ancestor.compute());
    }

    private static void line(JsonText json, Facts.Line line) {
        json.text("stage", line.stage().name())
                .text("part", line.part().name())
                .flag("publicData", line.publicData())
                .real("coverage", line.coverage());
        JsonFigures.triple(json, "flop", line.flop());
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
