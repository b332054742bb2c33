package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One record of an MLPerf log.
 *
 * @param key what the record tells, such as {@code run_start}
 * @param time when it was written
 * @param value its value; a null node where there is none
 * @param metadata what is told besides; a missing node where there is nothing
 */
record MlperfRecord(String key, Instant time, JsonNode value, JsonNode metadata) {

    /** Largest integer that a double holds exactly. Counts are written as floats by some submitters. */
    private static final double LARGEST_EXACT_DOUBLE = 0x1p53;

    private static final Pattern WHOLE = Pattern.compile("\\s{0,8}\\d{1,18}\\s{0,8}");

    /** Returns a metadata field as a whole number at least 0, also one written as text; empty if it is absent or something else. */
    OptionalLong count(String field) {
        return count(metadata.path(field));
    }

    /** Returns the value as a whole number at least 0, also one written as text; empty if it is something else. */
    OptionalLong count() {
        return count(value);
    }

    /** Returns a metadata field as text; empty if it is absent. */
    String text(String field) {
        JsonNode node = metadata.path(field);
        return node.isTextual() ? node.textValue() : "";
    }

    private static OptionalLong count(JsonNode node) {
        if (node.isTextual() && WHOLE.matcher(node.textValue()).matches()) {
            return OptionalLong.of(Long.parseLong(node.textValue().strip()));
        } else if (!node.isNumber()) {
            return OptionalLong.empty();
        }
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() && node.longValue() >= 0
                    ? OptionalLong.of(node.longValue())
                    : OptionalLong.empty();
        }
        double number = node.doubleValue();
        boolean whole = number >= 0 && number <= LARGEST_EXACT_DOUBLE && Math.rint(number) == number;
        return whole ? OptionalLong.of((long) number) : OptionalLong.empty();
    }
}
