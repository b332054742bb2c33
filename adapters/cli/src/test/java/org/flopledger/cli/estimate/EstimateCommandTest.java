package org.flopledger.cli.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.cli.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstimateCommandTest {

    private static final String LLAMA_405B = """
            {"model_type": "llama", "hidden_size": 16384, "intermediate_size": 53248, "num_attention_heads": 128,
             "num_hidden_layers": 126, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": false}
            """;

    private static final String SMALL = """
            {"model_type": "llama", "hidden_size": 192, "intermediate_size": 512, "num_attention_heads": 6,
             "num_hidden_layers": 3, "num_key_value_heads": 2, "vocab_size": 1000}
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String config, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), config);
        List<String> line = new ArrayList<>(List.of("estimate", file.toString()));
        line.addAll(List.of(options));
        return CommandLineRun.into(out, err, line.toArray(String[]::new));
    }

    private JsonNode json(String config, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--output", "json"));
        assertThat(run(config, all.toArray(String[]::new))).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void llamaWith405BillionCostsWhatItsLayersSay() throws IOException {
        JsonNode estimate = json(LLAMA_405B, "--tokens", "15600000000000", "--sequence-length", "8192");

        assertThat(estimate.get("schema").asText()).isEqualTo("flopledger.estimate/1");
        assertThat(estimate.at("/model/type").asText()).isEqualTo("llama");
        assertThat(estimate.at("/model/mixtureOfExperts").asBoolean()).isFalse();
        assertThat(estimate.at("/model/parameters/total").asText()).isEqualTo("405853388800");
        assertThat(estimate.at("/step/tokens").asText()).isEqualTo("8192");
        assertThat(estimate.at("/training/model").asText()).isEqualTo("39373906614681600000000000");
        assertThat(estimate.at("/training/exaFlopDays").asText()).startsWith("455.71");
        assertThat(estimate.get("warnings")).isEmpty();
    }

    @Test
    void theKeysAndTheirOrderAreAPromise() throws IOException {
        JsonNode estimate = json(SMALL);

        assertThat(estimate.fieldNames())
                .toIterable()
                .containsExactly("schema", "model", "step", "training", "phases", "warnings");
        assertThat(estimate.get("training").isNull()).isTrue();
        assertThat(estimate.at("/model/parameters").fieldNames())
                .toIterable()
                .containsExactly(
                        "total",
                        "active",
                        "activeExcludingInputEmbedding",
                        "activeExcludingEmbeddings",
                        "trainable",
                        "inputEmbedding",
                        "outputHead",
                        "routedExperts",
                        "sharedExperts",
                        "router");
        assertThat(estimate.get("step").fieldNames())
                .toIterable()
                .startsWith("sequences", "sequenceLength", "tokens", "forward", "backward", "model", "executed");
    }

    /** FlopCounterMode on the same model: 569180160 forward without the rotary table, twice that backward. */
    @Test
    void fullAttentionIsWhatAFlopCounterMeasures() throws IOException {
        JsonNode step = json(SMALL, "--batch", "2", "--sequence-length", "96", "--attention", "full")
                .get("step");

        assertThat(step.get("forward").asText()).isEqualTo("569180160");
        assertThat(step.get("backward").asText()).isEqualTo("1138360320");
    }

    @Test
    void recomputationIsExecutedAndNotNeeded() throws IOException {
        JsonNode step = json(
                        SMALL, "--batch", "2", "--sequence-length", "96", "--attention", "full", "--recompute", "full")
                .get("step");

        // Measured with reentrant checkpoints: 2202995712, rotary tables of forward and recomputation included.
        assertThat(step.get("model").asText()).isEqualTo("1707540480");
        assertThat(step.get("executed").asText()).isEqualTo("2202992640");
    }

    @Test
    void anAdapterTrainsLittleAndSavesAThird() throws IOException {
        Path adapter = Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 8, \"target_modules\": [\"q_proj\", \"v_proj\"]}");
        JsonNode estimate = json(
                SMALL, "--batch", "2", "--sequence-length", "96", "--attention", "full", "--peft", adapter.toString());

        assertThat(estimate.at("/model/parameters/trainable").asText()).isEqualTo("15360");
        assertThat(estimate.at("/step/backward").asText()).isEqualTo("591593472");
    }

    @Test
    void theTableNamesEveryPart() throws IOException {
        assertThat(run(LLAMA_405B, "--tokens", "15600000000000", "--sequence-length", "8192"))
                .isZero();

        assertThat(out.toString())
                .contains(
                        "405,853,388,800",
                        "126 blocks of 0 to 125",
                        "feed-forward",
                        "output head",
                        "%",
                        "exaFLOP-days");
    }

    @Test
    void aSpectrogramHasItsOwnLength() throws IOException {
        JsonNode step = json("{\"model_type\": \"whisper\"}").get("step");

        assertThat(step.get("sequenceLength").asLong()).isEqualTo(448);
    }

    @Test
    void aBadDescriptionEndsWithOneMessageAndExitCode1() throws IOException {
        assertThat(run(SMALL.replace("192", "-192"))).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip())
                .isEqualTo("flopledger: config.json: $.hidden_size is -192, must be an integer from 1 to 1073741824");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--batch 0",
                "--batch x",
                "--sequence-length -1",
                "--tokens 0",
                "--tokens 99999999999999999999",
                "--attention sideways",
                "--recompute some",
                "--trainable peft",
                "--trainable norms --freeze layers.0",
                "--recipe dpo --batch 3",
                "--recipe grpo --batch 4",
                "--recipe grpo --batch 4 --samples 3 --answer-length 5",
                "--recipe distillation",
                "--recipe dpo --batch 2 --tokens 1000",
                "--answer-length 4",
                "--nonsense"
            })
    void argumentsThatMakeNoSenseAreUsageErrors(String options) throws IOException {
        assertThat(run(SMALL, options.split(" ", -1))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isNotBlank();
    }

    private static final String NOT_UNDERSTOOD = """
            {"model_type": "memory_model", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
             "intermediate_size": 128, "vocab_size": 100, "rms_norm_eps": 1e-5, "memory_slots": 16, "torch_dtype": "bfloat16"%s}
            """;

    @Test
    void aModelThatIsNotUnderstoodIsRefusedAndTheFieldNamed() throws IOException {
        assertThat(run(NOT_UNDERSTOOD.formatted(""))).isEqualTo(1);
        assertThat(err.toString()).contains("memory_model is unknown").contains("not understood: memory_slots");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whereItsWeightsAreKnownTheBoundByParametersStandsUnderANameOfItsOwn() throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"metadata\": {\"total_size\": 2000000}}");
        String sparse = NOT_UNDERSTOOD.formatted(
                ", \"num_experts\": 8, \"num_experts_per_tok\": 2, \"num_key_value_heads\": 2");

        assertThat(run(sparse, "--tokens", "1000", "--sequence-length", "8", "--output", "json"))
                .isEqualTo(4);

        JsonNode estimate = new ObjectMapper().readTree(out.toString());
        assertThat(estimate.get("model").isNull()).isTrue();
        assertThat(estimate.get("training").isNull()).isTrue();
        assertThat(estimate.at("/bound/totalParameters").asText()).isEqualTo("1000000");
        // Half of what the embedding of 100 x 64 leaves, and of that two experts of eight.
        assertThat(estimate.at("/bound/leastActiveParameters").asText()).isEqualTo("124200");
        assertThat(estimate.at("/bound/low").asText()).isEqualTo("745200000");
        // 6 x 10^6, and 3 x 10^6 x 8 / 110 for attention over 8 tokens; 110 is the cube root of 4/3 x 10^6, rounded
        // down.
        assertThat(estimate.at("/bound/high").asText()).isEqualTo("6218182000");
        assertThat(estimate.at("/warnings/0/message").asText()).contains("memory_slots");
    }

    @Test
    void aDenseModelThatIsNotUnderstoodHasNoSingleFigureEither() throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"metadata\": {\"total_parameters\": 123457}}");

        assertThat(run(NOT_UNDERSTOOD.formatted(""), "--tokens", "1000", "--sequence-length", "1"))
                .isEqualTo(4);
        assertThat(out.toString())
                .contains("not understood")
                .contains("from 351168000 to 747601000 FLOP")
                .contains("memory_slots");
    }

    @Test
    void ofAModelThatSeesImagesOnlyTheParametersAreKnown() throws IOException {
        String vision = """
                {"model_type": "swin", "embed_dim": 48, "depths": [2, 2, 2, 2], "num_heads": [3, 6, 12, 24]}
                """;

        assertThat(run(vision, "--tokens", "1000", "--output", "json")).isEqualTo(4);

        JsonNode estimate = new ObjectMapper().readTree(out.toString());
        assertThat(estimate.at("/bound/totalParameters").asText()).isEqualTo("5127836");
        assertThat(estimate.at("/bound/low").isNull()).isTrue();
        assertThat(estimate.at("/bound/high").isNull()).isTrue();
        assertThat(estimate.at("/warnings/1/code").asText()).isEqualTo("FLOP_UNKNOWN");
    }
}
