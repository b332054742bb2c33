package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.model.Architecture;
import org.flopledger.model.DescribedModels;
import org.flopledger.model.Head;
import org.flopledger.model.Oracles;
import org.flopledger.model.PeftMethod;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What other tools print for public models, and our own reference figures beside it. */
class PeersGoldenTest {

    @TestFactory
    Stream<DynamicTest> referenceFiguresAreEqual() {
        return rows().map(row -> dynamicTest(title(row), () -> {
            JsonNode reference = row.get("reference");
            assertThat(model(row, Convention.EXACT))
                    .isEqualTo(reference.get("total_exact").asText());
            assertThat(model(row, Convention.HALF_SQUARE))
                    .isEqualTo(reference.get("total_half").asText());
            // Llama 4 in transformers multiplies every expert, and the full square is what an implementation
            // multiplies;
            // the reference counts the routed expert alone.
            if (!row.get("config").get("hf_model_type").asText().equals("llama4_text")) {
                assertThat(model(row, Convention.FULL_SQUARE))
                        .isEqualTo(reference.get("total_full").asText());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> megatronPresetPrintsWhatMegatronPrints() {
        return rows().filter(row -> row.get("peers").has("megatron_lm"))
                .map(row -> dynamicTest(
                        title(row),
                        () -> assertThat(asDouble(row, Convention.MEGATRON))
                                .isEqualTo(row.get("peers").get("megatron_lm").asDouble())));
    }

    @TestFactory
    Stream<DynamicTest> huggingFacePresetPrintsWhatTheTrainerPrints() {
        return rows().filter(row -> row.get("peers").has("hf_trainer"))
                .map(row -> dynamicTest(
                        title(row),
                        () -> assertThat(asDouble(row, Convention.HUGGING_FACE))
                                .isEqualTo(row.get("peers").get("hf_trainer").asDouble())));
    }

    @TestFactory
    Stream<DynamicTest> palmPresetPrintsWhatTorchtitanAndNanoGptPrint() {
        return rows().filter(row ->
                        row.get("peers").has("torchtitan") || row.get("peers").has("nanogpt"))
                .map(row -> dynamicTest(title(row), () -> {
                    JsonNode peers = row.get("peers");
                    JsonNode peer = peers.has("torchtitan") ? peers.get("torchtitan") : peers.get("nanogpt");
                    assertThat(asDouble(row, Convention.PALM_MFU)).isEqualTo(peer.asDouble());
                }));
    }

    @Test
    void megatronCountsAPredictedDepthWithItsHeadProjectionAndNorms() {
        JsonNode oracle = Oracles.read("flops_peers.json").get("multi_token_prediction");
        Architecture without = modelNamed("DeepSeek-V3");
        var blocks = without.main().blocks();
        Architecture with = without.withMultiTokenPrediction(
                1, blocks.get(blocks.size() - 1), without.main().finalNorm());
        Batch batch = Batch.of(1, oracle.get("seq").asLong());

        assertThat(List.of(megatron(without, batch), megatron(with, batch)))
                .containsExactly(
                        oracle.get("megatron").get(0).asDouble(),
                        oracle.get("megatron").get(1).asDouble());
    }

    @Test
    void packedDocumentsCostTheirOwnSquares() {
        JsonNode oracle = Oracles.read("flops_peers.json").get("packed_sequences");
        long[] lengths = Oracles.elements(oracle.get("lens")).stream()
                .mapToLong(JsonNode::asLong)
                .toArray();
        Architecture llama = modelNamed(oracle.get("model").asText());
        FlopEstimator estimator = FlopEstimator.of(llama, TrainingSetting.FULL);

        assertThat(estimator.estimate(Batch.ofLengths(lengths)).model())
                .hasToString(oracle.get("reference_exact").asText());
        assertThat(megatron(llama, Batch.ofLengths(lengths)))
                .isEqualTo(oracle.get("megatron_packed").asDouble());
        assertThat(megatron(llama, Batch.of(1, 4096)))
                .isEqualTo(oracle.get("megatron_unpacked_4096").asDouble());
        assertThat(megatron(llama, Batch.of(4, 4096)))
                .isEqualTo(oracle.get("megatron_padded_4x4096").asDouble());
    }

    @Test
    void megatronHalvesBidirectionalAttentionToo() {
        JsonNode oracle = Oracles.read("flops_peers.json").get("bidirectional");
        Architecture bert = modelNamed("BERT large");
        var head = bert.heads().get(0);
        // The reference counts the output matrix alone, without the transform in front of it.
        var bare = new Architecture(
                bert.name(), null, bert.main(), List.of(Head.language(head.hidden(), head.outputs(), true)), null);

        assertThat(megatron(bert, Batch.of(1, 512)))
                .isEqualTo(oracle.get("megatron_lm").asDouble());
        assertThat(FlopEstimator.of(bare, TrainingSetting.FULL)
                        .estimate(Batch.of(1, 512))
                        .model())
                .hasToString(oracle.get("reference_full_square").asText());
    }

    @Test
    void theTrainerCountsAdaptersOnTopAndFreezesNothing() {
        PeftMethod lora = PeftMethod.lora(16)
                .targets("q_proj", "k_proj", "v_proj", "o_proj")
                .build();
        for (JsonNode row : Oracles.elements(Oracles.read("flops_peers.json").get("hf_trainer_extra"))) {
            String name = row.get("model").asText();
            if (row.hasNonNull("lora_r16_attention") && !name.contains("3.2")) {
                var adapted = FlopEstimator.of(modelNamed(name), TrainingSetting.FULL.with(lora));
                assertThat(adapted.estimate(Batch.of(1, 4096), Convention.HUGGING_FACE)
                                .model())
                        .hasToString(row.get("lora_r16_attention").asText());
            }
        }
    }

    /** T5-base: the trainer multiplies every parameter with the encoder's tokens, 43 % too many. */
    @Test
    void theTrainerMultipliesTheWholeOfT5WithTheTokensOfItsEncoder() {
        JsonNode rows = Oracles.read("flops_peers.json").get("hf_trainer_extra");
        JsonNode row = Oracles.elements(rows).stream()
                .filter(candidate -> candidate.has("encoder_tokens"))
                .findFirst()
                .orElseThrow();
        JsonNode config = new ObjectMapper()
                .createObjectNode()
                .put("num_layers", 12)
                .put("num_decoder_layers", 12)
                .put("d_model", 768)
                .put("d_kv", 64)
                .put("d_ff", 3072)
                .put("num_heads", 12)
                .put("vocab_size", 32_128);
        var estimator = FlopEstimator.of(DescribedModels.of("T5-base", "t5", config), TrainingSetting.FULL);
        Batch batch = Batch.ofPairs(
                1, row.get("encoder_tokens").asLong(), row.get("decoder_tokens").asLong());

        assertThat(estimator.estimate(batch, Convention.HUGGING_FACE).model())
                .hasToString(row.get("hf_trainer").asText());
        assertThat(estimator.estimate(batch, Convention.FULL_SQUARE).model())
                .hasToString(row.get("reference_closed_form").asText());
    }

    private static double megatron(Architecture architecture, Batch batch) {
        return FlopEstimator.of(architecture, TrainingSetting.FULL)
                .estimate(batch, Convention.MEGATRON)
                .model()
                .toDouble();
    }

    private static Stream<JsonNode> rows() {
        return Oracles.elements(Oracles.read("flops_peers.json").get("rows")).stream();
    }

    private static String title(JsonNode row) {
        return row.get("model").asText() + " " + row.get("seq");
    }

    private static String model(JsonNode row, Convention convention) {
        return FlopEstimator.of(modelNamed(row.get("model").asText()), TrainingSetting.FULL)
                .estimate(Batch.of(row.get("batch").asLong(), row.get("seq").asLong()), convention)
                .model()
                .toString();
    }

    private static double asDouble(JsonNode row, Convention convention) {
        return Double.parseDouble(model(row, convention));
    }

    private static Architecture modelNamed(String name) {
        JsonNode model = Oracles.elements(Oracles.read("params.json").get("models")).stream()
                .filter(candidate -> candidate.get("model").asText().equals(name))
                .findFirst()
                .orElseThrow();
        JsonNode config = model.get("transformers_config");
        return DescribedModels.of(name, config.get("model_type").asText(), config);
    }
}
