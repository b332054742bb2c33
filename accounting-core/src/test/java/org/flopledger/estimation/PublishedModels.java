package org.flopledger.estimation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LatentAttention;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.MixtureOfExperts;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/** Public models with the tokens and sequence lengths of their training runs, from their papers and model cards. */
final class PublishedModels {

    /** A run: the model, its training tokens, the length of a sequence; an encoder-decoder also has a source length. */
    record Run(Architecture architecture, long tokens, long length, long sourceLength) {

        Batch batch() {
            return sourceLength == 0
                    ? Batch.ofTokens(tokens, length)
                    : Batch.ofPairs(tokens / (length + sourceLength), sourceLength, length);
        }
    }

    private static final long BILLION = 1_000_000_000L;

    private final Map<String, Run> runs = new LinkedHashMap<>();

    private PublishedModels() {
        gpt3Family();
        add("T5-11B", t5(), 1000, 114, 512);
        add("BERT-Large", bert(), 250, 512, 0);
        add("PaLM 540B", palm(), 780, 2048, 0);
        add("Gopher 280B", plain(16_384, 128, 128, 80, 32_000, true), 300, 2048, 0);
        add("Chinchilla 70B", plain(8192, 64, 128, 80, 32_000, true), 1400, 2048, 0);
        add("Megatron-Turing NLG 530B", plain(20_480, 128, 160, 105, 51_200, true), 270, 2048, 0);
        add("OPT-175B", plain(12_288, 96, 128, 96, 50_272, true), 300, 2048, 0);
        add("BLOOM 176B", plain(14_336, 112, 128, 70, 250_880, true), 366, 2048, 0);
        add("GLM-130B", glm(), 400, 2048, 0);
        add("Falcon-40B", falcon(8192, 128, 60, true), 1000, 2048, 0);
        add("Falcon-180B", falcon(14_848, 232, 80, false), 3500, 2048, 0);
        llamaFamily();
        add("DeepSeek-V2", deepSeek(5120, 60, 1, 12_288, 160, 6, 1536, 2, 102_400), 8100, 4096, 0);
        add("DeepSeek-V3", deepSeek(7168, 61, 3, 18_432, 256, 8, 2048, 1, 129_280), 14_800, 4096, 0);
        add("Qwen3-235B-A22B", experts(4096, 64, 4, 128, 94, 128, 8, 1536, 151_936), 36_000, 4096, 0);
        add("Gemma 3 27B", gemma(5376, 62, 21_504, 262_208, 1024, 6), 14_000, 8192, 0);
        add("Gemma 2 27B", gemma(4608, 46, 36_864, 256_000, 4096, 2), 13_000, 8192, 0);
        add("DBRX", experts(6144, 48, 8, 128, 40, 16, 4, 10_752, 100_352), 12_000, 4096, 0);
        add("MPT-30B", plain(7168, 64, 112, 48, 50_432, true), 1050, 2048, 0);
        add("Phi-3.5-MoE", experts(4096, 32, 8, 128, 32, 16, 2, 6400, 32_064), 4900, 4096, 0);
    }

    /** Returns the runs by the name of the model. */
    static Map<String, Run> runs() {
        return new PublishedModels().runs;
    }

    private void add(String name, Architecture architecture, long billionTokens, long length, long sourceLength) {
        runs.put(name, new Run(architecture, billionTokens * BILLION, length, sourceLength));
    }

    private void gpt3Family() {
        add("GPT-3 Small", plain(768, 12, 64, 12, 50_257, true), 300, 2048, 0);
        add("GPT-3 Medium", plain(1024, 16, 64, 24, 50_257, true), 300, 2048, 0);
        add("GPT-3 Large", plain(1536, 16, 96, 24, 50_257, true), 300, 2048, 0);
        // The paper prints 24 heads of 128; only 16 fit the width and the printed size.
        add("GPT-3 XL", plain(2048, 16, 128, 24, 50_257, true), 300, 2048, 0);
        add("GPT-3 2.7B", plain(2560, 32, 80, 32, 50_257, true), 300, 2048, 0);
        add("GPT-3 6.7B", plain(4096, 32, 128, 32, 50_257, true), 300, 2048, 0);
        add("GPT-3 13B", plain(5140, 40, 128, 40, 50_257, true), 300, 2048, 0);
        add("GPT-3 175B", plain(12_288, 96, 128, 96, 50_257, true), 300, 2048, 0);
    }

    private void llamaFamily() {
        add("LLaMA-65B", gated(8192, 64, 64, 22_016, 80, 32_000), 1400, 2048, 0);
        add("Llama 2 70B", gated(8192, 64, 8, 28_672, 80, 32_000), 2000, 4096, 0);
        add("Llama 3 8B", gated(4096, 32, 8, 14_336, 32, 128_256), 15_000, 8192, 0);
        add("Llama 3 70B", gated(8192, 64, 8, 28_672, 80, 128_256), 15_000, 8192, 0);
        add("Llama 3.1 405B", gated(16_384, 128, 8, 53_248, 126, 128_256), 15_600, 8192, 0);
        add("Nemotron-4 340B", nemotron(), 9000, 4096, 0);
        add("OLMo 2 7B", gated(4096, 32, 32, 11_008, 32, 100_352), 4050, 4096, 0);
        add("OLMo 2 13B", gated(5120, 40, 40, 13_824, 40, 100_352), 5600, 4096, 0);
        add("OLMo 2 32B", gated(5120, 40, 8, 27_648, 64, 100_352), 6600, 4096, 0);
        add("Qwen2.5-72B", gated(8192, 64, 8, 29_568, 80, 152_064), 18_000, 4096, 0);
    }

