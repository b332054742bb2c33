package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flopledger.huggingface.MeasuredModel.Outcome;
import org.flopledger.huggingface.MeasuredModel.Verdict;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Random small models of many types: counts equal those of the models that transformers builds, and FLOP those that torch
 * dispatches. {@code docs/families.md} is written from the same comparison: run with {@code -Dflopledger.write=true} to renew it.
 */
class FamiliesGoldenTest {

    /** Where the measurement counts something else than we do, and what; nothing else may differ. */
    private static final Map<String, Difference> EXPLAINED = Map.of(
            "jetmoe",
            new Difference(
                    "active", "measured by module names, which hold attention's router and bias and not the experts"),
            "longcat_flash",
            new Difference(
                    "active",
                    "measured with the first projections of experts that only pass their input on, in proportion"),
            "lfm2",
            new Difference(
                    "full square", "measured without the padding in front of a convolution, which eager code runs"),
            "gpt_neo",
            new Difference("forward", "its scores were not intercepted: measured as the whole square"),
            "xglm",
            new Difference("forward", "its scores were not intercepted: measured as the whole square"));

    /** One figure that the measurement defines otherwise. */
    private record Difference(String figure, String why) {}

    @TestFactory
    Stream<DynamicTest> everySmallModelIsReadToTheUnit() {
        return measured().stream()
                .map(model -> dynamicTest(model.id(), () -> {
                    Outcome outcome = model.compare();
                    Difference explained = EXPLAINED.get(model.type());
                    if (explained == null) {
                        assertThat(outcome).isEqualTo(new Outcome(Verdict.RIGHT, ""));
                    } else {
                        assertThat(outcome.why())
                                .startsWith(explained.figure() + " is ")
                                .doesNotContain(";");
                    }
                }));
    }

    @Test
    void theTableOfFamiliesIsUpToDate() throws IOException {
        Path file = Path.of("docs", "families.md");
        String written = FamiliesReport.of(
                measured(),
                EXPLAINED.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().why())));
        if (Boolean.getBoolean("flopledger.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, written);
        }

        assertThat(file).content().isEqualTo(written);
    }

    /** The vocabulary that this file states is left out by transformers, which takes its default. */
    @TestFactory
    Stream<DynamicTest> everyPublishedConfigurationIsReadToTheUnit() {
        return Oracles.elements(Oracles.read("published_configs.json").get("cases")).stream()
                .map(MeasuredModel::of)
                .filter(model -> !model.type().equals("step3p7"))
                .map(model -> dynamicTest(
                        model.id(), () -> assertThat(model.compare()).isEqualTo(new Outcome(Verdict.RIGHT, ""))));
    }

    private static List<MeasuredModel> measured() {
        List<MeasuredModel> models = new ArrayList<>();
        for (JsonNode file : List.of(Oracles.resource("zoo.json"), Oracles.zipped("seeds.json.gz"))) {
            file.get("cases").forEach(node -> models.add(MeasuredModel.of(node)));
        }
        return models;
    }

    /** Writes the table. */
    private static final class FamiliesReport {

        static String of(List<MeasuredModel> models, Map<String, String> explained) {
            Map<String, List<Outcome>> byType = new TreeMap<>();
            models.forEach(model -> byType.computeIfAbsent(model.type(), type -> new ArrayList<>())
                    .add(model.compare()));
            long right = models.stream()
                    .filter(model -> model.compare().verdict() == Verdict.RIGHT)
                    .count();
            var text = new StringBuilder("# Model families\n\n")
                    .append("Written by `FamiliesGoldenTest`; renew it with `-Dflopledger.write=true`.\n\n")
                    .append(
                            "Random small models of each type, built by transformers 5.18.0 and counted where torch 2.13.0")
                    .append(
                            " dispatches\n(`src/test/resources/org/flopledger/huggingface/zoo.json`). Right: total and active")
                    .append(
                            " parameters and, where\nmeasured, forward FLOP by each layer's own mask and as the whole square")
                    .append(" are equal to the unit; scans inside the band.\n\n")
                    .append("Right: " + right + " of " + models.size() + ".\n\n")
                    .append("| model_type | cases | right | what else |\n|---|---|---|---|\n");
            byType.forEach((type, outcomes) -> text.append("| ")
                    .append(type)
                    .append(" | ")
                    .append(outcomes.size())
                    .append(" | ")
                    .append(outcomes.stream()
                            .filter(outcome -> outcome.verdict() == Verdict.RIGHT)
                            .count())
                    .append(" | ")
                    .append(explained.getOrDefault(type, ""))
                    .append(" |\n"));
            return text.toString();
        }
    }
}
