package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flopledger.logs.mlperf.Benchmark.Evidence;
import org.flopledger.logs.mlperf.Benchmark.LoraRule;
import org.flopledger.logs.mlperf.Benchmark.Start;
import org.flopledger.logs.mlperf.Benchmark.Unit;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** The meanings of benchmark records, from {@code mlperf-benchmarks.json}. Immutable. */
final class Benchmarks {

    private static final String RESOURCE = "mlperf-benchmarks.json";

    private static final Benchmarks BUILT_IN = read();

    private final Map<String, Benchmark> byName;

    private Benchmarks(Map<String, Benchmark> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** Returns the benchmarks that come with the library. */
    static Benchmarks builtIn() {
        return BUILT_IN;
    }

    private static Benchmarks read() {
        try (InputStream stream = Benchmarks.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is absent, must be in the jar");
            }
            var byName = new HashMap<String, Benchmark>();
            for (JsonNode node : new ObjectMapper().readTree(stream).path("benchmarks")) {
                Benchmark benchmark = benchmark(node);
                byName.put(benchmark.name(), benchmark);
            }
            return new Benchmarks(byName);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the meaning of a benchmark's records; of a name that is not in the data, the most cautious one. */
    Benchmark named(String name) {
        Benchmark known = byName.get(name.toLowerCase(Locale.ROOT));
        return known == null ? Benchmark.unknown(name) : known;
    }

    private static Benchmark benchmark(JsonNode node) {
        var evidence = new ArrayList<Evidence>();
        for (JsonNode item : node.path("progress")) {
            evidence.add(new Evidence(
                    item.path("record").textValue(),
                    item.path("field").textValue(),
                    Unit.valueOf(item.path("unit").textValue())));
        }
        JsonNode length = node.path("sequenceLength");
        return new Benchmark(
                node.path("name").textValue(),
                node.path("model").textValue(),
                node.has("stage") ? Stage.valueOf(node.path("stage").textValue()) : Stage.UNKNOWN,
                Start.valueOf(node.path("start").asText("unknown").toUpperCase(Locale.ROOT)),
                evidence,
                length.path("key").textValue(),
                length.has("rule") ? Long.valueOf(length.path("rule").longValue()) : null,
                texts(node.path("prior")),
                lora(node.path("lora")),
                node.path("wholeSteps").booleanValue(),
                node.path("padded").booleanValue());
    }

    private static @Nullable LoraRule lora(JsonNode node) {
        return node.isMissingNode()
                ? null
                : new LoraRule(
                        node.path("rankKey").textValue(),
                        node.path("alphaKey").textValue(),
                        node.path("rule").longValue(),
                        texts(node.path("targets")));
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.textValue()));
        return texts;
    }
}
