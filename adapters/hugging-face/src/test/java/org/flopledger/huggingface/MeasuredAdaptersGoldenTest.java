package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fine-tuning methods as peft 0.21 built them on small models, and what torch then dispatched: values that train, forward and
 * backward FLOP, eager attention.
 */
class MeasuredAdaptersGoldenTest {

    @TestFactory
    Stream<DynamicTest> trainedValuesAndBothPassesEqualWhatWasMeasured() throws IOException {
        try (InputStream file = MeasuredAdaptersGoldenTest.class.getResourceAsStream("peft_measured.json")) {
            JsonNode cases = new ObjectMapper().readTree(file).get("cases");
            assertThat(cases).hasSizeGreaterThanOrEqualTo(24);
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(row -> dynamicTest(row.get("name").asText(), () -> compare(row)))
                    .toList()
                    .stream();
        }
    }

    private static void compare(JsonNode row) {
        ModelDescription base = Oracles.describe("config.json", row.get("config"));
        var adapter = AdapterDescription.parse(
                row.get("adapter").toString().getBytes(StandardCharsets.UTF_8), "adapter_config.json");
        PeftMethod method = adapter.methodFor(base);
        StepEstimate step = FlopEstimator.of(base.architecture(), TrainingSetting.FULL.with(method))
                .estimate(Batch.of(1, row.get("sequence_length").asLong()), Convention.FULL_SQUARE);
        JsonNode truth = row.get("truth");

        assertThat(ParameterCount.of(base.architecture(), method).trainable())
                .as("trained values")
                .isEqualTo(truth.get("trainable").asLong());
        assertThat(step.forward())
                .as("forward")
                .hasToString(truth.get("forward").asText());
        assertThat(step.backward())
                .as("backward")
                .hasToString(truth.get("backward").asText());
        assertThat(adapter.warnings()).as("warnings").isEmpty();
    }
}
