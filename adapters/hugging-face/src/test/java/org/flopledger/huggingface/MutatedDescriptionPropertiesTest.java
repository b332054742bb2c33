package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.Test;

/** A description of any family with a field gone wrong is refused by name or counted; nothing else happens, and soon. */
class MutatedDescriptionPropertiesTest {

    private static final String[] ODD = {
        "0",
        "-1",
        "1",
        "3",
        "1073741824",
        "9e18",
        "1.5",
        "null",
        "true",
        "\"text\"",
        "\"auto\"",
        "[]",
        "{}",
        "[1]",
        "[[]]",
        "[\"full_attention\"]",
        "[[[], 9000000000000000000]]",
        "{\"0\": {\"head_dim\": -3}}"
    };

    @Test
    void aWrongFieldIsRefusedOrCounted() throws Exception {
        var mapper = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        Oracles.resource("zoo.json").get("cases").forEach(cases::add);
        Random random = new Random(20_261_121);
        int refused = 0;
        for (JsonNode measured : cases) {
            for (int i = 0; i < 6; i++) {
                ObjectNode config = measured.get("config").deepCopy();
                List<String> names = new ArrayList<>();
                config.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                String value = ODD[random.nextInt(ODD.length)];
                config.set(name, mapper.readTree(value));
                String what = measured.get("id").asText() + " with " + name + " " + value;
                refused += assertTimeoutPreemptively(Duration.ofSeconds(20), () -> isRefused(config), what) ? 1 : 0;
            }
        }
        assertThat(refused).isPositive();
    }

    private static boolean isRefused(ObjectNode config) {
        ModelDescription model;
        try {
            model = Oracles.describe("config.json", config);
        } catch (DescriptionException e) {
            assertThat(e).hasMessageContaining("config.json: $");
            return true;
        }
        try {
            assertThat(ParameterCount.of(model.architecture()).total()).isPositive();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("above 2^63");
        }
        return false;
    }
}
