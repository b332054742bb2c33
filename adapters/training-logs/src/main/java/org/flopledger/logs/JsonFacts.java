package org.flopledger.logs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a JSON file keeps: a few figures and names of its outermost object, and the course of a
 * {@code log_history}.
 *
 * <p>An allow-list, in memory that does not grow with the file but for 16 bytes an entry of the history.
 */
final class JsonFacts {

    private static final Set<String> FIGURES = Set.of(
            "global_step",
            "max_steps",
            "total_flos",
            "num_input_tokens_seen",
            "train_runtime",
            "train_samples_per_second",
            "train_steps_per_second",
            "train_batch_size",
            "number_of_nodes",
            "accelerators_per_node",
            "r");
    private static final Set<String> NAMES = Set.of("accelerator_model_name", "peft_type", "model_type");
    private static final Set<String> MARKS = Set.of(
            "log_history",
            "epoch",
            "accelerators_per_node",
            "architectures",
            "current_steps",
            "total_steps",
            "results",
            "versions",
            "step_interval",
            "hidden_size",
            "vocab_size");
    private static final int LARGEST_EXPONENT = 60;

    private final Map<String, BigDecimal> figures = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> marks = new HashSet<>();
    private @Nullable StepHistory history;
    private boolean followedByMore;

    private JsonFacts() {}

    /**
     * Reads one JSON value to its end.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is cut, malformed or above a limit
     */
    static JsonFacts read(JsonParser parser) throws IOException {
        var facts = new JsonFacts();
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            facts.object(parser);
        } else {
            parser.skipChildren();
        }
        facts.followedByMore = parser.nextToken() != null;
        return facts;
    }

    private void object(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (MARKS.contains(name)) {
                marks.add(name);
            }
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_ARRAY && "log_history".equals(name)) {
                history = StepHistory.read(parser);
            } else if (value == JsonToken.START_OBJECT) {
                inner(parser);
            } else if (value == JsonToken.START_ARRAY) {
                parser.skipChildren();
            } else {
                scalar(name, parser);
            }
        }
    }

    /** Series of metrics are told by a name one level down. */
    private void inner(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            if ("step_interval".equals(parser.currentName())) {
                marks.add("step_interval");
            }
            parser.nextToken();
            parser.skipChildren();
        }
    }

    private void scalar(String name, JsonParser parser) throws IOException {
        if (FIGURES.contains(name)) {
            BigDecimal figure = figure(parser);
            if (figure != null) {
                figures.put(name, figure);
            }
        } else if (NAMES.contains(name) && parser.currentToken() == JsonToken.VALUE_STRING) {
            names.put(name, parser.getText());
        }
    }

    /** Returns a number, also one written as text, or null if it is none or not sensible. */
    static @Nullable BigDecimal figure(JsonParser parser) throws IOException {
        BigDecimal figure = null;
        if (parser.currentToken().isNumeric() && !parser.isNaN()) {
            figure = parser.getDecimalValue();
        } else if (parser.currentToken() == JsonToken.VALUE_STRING) {
            String text = parser.getText().strip();
            figure = text.matches("\\d{1,18}") ? new BigDecimal(text) : null;
        }
        boolean sensible = figure != null
                && figure.signum() >= 0
                && Math.abs((long) figure.scale()) <= LARGEST_EXPONENT
                && figure.precision() <= LARGEST_EXPONENT;
        return sensible ? figure : null;
    }

    @Nullable
    BigDecimal figure(String name) {
        return figures.get(name);
    }

    /** Returns a figure as a whole number, or null if it is absent or not whole. */
    @Nullable
    Long whole(String name) {
        BigDecimal figure = figures.get(name);
        return figure == null ? null : whole(figure);
    }

    static @Nullable Long whole(BigDecimal figure) {
        BigDecimal stripped = figure.stripTrailingZeros();
        if (stripped.scale() > 0 || stripped.precision() - stripped.scale() > 19) {
            return null;
        }
        BigInteger integer = stripped.toBigIntegerExact();
        return integer.bitLength() < Long.SIZE ? Long.valueOf(integer.longValue()) : null;
    }

    @Nullable
    String name(String key) {
        return names.get(key);
    }

    @Nullable
    StepHistory history() {
        return history;
    }

    boolean isTrainerState() {
        return history != null && figures.containsKey("global_step");
    }

    boolean isSystemDescription() {
        return figures.containsKey("number_of_nodes") && marks.contains("accelerators_per_node");
    }

    boolean isAdapter() {
        return names.containsKey("peft_type");
    }

    boolean isModelConfiguration() {
        return names.containsKey("model_type")
                || marks.contains("architectures")
                || marks.contains("vocab_size")
                || marks.contains("hidden_size");
    }

    boolean isTrainResult() {
        return figures.containsKey("train_runtime");
    }

    /** Returns why a file of no kind that is read is not read. */
    RejectionReason unusedBecause() {
        if (followedByMore) {
            return RejectionReason.UNSUPPORTED_JSON_LINES;
        } else if (marks.contains("current_steps") && marks.contains("total_steps")) {
            return RejectionReason.UNSUPPORTED_JSON_LINES;
        } else if (marks.contains("results")) {
            return RejectionReason.UNSUPPORTED_EVALUATION_RESULTS;
        } else if (marks.contains("step_interval")) {
            return RejectionReason.UNSUPPORTED_METRIC_SERIES;
        }
        return RejectionReason.UNRECOGNISED_JSON;
    }
}
