package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters whose trained values peft counted, and adapter files of real projects. */
class AdapterGoldenTest {

    @TestFactory
    Stream<DynamicTest> trainedValuesEqualThoseOfPeft() {
        JsonNode oracle = Oracles.read("params.json");
        return Oracles.elements(oracle.get("lora_adapter_params")).stream()
                .map(row -> dynamicTest(
                        row.get("model").asText() + " r=" + row.get("rank"), () -> compare(row, oracle.get("models"))));
    }

    private static void compare(JsonNode row, JsonNode models) {
        String name = row.get("model").asText();
        JsonNode model = Oracles.elements(models).stream()
                .filter(candidate -> candidate.get("model").asText().equals(name))
                .findFirst()
                .orElse(null);
        assumeTrue(model != null, "the oracle has no configuration of " + name);
        ModelDescription base = Oracles.describe(name, model.get("transformers_config"));
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.put("peft_type", "LORA")
                .put("r", row.get("rank").asLong())
                .set("target_modules", row.get("target_modules"));

        var adapter = AdapterDescription.parse(file.toString().getBytes(StandardCharsets.UTF_8), "adapter_config.json");
        ParameterCount count = ParameterCount.of(base.architecture(), adapter.methodFor(base));

        assertThat(count.trainable()).isEqualTo(row.get("trainable_params").asLong());
        assertThat(count.total()).isEqualTo(row.get("all_params").asLong());
    }

    @TestFactory
    Stream<DynamicTest> realFilesAreRead() throws IOException {
        ModelDescription base =
                ModelDescription.parse("{\"model_type\": \"mistral\"}".getBytes(StandardCharsets.UTF_8), "Mistral 7B");
        Path folder = Oracles.shared().resolve("corpus").resolve("adapter_config");
        assumeTrue(Files.isDirectory(folder), "no folder " + folder);
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(file -> file.endsWith("adapter_config.json"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file -> dynamicTest(file.getParent().getFileName().toString(), () -> {
                    var method = AdapterDescription.read(file).methodFor(base);
                    assertThat(ParameterCount.of(base.architecture(), method).trainable())
                            .isPositive();
                }));
    }
}
