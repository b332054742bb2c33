package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.gate;
import static org.flopledger.huggingface.parts.AttentionReader.headNorms;
import static org.flopledger.huggingface.parts.AttentionReader.projectionBias;

import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.HybridReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.SparseReader;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.DotProductAttention.Gate;

/** The Qwen families. */
final class Qwen {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");

    private static final ExpertsReader WITH_GATED_SHARED =
            ExpertsReader.ofOwnWidth(ExpertsReader.gatedShared("shared_expert_intermediate_size"));

    private Qwen() {}

    static void addTo(Map<String, FamilyReader> readers) {
        FamilyReader second = DecoderReader.of(
                stated(LayerTypes.WINDOW_IN_LATE_LAYERS, projectionBias(Toggle.ON)), DenseReader.llama());
        for (String name : List.of("qwen2", "qwen2_vl_text", "qwen2_5_vl_text", "qwen2_5_omni_text")) {
            readers.put(name, second);
        }
        FamilyReader dense = DecoderReader.of(
                stated(LayerTypes.WINDOW_IN_LATE_LAYERS, bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                DenseReader.llama());
        readers.put("qwen3", dense);
        readers.put(
                "qwen3_vl_text",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL.alone(), bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        DenseReader.llama()));
        readers.put(
                "qwen2_moe",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_EVEN_EARLY_LAYERS, projectionBias(Toggle.field("qkv_bias"))),
                        everyStep(WITH_GATED_SHARED)));
        FamilyReader sparse = DecoderReader.of(
                stated(LayerTypes.WINDOW_IF_USED, bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                everyStep(ExpertsReader.ofOwnWidth()));
        readers.put("qwen3_moe", sparse);
        readers.put(
                "qwen3_vl_moe_text",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL.alone(), bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        everyStep(ExpertsReader.ofOwnWidth())));
        readers.put(
                "qwen3_next",
                DecoderReader.of(hybrid(StateSpaceReaders.GATED_DELTA_NET), everyStep(WITH_GATED_SHARED)));
        readers.put(
                "qwen3_5_text", DecoderReader.of(hybrid(StateSpaceReaders.GATED_DELTA_NET_APART), DenseReader.llama()));
        readers.put(
                "qwen3_5_moe_text",
                DecoderReader.of(
                        hybrid(StateSpaceReaders.GATED_DELTA_NET_APART),
                        new SparseReader(WITH_GATED_SHARED, DenseReader.llama(), fields -> layer -> true)));
    }

    private static MixerReader hybrid(MixerReader linear) {
        return new HybridReader(
                LayerTypes.FULL_EVERY_INTERVAL,
                linear,
                stated(
                        LayerTypes.FULL_EVERY_INTERVAL,
                        bias(ATTENTION_BIAS),
                        headNorms(Toggle.ON),
                        gate(Gate.IN_QUERY)));
    }

    private static MixerReader everyStep(ExpertsReader experts) {
        return new SparseReader(experts, DenseReader.llama(), SparseReader.EVERY_STEP);
    }

    private static AttentionReader stated(LayerTypes types, AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.STATED, types, details);
    }
}
