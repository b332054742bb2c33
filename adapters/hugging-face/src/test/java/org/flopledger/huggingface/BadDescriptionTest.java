package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.ParameterCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions that cannot be right end in one message that names the field, what stands there and what was expected. */
class BadDescriptionTest {

    private static Map<String, String> mixtral() {
        return new TreeMap<>(Map.of(
                "model_type", "\"mixtral\"",
                "hidden_size", "64",
                "num_hidden_layers", "2",
                "num_attention_heads", "4",
                "num_key_value_heads", "2",
                "intermediate_size", "128",
                "num_local_experts", "8",
                "num_experts_per_tok", "2",
                "vocab_size", "1000"));
    }

    private static String json(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\": " + field.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static ModelDescription parse(String json) {
        return ModelDescription.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
    }

    private static String messageOf(String json) {
        var thrown = catchThrowableOfType(DescriptionException.class, () -> parse(json));
        assertThat(thrown).as(json).isNotNull();
        assertThat(thrown.getMessage()).doesNotContain("\n").startsWith("config.json: ");
        return thrown.getMessage();
    }

    private static String messageWith(String field, String value) {
        Map<String, String> fields = mixtral();
        fields.put(field, value);
        return messageOf(json(fields));
    }

    @Test
    void theUnchangedDescriptionIsFine() {
        assertThat(ParameterCount.of(parse(json(mixtral())).architecture()).total())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "hidden_size,-64",
        "hidden_size,0",
        "num_attention_heads,0",
        "num_hidden_layers,0",
        "num_hidden_layers,-1",
        "num_hidden_layers,1000000000000000000000000000000",
        "num_hidden_layers,1e30",
        "num_hidden_layers,1e100000000",
        "num_hidden_layers,10001",
        "vocab_size,1.5",
        "vocab_size,NaN",
        "intermediate_size,[]",
        "intermediate_size,{}",
        "num_experts_per_tok,9",
        "num_key_value_heads,3",
        "tie_word_embeddings,3",
        "num_local_experts,true",
        "sliding_window,-5"
    })
    void aValueOutOfRangeIsNamed(String field, String value) {
        assertThat(messageWith(field, value)).contains("$." + field + " is ").contains(", must be ");
    }

    @Test
    void aNumberInQuotesIsNamedAsAText() {
        assertThat(messageWith("hidden_size", "\"4096\""))
                .isEqualTo("config.json: $.hidden_size is the text \"4096\", must be an integer from 1 to 1073741824");
    }

    @Test
    void headsThatDoNotDivideTheWidthAreNamed() {
        assertThat(messageWith("num_attention_heads", "6"))
                .contains("$.hidden_size is 64, must be a multiple of num_attention_heads (6)");
    }

    @ParameterizedTest
    @CsvSource({"hidden_size", "num_hidden_layers", "num_attention_heads", "model_type"})
    void aMissingSizeIsNamed(String field) {
        Map<String, String> fields = mixtral();
        fields.remove(field);

        assertThat(messageOf(json(fields))).contains("$." + field + " is absent, must be ");
    }

    @Test
    void twoSpellingsThatDisagreeAreNamed() {
        assertThat(messageWith("n_embd", "65")).contains("$.n_embd is 65, must be equal to $.hidden_size");
    }

    @Test
    void aModelTypeThatLooksLikeNothingIsNamed() {
        assertThat(messageOf("{\"model_type\": \"quantum_oracle\", \"qubits\": 12}"))
                .contains("$.model_type is the text \"quantum_oracle\", must be one of the ")
                .contains("known families, such as llama");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(messageOf("{\"a\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}"))
                .contains("/a/0/0")
                .contains("depth");
    }

    @Test
    void aFieldThatStandsTwiceIsNamed() {
        assertThat(messageOf("{\"hidden_size\": 64, \"hidden_size\": 128}")).contains("hidden_size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "[1, 2]", "3", "null", "{\"a\": 1", "{} {}", "\u0001"})
    void whatIsNoObjectIsRefused(String json) {
        messageOf(json);
    }

    @Test
    void theSumOfDimensionsThatAreEachPossibleMayStillBeTooMuch() {
        String huge = "{\"model_type\": \"llama\", \"hidden_size\": 1073741824, \"num_hidden_layers\": 10000,"
                + " \"num_attention_heads\": 1, \"intermediate_size\": 1073741824, \"vocab_size\": 1073741824}";

        assertThatThrownBy(() -> ParameterCount.of(parse(huge).architecture()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("above 2^63 - 1");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ModelDescription.read(Path.of("no", "such", "config.json")))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("config.json: no such file");
    }

    @Test
    void damagedBytesNeverEndInAnythingButOneMessage() {
        long seed = 20_261_121;
        var random = new Random(seed);
        byte[] whole = json(mixtral()).getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = whole.clone();
            for (int hit = 0; hit <= random.nextInt(4); hit++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                ModelDescription.parse(damaged, "config.json");
            } catch (DescriptionException e) {
                assertThat(e.getMessage()).as("seed %d, round %d", seed, round).isNotBlank();
            }
        }
    }
}
