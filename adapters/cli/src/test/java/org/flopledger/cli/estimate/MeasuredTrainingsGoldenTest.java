package org.flopledger.cli.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.flopledger.cli.CommandLineRun;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings by real trainers: what {@code estimate} says of their shapes is what torch dispatched. */
class MeasuredTrainingsGoldenTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyPassEqualsWhatWasMeasured() throws IOException {
        try (InputStream file = MeasuredTrainingsGoldenTest.class.getResourceAsStream("measured-trainings.json")) {
            JsonNode trainings = JSON.readTree(file).get("trainings");
            assertThat(trainings).hasSizeGreaterThanOrEqualTo(8);
            return StreamSupport.stream(trainings.spliterator(), false)
                    .map(training -> dynamicTest(training.get("name").asText(), () -> compare(training)))
                    .toList()
                    .stream();
        }
    }

    private void compare(JsonNode training) throws IOException {
        Map<String, BigInteger> sums = new HashMap<>();
        for (JsonNode call : training.get("calls")) {
            JsonNode estimate =
                    estimate(training, call.get(1).asLong(), call.get(2).asLong());
            BigInteger times = BigInteger.valueOf(call.get(0).asLong());
            passes(training, estimate).forEach((pass, flop) -> sums.merge(pass, flop.multiply(times), BigInteger::add));
            assertThat(estimate.at("/model/parameters/trainable").asText())
                    .isEqualTo(training.at("/truth/trainable").asText());
            assertThat(estimate.at("/model/parameters/total").asText())
                    .isEqualTo(training.at("/truth/total").asText());
        }
        for (String pass : List.of("forward", "backward", "reference", "rollout")) {
            if (training.get("truth").has(pass)) {
                assertThat(sums.get(pass))
                        .as(pass)
                        .hasToString(training.get("truth").get(pass).asText());
            }
        }
    }

    /** What is recomputed runs while torch is in its backward pass. */
    private static Map<String, BigInteger> passes(JsonNode training, JsonNode estimate) {
        Map<String, BigInteger> passes = new HashMap<>();
        if (!training.has("recipe")) {
            JsonNode step = estimate.get("step");
            passes.put("forward", number(step, "forward"));
            passes.put("backward", number(step, "executed").subtract(number(step, "forward")));
            return passes;
        }
        for (JsonNode phase : estimate.get("phases")) {
            switch (phase.get("name").asText()) {
                case "update" -> {
                    passes.put("forward", number(phase, "forward"));
                    passes.put("backward", number(phase, "executed").subtract(number(phase, "forward")));
                }
                case "reference" -> passes.put("reference", number(phase, "forward"));
                case "rollouts" -> passes.put("rollout", number(phase, "forward"));
                default -> throw new IllegalStateException("phase " + phase);
            }
        }
        return passes;
    }

    private static BigInteger number(JsonNode node, String name) {
        return new BigInteger(node.get(name).asText());
    }

    private JsonNode estimate(JsonNode training, long sequences, long length) throws IOException {
        Path config = Files.writeString(
                folder.resolve("config.json"), training.get("config").toString());
        List<String> line = new ArrayList<>(List.of(
                "estimate",
                config.toString(),
                "--output",
                "json",
                "--attention",
                "full",
                "--batch",
                Long.toString(sequences),
                "--sequence-length",
                Long.toString(length)));
        if (training.has("adapter")) {
            Path adapter = Files.writeString(
                    folder.resolve("adapter_config.json"),
                    training.get("adapter").toString());
            line.addAll(List.of("--peft", adapter.toString()));
        }
        if (training.has("freeze")) {
            training.get("freeze").forEach(part -> line.addAll(List.of("--freeze", part.asText())));
        }
        if (training.has("recompute")) {
            line.addAll(List.of("--recompute", training.get("recompute").asText()));
        }
        if (training.has("chunkedHead")) {
            line.add("--chunked-head");
        }
        if (training.has("recipe")) {
            line.addAll(List.of("--recipe", training.get("recipe").asText()));
        }
        if (training.has("answer")) {
            line.addAll(List.of("--answer-length", training.get("answer").asText(), "--samples", "4"));
        }
        var out = new StringWriter();
        var err = new StringWriter();
        int status = CommandLineRun.into(out, err, line.toArray(String[]::new));
        assertThat(status).as(err.toString()).isZero();
        return JSON.readTree(out.toString());
    }
}
