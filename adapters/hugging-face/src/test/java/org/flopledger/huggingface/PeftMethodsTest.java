package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each method on one matrix of 24 x 16, the last of the only block, for 10 tokens, by hand.
 *
 * <p>What the matrix reads carries no gradient, so a backward pass is the method's own products and the head's input
 * gradient, 2 x 10 x 16 x 50 = 16 000.
 */
class PeftMethodsTest {

    private static final ModelDescription LLAMA =
            ModelDescription.parse("""
            {"model_type": "llama", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
             "intermediate_size": 24, "vocab_size": 50, "tie_word_embeddings": false}
            """.getBytes(StandardCharsets.UTF_8), "config.json");

    private static final long HEAD = 16_000;
    private static final long DELTA = 2 * 10 * 24 * 16;

    private static AdapterDescription adapter(String fields) {
        return AdapterDescription.parse(
                ("{\"peft_type\": " + fields + "}").getBytes(StandardCharsets.UTF_8), "adapter_config.json");
    }

    private static void check(String fields, long trained, long forward, long backward) {
        PeftMethod method =
                adapter(fields + ", \"target_modules\": [\"down_proj\"]").methodFor(LLAMA);
        StepEstimate step = FlopEstimator.of(LLAMA.architecture(), TrainingSetting.FULL.with(method))
                .estimate(Batch.of(1, 10), Convention.FULL_SQUARE);
        StepEstimate full = FlopEstimator.of(LLAMA.architecture(), TrainingSetting.FULL)
                .estimate(Batch.of(1, 10), Convention.FULL_SQUARE);

        assertThat(ParameterCount.of(LLAMA.architecture(), method).trainable()).isEqualTo(trained);
        assertThat(step.forward().minus(full.forward())).hasToString(Long.toString(forward));
        assertThat(step.backward()).hasToString(Long.toString(HEAD + backward));
    }

    @Test
    void hadamardProductsOfFactorsAreBuiltOnceACallAndThreeTimesBackward() {
        long product = 2 * 16 * 2 * 24;
        check("\"LOHA\", \"r\": 2", 2 * 2 * (24 + 16), 2 * product + DELTA, 6 * product + DELTA);
    }

    @Test
    void kroneckerFactorsAreWholeWhereThatIsSmaller() {
        // 24 = 4 x 6, 16 = 4 x 4; the second matrix of 4 x 6 is factored at rank 2, not at rank 3.
        check("\"LOKR\", \"r\": 2", 4 * 4 + 2 * (4 + 6), 2 * 4 * 2 * 6 + DELTA, 2 * 2 * 4 * 2 * 6 + DELTA);
        check("\"LOKR\", \"r\": 3", 4 * 4 + 4 * 6, DELTA, DELTA);
        check(
                "\"LOKR\", \"r\": 1, \"decompose_both\": true, \"decompose_factor\": 8",
                (8 + 8) + (2 + 3),
                2 * 8 * 8 + 2 * 2 * 3 + DELTA,
                2 * (2 * 8 * 8 + 2 * 2 * 3) + DELTA);
    }

    @Test
    void sharedRandomFactorsNeedNoWeightGradients() {
        check("\"VERA\", \"r\": 4", 4 + 16, 2 * 10 * 4 * (24 + 16), 2 * 10 * 4 * 16);
    }

    @Test
    void blocksTurnTheInput() {
        long series = 3 * 2 * 3 * 8 * 8 * 8;
        long turn = 2 * 10 * 24 * 8;
        check("\"OFT\", \"oft_block_size\": 8", 3 * 28, series + turn, 2 * series + turn + DELTA);
        // 7 is no divisor of 24: 8 is as near as 6, and the smaller is taken.
        check(
                "\"OFT\", \"r\": 7, \"oft_block_size\": 0, \"use_cayley_neumann\": false",
                6 * 6,
                2 * 10 * 24 * 4,
                2 * 10 * 24 * 4 + DELTA);
        long shared = 3 * 2 * 8 * 8 * 8;
        check("\"OFT\", \"oft_block_size\": 8, \"block_share\": true", 28, shared + turn, 2 * shared + turn + DELTA);
    }

    @Test
    void aButterflyIsASquareMatrix() {
        long call = 3 * 2 * 24 * 24 * 24;
        long turn = 2 * 10 * 24 * 24;
        check("\"BOFT\", \"boft_block_size\": 4", 6 * 16 + 16, call + turn, call + turn + DELTA);
    }

    @Test
    void aSpectrumIsAMatrixOfItsOwn() {
        check("\"FOURIERFT\", \"n_frequency\": 7", 7, DELTA, DELTA);
    }

    @Test
    void vectorsOfABankAreCountedOnce() {
        check("\"VBLORA\", \"r\": 2, \"num_vectors\": 3, \"vector_length\": 8", 2 * 5 * 3 + 24, 1600, 960 + 2 * 640);
    }

    @Test
    void reflectionsTurnTheWeight() {
        long step = 2 * 24 * 24;
        long fixed = 2 * 24 * 24 * 24 + 2 * 16 * 24 * 24;
        check("\"HRA\", \"r\": 2", 48, 4 * step + fixed, step + 2 * step + 4 * step + fixed + DELTA);
        check(
                "\"HRA\", \"r\": 3, \"apply_GS\": true",
                72,
                3 * 2 * 24 + 2 * 24 * 3 * 24 + fixed,
                2 * (3 * 2 * 24 + 2 * 24 * 3 * 24) + fixed + DELTA);
    }