    private static Architecture decoder(List<Block> blocks, long vocabulary, boolean tied) {
        long hidden = blocks.get(0).hidden();
        return Architecture.decoder(
                "published",
                LayerStack.of(Input.Tokens.of(vocabulary, hidden), blocks, Norm.rms(hidden)),
                Head.language(hidden, vocabulary, tied));
    }

    private static Block block(Mixer attention, Mixer feedForward) {
        return Block.preNorm(Norm.rms(attention.hidden()), attention, feedForward);
    }

    private static DotProductAttention attention(long hidden, long heads, long keyValueHeads, long width) {
        return DotProductAttention.builder(hidden, heads)
                .keyValueHeads(keyValueHeads)
                .headWidth(width)
                .build();
    }

    private static DenseFeedForward fourTimes(long hidden) {
        return DenseFeedForward.plain(hidden, 4 * hidden, true, "up", "down");
    }

    private static Architecture plain(long hidden, long heads, long width, long layers, long vocabulary, boolean tied) {
        return decoder(
                block(attention(hidden, heads, heads, width), fourTimes(hidden)).times(layers), vocabulary, tied);
    }

    private static Architecture gated(
            long hidden, long heads, long keyValueHeads, long inner, long layers, long vocabulary) {
        return decoder(
                block(attention(hidden, heads, keyValueHeads, hidden / heads), DenseFeedForward.gated(hidden, inner))
                        .times(layers),
                vocabulary,
                false);
    }

    private static Architecture experts(
            long hidden,
            long heads,
            long keyValueHeads,
            long width,
            long layers,
            long experts,
            long active,
            long inner,
            long vocabulary) {
        var mixture = MixtureOfExperts.of(experts, active, DenseFeedForward.gated(hidden, inner));
        return decoder(
                block(attention(hidden, heads, keyValueHeads, width), mixture).times(layers), vocabulary, false);
    }

    private static Architecture palm() {
        var parallel = new Block(
                List.of(
                        new SubLayer(Norm.rms(18_432), attention(18_432, 48, 1, 256), null),
                        new SubLayer(null, DenseFeedForward.gated(18_432, 4 * 18_432), null)),
                true);
        return decoder(parallel.times(118), 256_000, true);
    }

    private static Architecture glm() {
        var attention = DotProductAttention.builder(12_288, 96)
                .reach(Reach.BIDIRECTIONAL)
                .build();
        return decoder(block(attention, DenseFeedForward.gated(12_288, 32_768)).times(70), 150_528, true);
    }

    private static Architecture falcon(long hidden, long heads, long layers, boolean tied) {
        return decoder(block(attention(hidden, heads, 8, 64), fourTimes(hidden)).times(layers), 65_024, tied);
    }

    private static Architecture nemotron() {
        return decoder(block(attention(18_432, 96, 8, 192), fourTimes(18_432)).times(96), 256_000, false);
    }

    private static Architecture deepSeek(
            long hidden,
            long layers,
            int denseFirst,
            long denseInner,
            long experts,
            long active,
            long inner,
            long shared,
            long vocabulary) {
        var attention = new LatentAttention(hidden, 128, 1536, 512, 128, 64, 128, false, Reach.CAUSAL);
        var mixture = MixtureOfExperts.of(experts, active, DenseFeedForward.gated(hidden, inner))
                .withShared(DenseFeedForward.gated(hidden, shared * inner), false);
        var dense = DenseFeedForward.gated(hidden, denseInner);
        return decoder(
                Block.pattern(layers, index -> block(attention, index < denseFirst ? dense : mixture)),
                vocabulary,
                false);
    }

    private static Architecture gemma(
            long hidden, long layers, long inner, long vocabulary, long window, int globalEvery) {
        var feedForward = DenseFeedForward.gated(hidden, inner);
        return decoder(
                Block.pattern(layers, index -> {
                    Reach reach = (index + 1) % globalEvery == 0 ? Reach.CAUSAL : Reach.window(window);
                    return block(
                            DotProductAttention.builder(hidden, 32)
                                    .keyValueHeads(16)
                                    .headWidth(128)
                                    .reach(reach)
                                    .build(),
                            feedForward);
                }),
                vocabulary,
                true);
    }

    private static Architecture bert() {
        var attention =
                DotProductAttention.builder(1024, 16).reach(Reach.BIDIRECTIONAL).build();
        var head = new Head("cls", 1024, 1024, Norm.layer(1024), 30_522, true, true, true);
        return Architecture.decoder(
                "bert",
                LayerStack.of(
                        Input.Tokens.of(30_522, 1024).withPositions(512),
                        Block.postNorm(Norm.layer(1024), attention, fourTimes(1024))
                                .times(24),
                        null),
                head);
    }

    private static Architecture t5() {
        Norm norm = Norm.rms(1024);
        var feedForward = DenseFeedForward.plain(1024, 65_536, false, "wi", "wo");
        var encoder = Block.preNorm(norm, t5Attention(Reach.BIDIRECTIONAL), feedForward);
        var decoder = Block.preNorm(norm, t5Attention(Reach.CAUSAL), t5Attention(Reach.CROSS), feedForward);
        var words = Input.Tokens.of(32_128, 1024);
        var shared = new Input.Tokens(32_128, 1024, true, 0, 0, 0, 1024, null);
        return new Architecture(
                "t5",
                new LayerStack("encoder", "block", words, encoder.times(24), norm),
                new LayerStack("decoder", "block", shared, decoder.times(24), norm),
                List.of(Head.language(1024, 32_128, true)),
                null);
    }

    private static DotProductAttention t5Attention(Reach reach) {
        return DotProductAttention.builder(1024, 128)
                .headWidth(128)
                .reach(reach)
                .build();
    }
}
