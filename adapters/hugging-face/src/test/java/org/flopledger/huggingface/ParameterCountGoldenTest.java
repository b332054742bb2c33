package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Public models through their configurations: every count equals that of the model transformers builds from it. */
class ParameterCountGoldenTest {

    @TestFactory
    Stream<DynamicTest> everyCountEqualsThatOfTheBuiltModel() {
        return Oracles.elements(Oracles.read("params.json").get("models")).stream()
                .map(model -> dynamicTest(model.get("model").asText(), () -> compare(model)));
    }

    private static void compare(JsonNode model) {
        var description = Oracles.describe(model.get("model").asText(), model.get("transformers_config"));

        assertThat(ParameterCount.of(description.architecture())).isEqualTo(Oracles.counts(model));
        assertThat(description.family())
                .isEqualTo(model.get("transformers_config").get("model_type").asText());
    }
}
