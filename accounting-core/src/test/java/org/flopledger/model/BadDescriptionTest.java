package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.flopledger.model.Operation.Reach;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Descriptions that cannot be: each is refused with one message that names the field. */
class BadDescriptionTest {

    private record Case(String message, Runnable description) {}

    private static final List<Case> CASES = List.of(
            new Case("hidden size is -64, must be from 1", () -> DotProductAttention.builder(-64, 4)),
            new Case("attention heads is 0, must be from 1", () -> DotProductAttention.builder(64, 0)),
            new Case(
                    "hidden size is 64, must be a multiple of attention heads (5)",
                    () -> DotProductAttention.builder(64, 5).build()),
            new Case(
                    "attention heads is 4, must be a multiple of key-value heads (3)",
                    () -> DotProductAttention.builder(64, 4).keyValueHeads(3).build()),
            new Case(
                    "key-value heads is 0, must be from 1",
                    () -> DotProductAttention.builder(64, 4).keyValueHeads(0).build()),
            new Case(
                    "head dimension is -1",
                    () -> DotProductAttention.builder(64, 4).headWidth(-1)),
            new Case("attention window is 0, must be from 1", () -> Reach.window(0)),
            new Case("attention chunk is -1, must be from 1", () -> Reach.chunk(-1)),
            new Case("feed-forward width is 0", () -> DenseFeedForward.gated(64, 0)),
            new Case(
                    "active experts is 9, must be <= experts (8)",
                    () -> MixtureOfExperts.of(8, 9, DenseFeedForward.gated(64, 64))),
            new Case("active experts is 0", () -> MixtureOfExperts.of(8, 0, DenseFeedForward.gated(64, 64))),
            new Case("experts is -8", () -> MixtureOfExperts.of(-8, 1, DenseFeedForward.gated(64, 64))),
            new Case(
                    "hidden size of the shared expert is 32, must be 64",
                    () -> MixtureOfExperts.of(8, 2, DenseFeedForward.gated(64, 64))
                            .withShared(DenseFeedForward.gated(32, 64), false)),
            new Case("vocabulary size is 0", () -> Input.Tokens.of(0, 64)),
            new Case("vocabulary size is 9223372036854775807", () -> Input.Tokens.of(Long.MAX_VALUE, 64)),
            new Case("position embeddings is -1", () -> Input.Tokens.of(100, 64).withPositions(-1)),
            new Case("layers is 0, must be from 1 to 10000", () -> block().times(0)),
            new Case("layers is 9223372036854775807, must be", () -> block().times(Long.MAX_VALUE)),
            new Case("layers is 0, must be at least 1", () -> LayerStack.of(Input.Tokens.of(100, 64), List.of(), null)),
            new Case(
                    "hidden size of a block is 64, must be that of its input (32)",
                    () -> LayerStack.of(Input.Tokens.of(100, 32), block().times(1), null)),
            new Case(
                    "hidden size of a sub-layer is 32, must be 64",
                    () -> Block.preNorm(
                            Norm.rms(64), DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(32, 64))),
            new Case(
                    "hidden size of head lm_head is 32, must be that of its stack (64)",
                    () -> Architecture.decoder("m", stack(), Head.language(32, 100, false))),
            new Case(
                    "encoder is absent, must be present where a block has cross-attention",
                    () -> Architecture.decoder("m", crossStack(), Head.language(64, 100, false))),
            new Case(
                    "multi-token prediction depths is -1",
                    () -> model().withMultiTokenPrediction(-1, block(), Norm.rms(64))),
            new Case("convolutions are absent", () -> new Input.Raw(List.of(), 10, 0, 0, null)),
            new Case("head outputs is 0", () -> Head.language(64, 0, false)),
            new Case(
                    "linear value heads is 3, must be a multiple of linear key heads (2)",
                    () -> new Recurrence.GatedDelta(64, 2, 3, 8, 8, 4)),
            new Case("state size is 0", () -> new Recurrence.Mamba(64, 128, 0, 4, 4, false, true, false)),
            new Case(
                    "state-space heads is 4, must be a multiple of groups (3)",
                    () -> new Recurrence.Mamba2(64, 4, 32, 16, 3, 4, 64, false, true)),
            new Case("key-value rank is 0", () -> new LatentAttention(64, 4, 0, 0, 16, 8, 16, false, Reach.CAUSAL)),
            new Case(
                    "LoRA rank is 0", () -> PeftMethod.lora(0).targets("q_proj").build()),
            new Case("LoRA target modules are absent", () -> PeftMethod.lora(8).build()),
            new Case(
                    "LoRA rank of q_proj is -1",
                    () -> PeftMethod.lora(8)
                            .targets("q_proj")
                            .ranks(Map.of("q_proj", -1L))
                            .build()),
            new Case(
                    "technique is IA3, must be one of",
                    () -> PeftMethod.lora(8)
                            .targets("q_proj")
                            .technique(PeftTechnique.IA3)
                            .build()),
            new Case(
                    "LoRA target modules are [c_attn], must match a linear module such as"
                            + " model.layers.0.self_attn.q_proj",
                    () -> ParameterCount.of(
                            model(), PeftMethod.lora(8).targets("c_attn").build())),
            new Case(
                    "LoRA layers are [7], must contain a block of the model",
                    () -> ParameterCount.of(
                            model(),
                            PeftMethod.lora(8)
                                    .targets("q_proj")
                                    .layers(Set.of(7))
                                    .build())),
            new Case(
                    "IA3 target modules are [wk], must match",
                    () -> ParameterCount.of(model(), new PeftMethod.Ia3(Set.of("wk"), Set.of()))),
            new Case("virtual tokens is 0", () -> new PeftMethod.PromptTuning(0)),
            new Case("virtual tokens is -1", () -> new PeftMethod.PrefixTuning(-1)),
            new Case("parameters of huge are above 2^63 - 1, must be fewer", () -> ParameterCount.of(huge())));

    private static Block block() {
        return Block.preNorm(Norm.rms(64), DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(64, 128));
    }

    private static LayerStack stack() {
        return LayerStack.of(Input.Tokens.of(100, 64), block().times(2), null);
    }

    private static LayerStack crossStack() {
        var cross = DotProductAttention.builder(64, 4).crossTo(64).build();
        return LayerStack.of(
                Input.Tokens.of(100, 64), Block.preNorm(Norm.rms(64), cross).times(1), null);
    }

    private static Architecture model() {
        return Architecture.decoder("m", stack(), Head.language(64, 100, false));
    }

    private static Architecture huge() {
        long width = Require.LARGEST_DIMENSION;
        var block = Block.preNorm(Norm.rms(width), MixtureOfExperts.of(1000, 1, DenseFeedForward.gated(width, width)));
        return Architecture.decoder(
                "huge",
                LayerStack.of(Input.Tokens.of(10, width), block.times(10), null),
                Head.language(width, 10, false));
    }

    @TestFactory
    Stream<DynamicTest> isRefusedByName() {
        return CASES.stream()
                .map(bad -> dynamicTest(
                        bad.message,
                        () -> assertThatIllegalArgumentException()
                                .isThrownBy(bad.description::run)
                                .withMessageStartingWith(bad.message)));
    }
}
