package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Counts of public models, equal to those of the built models. */
class ParameterCountGoldenTest {

    @TestFactory
    Stream<DynamicTest> everyCountEqualsThatOfTheBuiltModel() {
        return Oracles.elements(Oracles.read("params.json").get("models")).stream()
                .map(model -> dynamicTest(model.get("model").asText(), () -> compare(model)));
    }

    private static void compare(JsonNode model) {
        JsonNode config = model.get("transformers_config");
        ParameterCount count = ParameterCount.of(DescribedModels.of(
                model.get("model").asText(), config.get("model_type").asText(), config));

        var expected = new ParameterCount(
                model.get("total_params").asLong(),
                model.get("active_params_incl_embedding_and_head").asLong(),
                model.get("active_params_excl_input_embedding").asLong(),
                model.get("active_params_excl_embedding_and_head").asLong(),
                model.get("total_params").asLong(),
                model.get("input_embedding_params").asLong(),
                model.get("output_head_params").asLong(),
                model.get("router_params").asLong(),
                model.get("routed_expert_params").asLong(),
                model.get("shared_expert_params").asLong());
        assertThat(count).isEqualTo(expected);
    }

    @TestFactory
    Stream<DynamicTest> adaptersHaveAsManyValuesAsThePeftLibraryTrains() {
        JsonNode oracle = Oracles.read("params.json");
        return Oracles.elements(oracle.get("lora_adapter_params")).stream()
                .map(row -> dynamicTest(
                        row.get("model").asText() + " " + row.get("target_modules"),
                        () -> compareAdapter(
                                row, modelNamed(oracle, row.get("model").asText()))));
    }

    private static void compareAdapter(JsonNode row, Architecture architecture) {
        String[] targets = Oracles.elements(row.get("target_modules")).stream()
                .map(JsonNode::asText)
                .toArray(String[]::new);
        PeftMethod lora =
                PeftMethod.lora(row.get("rank").asLong()).targets(targets).build();

        ParameterCount count = ParameterCount.of(architecture, lora);

        assertThat(count.trainable()).isEqualTo(row.get("trainable_params").asLong());
        assertThat(count.total()).isEqualTo(row.get("all_params").asLong());
    }

    @Test
    void aPredictedDepthOfDeepSeekAddsItsBlockProjectionAndNorms() {
        JsonNode oracle = Oracles.read("params.json");
        Architecture architecture = modelNamed(oracle, "DeepSeek-V3");
        var blocks = architecture.main().blocks();
        Architecture predicting = architecture.withMultiTokenPrediction(
                1, blocks.get(blocks.size() - 1), architecture.main().finalNorm());

        long added = ParameterCount.of(predicting).total()
                - ParameterCount.of(architecture).total();

        assertThat(added)
                .isEqualTo(oracle.get("deepseek_v3_mtp").get("mtp_unique").asLong());
    }

    private static Architecture modelNamed(JsonNode oracle, String name) {
        JsonNode model = Oracles.elements(oracle.get("models")).stream()
                .filter(candidate -> candidate.get("model").asText().equals(name))
                .findFirst()
                .orElseThrow();
        JsonNode config = model.get("transformers_config");
        return DescribedModels.of(name, config.get("model_type").asText(), config);
    }
}
