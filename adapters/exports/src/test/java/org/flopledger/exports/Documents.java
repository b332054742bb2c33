package org.flopledger.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads what was exported, checks it against schemas and compares it with golden files. */
final class Documents {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Documents() {}

    static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** Returns what a schema of the class path says against a document. */
    static List<Error> faults(SpecificationVersion draft, String schema, JsonNode document) {
        var registry = SchemaRegistry.withDefaultDialect(
                draft,
                // CycloneDX's schema refers to others beside it; none is looked for on the network.
                builder -> builder.schemaIdResolvers(ids -> ids.mapPrefix("http://cyclonedx.org/schema", "classpath:")
                        .mapPrefix("https://", "classpath:no/")));
        return registry.getSchema(SchemaLocation.of("classpath:" + schema)).validate(document);
    }

    /** Returns what a schema in a file says against a document. */
    static List<Error> faultsByFile(Path schema, String pointer, JsonNode document) throws IOException {
        JsonNode tree = tree(Files.readString(schema));
        ((com.fasterxml.jackson.databind.node.ObjectNode) tree).put("$ref", pointer);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(tree)
                .validate(document);
    }

    /** Compares with a golden file; what differs is written to target for a person to look at. */
    static void assertGolden(String name, String text) throws IOException {
        Path golden = Path.of("src/test/resources/golden", name);
        String expected = Files.exists(golden) ? Files.readString(golden) : "";
        if (!expected.equals(text)) {
            Path actual = Files.createDirectories(Path.of("target/golden")).resolve(name);
            Files.writeString(actual, text);
        }
        assertThat(text).as("golden file " + name).isEqualTo(expected);
    }
}
