package org.flopledger.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the names of metrics and attributes mean. Data, never code. Immutable.
 *
 * @param run attributes that name the run, the first that is there
 * @param rank attributes that name the rank
 * @param devices attributes that say how many devices train
 * @param metrics by name
 * @param stepSpans names of spans that are one step each
 */
public record TelemetryMapping(
        List<String> run,
        List<String> rank,
        List<String> devices,
        Map<String, Meaning> metrics,
        Set<String> stepSpans) {

    private static final String FORMAT = "flopledger.telemetry-mapping/1";

    /** Copies the collections. */
    public TelemetryMapping {
        run = List.copyOf(run);
        rank = List.copyOf(rank);
        devices = List.copyOf(devices);
        metrics = Map.copyOf(metrics);
        stepSpans = Set.copyOf(stepSpans);
    }

    /** What a metric tells. */
    public enum Quantity {
        /** FLOP in a second, of one device; times the devices it is the run's. */
        DEVICE_FLOP_RATE,
        /** FLOP in a second, of all devices. */
        RUN_FLOP_RATE,
        /** Tokens in a second, of the run. */
        TOKEN_RATE,
        /** Tokens, as a counter. */
        TOKENS,
        /** Steps, as a counter. */
        STEPS,
        /** Steps that updated nothing, as a counter. */
        SKIPPED_STEPS,
        /** How long steps took, as a histogram. */
        STEP_SECONDS
    }

    /**
     * What a metric tells, and in what unit.
     *
     * @param quantity what it tells
     * @param unit what its value is multiplied with: 1e12 for TFLOP/s, 0.001 for milliseconds
     */
    public record Meaning(Quantity quantity, double unit) {}

    /** Returns the names that Megatron-LM and NeMo write, and those of a plain OpenTelemetry trainer. */
    public static TelemetryMapping standard() {
        try (InputStream stream = TelemetryMapping.class.getResourceAsStream("megatron.json")) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks megatron.json");
            }
            return parse(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a mapping.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public static TelemetryMapping parse(byte[] json) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("the mapping is not JSON", e);
        }
        if (!root.path("format").asText().equals(FORMAT)) {
            throw new IllegalArgumentException("format must be " + FORMAT);
        }
        Map<String, Meaning> metrics = new HashMap<>();
        root.path("metrics").properties().forEach(entry -> metrics.put(entry.getKey(), meaning(entry)));
        List<String> run = names(root, "run");
        if (run.isEmpty() || metrics.isEmpty()) {
            throw new IllegalArgumentException("run and metrics must name at least one each");
        }
        return new TelemetryMapping(
                run, names(root, "rank"), names(root, "devices"), metrics, new HashSet<>(names(root, "stepSpans")));
    }

    private static Meaning meaning(Map.Entry<String, JsonNode> entry) {
        JsonNode unit = entry.getValue().path("unit");
        if (!unit.isNumber() || !(unit.asDouble() > 0) || Double.isInfinite(unit.asDouble())) {
            throw new IllegalArgumentException("metrics." + entry.getKey() + ".unit must be a number above 0");
        }
        try {
            return new Meaning(Quantity.valueOf(entry.getValue().path("means").asText()), unit.asDouble());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "metrics." + entry.getKey() + ".means must be one of " + List.of(Quantity.values()), e);
        }
    }

    private static List<String> names(JsonNode root, String key) {
        List<String> names = new ArrayList<>();
        root.path(key).forEach(each -> names.add(each.asText()));
        return names;
    }
}
