package org.flopledger.huggingface;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.flopledger.model.ParameterCount;

/** Reads the measured figures that come with core's tests, and the files beside the checkout that cannot. */
final class Oracles {

    // Python writes Infinity, for example in Mamba-2's time_step_limit.
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Oracles() {}

    /** Returns the folder beside the checkout; the test that asks is skipped where it is absent. */
    static Path shared() {
        String shared = System.getProperty("flopledger.shared");
        assumeTrue(shared != null, "flopledger.shared is not set");
        Path folder = Path.of(shared);
        assumeTrue(Files.isDirectory(folder), "no folder " + folder);
        return folder;
    }

    /** Returns the whole file of figures with this name, from core's tests or, if it cannot come with them, from beside. */
    static JsonNode read(String name) {
        if (org.flopledger.model.Oracles.has(name)) {
            return org.flopledger.model.Oracles.read(name);
        }
        Path file = shared().resolve("oracles").resolve(name);
        assumeTrue(Files.isReadable(file), "no oracle at " + file);
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Returns our own measurements that lie beside this class. */
    static JsonNode resource(String name) {
        try (InputStream stream = Oracles.class.getResourceAsStream(name)) {
            return MAPPER.readTree(stream);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read resource " + name, e);
        }
    }

    /** As {@link #resource}, of a compressed file. */
    static JsonNode zipped(String name) {
        try (InputStream stream = Oracles.class.getResourceAsStream(name)) {
            return MAPPER.readTree(new GZIPInputStream(stream));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read resource " + name, e);
        }
    }

    /** Returns the elements of an array. */
    static List<JsonNode> elements(JsonNode array) {
        return org.flopledger.model.Oracles.elements(array);
    }

    /** Returns the description in this node, read as if it were a file. */
    static ModelDescription describe(String name, JsonNode config) {
        return ModelDescription.parse(config.toString().getBytes(StandardCharsets.UTF_8), name);
    }

    /** Returns the counts an oracle gives for one model. */
    static ParameterCount counts(JsonNode model) {
        return new ParameterCount(
                model.get("total_params").asLong(),
                model.get("active_params_incl_embedding_and_head").asLong(),
                model.get("active_params_excl_input_embedding").asLong(),
                model.get("active_params_excl_embedding_and_head").asLong(),
                model.get("total_params").asLong(),
                model.get("input_embedding_params").asLong(),
                model.get("output_head_params").asLong(),
                model.get("router_params").asLong(),
                model.get("routed_expert_params").asLong(),
                model.get("shared_expert_params").asLong());
    }
}
