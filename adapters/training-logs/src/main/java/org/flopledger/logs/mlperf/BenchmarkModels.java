package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/** The models that benchmarks train, from {@code mlperf-models.json}. Confined to one thread. */
final class BenchmarkModels {

    private static final String RESOURCE = "mlperf-models.json";

    private final Map<String, JsonNode> byName = new HashMap<>();
    private final Map<String, LoggedModel> built = new HashMap<>();

    /** Reads the models that come with the library; each is built when it is first needed. */
    BenchmarkModels() {
        try (InputStream stream = BenchmarkModels.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is absent, must be in the jar");
            }
            for (JsonNode node : new ObjectMapper().readTree(stream).path("models")) {
                byName.put(node.path("name").textValue(), node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns what a benchmark trains, or null if no data describe it.
     *
     * @param loggedRank rank of low-rank factors as the log gives it, or null
     */
    @Nullable
    LoggedModel model(Benchmark benchmark, @Nullable Long loggedRank) {
        String name = benchmark.model();
        JsonNode node = name == null ? null : byName.get(name);
        if (node == null) {
            return null;
        }
        Benchmark.LoraRule lora = benchmark.lora();
        long rank = lora == null ? 0 : loggedRank == null || loggedRank == 0 ? lora.ruleRank() : loggedRank;
        return built.computeIfAbsent(name + "/" + rank, key -> build(node, lora, rank));
    }

    private static LoggedModel build(JsonNode node, Benchmark.@Nullable LoraRule lora, long rank) {
        String name = node.path("name").textValue();
        byte[] config = node.path("config").toString().getBytes(StandardCharsets.UTF_8);
        var architecture = ModelDescription.parse(config, name).architecture();
        Long predictions =
                node.has("predictions") ? Long.valueOf(node.path("predictions").longValue()) : null;
        Long unpadded = node.has("unpadded")
                ? Long.valueOf(node.path("unpadded").path("length").longValue())
                : null;
        if (lora == null) {
            return new LoggedModel(architecture, PeftMethod.FULL, predictions, unpadded, List.of());
        }
        PeftMethod method = PeftMethod.lora(rank)
                .targets(lora.targets().toArray(String[]::new))
                .build();
        return new LoggedModel(
                architecture, method, predictions, unpadded, List.of(new FineTuning(PeftTechnique.LORA, rank)));
    }
}
