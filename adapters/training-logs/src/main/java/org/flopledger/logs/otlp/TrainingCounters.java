package org.flopledger.logs.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The counters of trainings that exported metrics tell: tokens and steps, by the process that exported and by its start. Texts are kept as
 * digests' input only. Confined to one thread.
 */
final class TrainingCounters {

    private static final int MOST_RUNS = 4096;
    private static final int MOST_SERIES = 65_536;
    private static final Pattern TOKENS =
            Pattern.compile("(^|.*[._/])(tokens|num_tokens)(_total|[._]total|[._]count)?");
    private static final Pattern STEPS = Pattern.compile("(^|.*[._/])steps(_total|[._]total|[._]count)?");

    private final Map<String, Run> runs = new LinkedHashMap<>();
    private int series;
    private long points;
    private long refused;

    /** What a counter counts. */
    enum Counted {
        TOKENS,
        STEPS
    }

    /** One process or group of processes that exported under one identity. */
    static final class Run {

        /** By start of the counter, nanoseconds: values of each series. */
        private final Map<Long, Map<Counted, Map<String, Long>>> byStart = new TreeMap<>();

        private long last;

        /** Returns the starts, in order. */
        Iterable<Long> starts() {
            return byStart.keySet();
        }

        /** Returns what was counted since a start by all series together, or -1 if nothing. */
        long value(long start, Counted what) {
            Map<String, Long> values = byStart.getOrDefault(start, Map.of()).getOrDefault(what, Map.of());
            return values.isEmpty()
                    ? -1
                    : values.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Returns the time of the last point, nanoseconds since 1970. */
        long last() {
            return last;
        }
    }

    /** Takes one export request. */
    void add(JsonNode request) {
        for (JsonNode resource : request.path("resourceMetrics")) {
            String identity = identity(resource.path("resource").path("attributes"));
            for (JsonNode scope : resource.path("scopeMetrics")) {
                scope.path("metrics").forEach(metric -> add(identity, metric));
            }
        }
    }

    private static String identity(JsonNode attributes) {
        var named = new TreeMap<String, String>();
        for (JsonNode attribute : attributes) {
            String key = attribute.path("key").asText();
            if (key.equals("service.name") || key.equals("service.instance.id") || key.endsWith("run.id")) {
                named.put(key, attribute.path("value").toString());
            }
        }
        return named.toString();
    }

    private void add(String identity, JsonNode metric) {
        JsonNode sum = metric.path("sum");
        Counted what = what(metric.path("name").asText(), metric.path("unit").asText());
        if (what == null || !sum.path("isMonotonic").asBoolean()) {
            return;
        }
        boolean deltas = sum.path("aggregationTemporality").asText().matches("1|AGGREGATION_TEMPORALITY_DELTA");
        for (JsonNode point : sum.path("dataPoints")) {
            points++;
            long value = whole(point.path("asInt"), point.path("asDouble"));
            long start = whole(point.path("startTimeUnixNano"), point.path("none"));
            long time = whole(point.path("timeUnixNano"), point.path("none"));
            if (value < 0
                    || start < 0
                    || series >= MOST_SERIES
                    || (!runs.containsKey(identity) && runs.size() >= MOST_RUNS)) {
                refused++;
                continue;
            }
            put(identity, what, point.path("attributes").toString(), value, deltas ? 0 : start, time, deltas);
        }
    }

    private void put(String identity, Counted what, String of, long value, long start, long time, boolean delta) {
        Run run = runs.computeIfAbsent(identity, key -> new Run());
        // Instruments of one process begin within moments of each other: a start is told by its second.
        long second = start / 1_000_000_000L * 1_000_000_000L;
        Map<String, Long> values = run.byStart
                .computeIfAbsent(second, key -> new LinkedHashMap<>())
                .computeIfAbsent(what, key -> new LinkedHashMap<>());
        series += values.containsKey(of) ? 0 : 1;
        values.merge(of, value, delta ? (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b : Math::max);
        run.last = Math.max(run.last, time);
    }

    private static @Nullable Counted what(String name, String unit) {
        String small = name.toLowerCase(Locale.ROOT);
        if (unit.equals("{token}")
                || unit.equals("{tokens}")
                || TOKENS.matcher(small).matches()) {
            return Counted.TOKENS;
        }
        return unit.equals("{step}")
                        || unit.equals("{steps}")
                        || STEPS.matcher(small).matches()
                ? Counted.STEPS
                : null;
    }

    /** Whole numbers are texts in the JSON of protocol buffers; a double stands where the instrument counts in doubles. */
    private static long whole(JsonNode integer, JsonNode decimal) {
        if (integer.isTextual() && integer.textValue().matches("\\d{1,19}")) {
            BigInteger value = new BigInteger(integer.textValue());
            return value.bitLength() < Long.SIZE ? value.longValue() : -1;
        } else if (integer.isIntegralNumber() && integer.canConvertToLong()) {
            return integer.longValue();
        }
        double value = decimal.isNumber() ? decimal.doubleValue() : -1;
        return value >= 0 && value < 0x1p53 ? Math.round(value) : -1;
    }

    Map<String, Run> runs() {
        return runs;
    }

    /** Returns how many points of counters of trainings were seen. */
    long points() {
        return points;
    }

    /** Returns how many of them made no sense or were too many. */
    long refused() {
        return refused;
    }
}
