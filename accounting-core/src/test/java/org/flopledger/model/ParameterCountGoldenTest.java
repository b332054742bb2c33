package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
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
}