    @Test
    void aPenaltyOnFactorsIsMultipliedOnceACall() {
        long penalty = 2 * 3 * 3 * (24 + 16);
        check("\"ADALORA\", \"init_r\": 3", 3 * 40 + 3, 2400 + penalty, 1440 + 2 * 960 + 2 * penalty);
        ParameterCount count = ParameterCount.of(
                LLAMA.architecture(),
                adapter("\"ADALORA\", \"init_r\": 3, \"target_modules\": [\"down_proj\"]")
                        .methodFor(LLAMA));
        // peft keeps the rank itself as a parameter that does not train.
        assertThat(count.total() - ParameterCount.of(LLAMA.architecture()).total())
                .isEqualTo(124);
    }

    @Test
    void smallerMethodsAddWhatTheySay() {
        check("\"DELORA\", \"r\": 2", 81, 1600, 960 + 2 * 640);
        check("\"SHIRA\", \"r\": 2", 80, 0, DELTA);
        check("\"ROAD\"", 16, 0, 0);
        check("\"ROAD\", \"variant\": \"road_4\"", 64, 0, 0);
        check("\"BEFT\"", 16, 0, 0);
        check("\"MISS\", \"r\": 4", 64, 2 * 10 * 4 * 16, 2 * 10 * 4 * 16);
        check("\"MISS\", \"r\": 4, \"init_weights\": \"mini\", \"mini_r\": 8", 32, 1280, 1280);
    }

    @Test
    void aNetworkMakesThePromptOnceACall() {
        PeftMethod method = adapter("\"P_TUNING\", \"num_virtual_tokens\": 4, \"encoder_hidden_size\": 6")
                .methodFor(LLAMA);
        PeftMethod plain = new PeftMethod.PromptTuning(4);
        var batch = Batch.of(3, 10);
        StepEstimate encoded = FlopEstimator.of(LLAMA.architecture(), TrainingSetting.FULL.with(method))
                .estimate(batch);
        StepEstimate prompted = FlopEstimator.of(LLAMA.architecture(), TrainingSetting.FULL.with(plain))
                .estimate(batch);
        long network = 2 * 4 * (16 * 6 + 6 * 6 + 6 * 16);

        assertThat(ParameterCount.of(LLAMA.architecture(), method).trainable())
                .isEqualTo(4 * 16 + (16 * 6 + 6) + (6 * 6 + 6) + (6 * 16 + 16));
        assertThat(encoded.forward().minus(prompted.forward())).hasToString(Long.toString(network));
        assertThat(encoded.backward().minus(prompted.backward())).hasToString(Long.toString(2 * network));
    }

    @Test
    void aNetworkMakesThePrefixesForEachSequence() {
        PeftMethod method = adapter("\"PREFIX_TUNING\", \"num_virtual_tokens\": 4, \"prefix_projection\": true,"
                        + " \"encoder_hidden_size\": 6")
                .methodFor(LLAMA);
        PeftMethod plain = new PeftMethod.PrefixTuning(4);
        var batch = Batch.of(3, 10);
        long network = 3 * 2 * 4 * (16 * 6 + 6 * 32);

        assertThat(ParameterCount.of(LLAMA.architecture(), method).trainable())
                .isEqualTo(4 * 16 + (16 * 6 + 6) + (6 * 32 + 32));
        assertThat(FlopEstimator.of(LLAMA.architecture(), TrainingSetting.FULL.with(method))
                        .estimate(batch)
                        .forward()
                        .minus(FlopEstimator.of(LLAMA.architecture(), TrainingSetting.FULL.with(plain))
                                .estimate(batch)
                                .forward()))
                .hasToString(Long.toString(network));
    }

    @Test
    void normsAreTunedByNameInACopy() {
        PeftMethod one = adapter("\"LN_TUNING\", \"target_modules\": [\"input_layernorm\"]")
                .methodFor(LLAMA);
        PeftMethod all = adapter("\"LN_TUNING\"").methodFor(LLAMA);

        assertThat(ParameterCount.of(LLAMA.architecture(), one).trainable()).isEqualTo(16);
        assertThat(ParameterCount.of(LLAMA.architecture(), all).trainable()).isEqualTo(48);
    }

    @Test
    void singleTokensAreTrained() {
        PeftMethod method =
                adapter("\"TRAINABLE_TOKENS\", \"token_indices\": [3, 4, 9]").methodFor(LLAMA);

        assertThat(ParameterCount.of(LLAMA.architecture(), method).trainable()).isEqualTo(3 * 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"XLORA\"",
                "\"WAVEFT\"",
                "\"P_TUNING\", \"num_virtual_tokens\": 4, \"encoder_reparameterization_type\": \"LSTM\"",
                "\"BOFT\", \"boft_block_size\": 5, \"target_modules\": [\"down_proj\"]",
                "\"VBLORA\", \"vector_length\": 7, \"target_modules\": [\"down_proj\"]",
                "\"FOURIERFT\", \"n_frequency\": 385, \"target_modules\": [\"down_proj\"]",
                "\"MISS\", \"init_weights\": \"bat\", \"target_modules\": [\"down_proj\"]",
                "\"LOHA\", \"target_modules\": [\"embed_tokens\"]",
                "\"LORA\", \"target_modules\": [\"input_layernorm\"]",
                "\"IA3\", \"target_modules\": [\"norm\"]",
            })
    void whatIsNotDescribedIsRefused(String fields) {
        assertThatThrownBy(() -> adapter(fields).methodFor(LLAMA)).isInstanceOf(DescriptionException.class);
    }
}
