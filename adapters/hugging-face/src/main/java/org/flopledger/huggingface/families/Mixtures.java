package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.fused;
import static org.flopledger.huggingface.parts.AttentionReader.gate;
import static org.flopledger.huggingface.parts.AttentionReader.headNorms;
import static org.flopledger.huggingface.parts.AttentionReader.projectionBias;
import static org.flopledger.huggingface.parts.AttentionReader.sinks;
import static org.flopledger.huggingface.parts.AttentionReader.wideNorms;

import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Layout;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.SparseReader;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.DotProductAttention.Gate;

/** Mixtures of experts with softmax attention, but for those with families of their own. */
final class Mixtures {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");
    private static final Toggle USE_BIAS = Toggle.field("use_bias");

    private Mixtures() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put("mixtral", DecoderReader.of(stated(LayerTypes.WINDOW_IF_STATED), ExpertsReader.ofModelWidth()));
        readers.put(
                "minimax_m2",
                DecoderReader.of(stated(LayerTypes.ALL_FULL, wideNorms(Toggle.ON)), ExpertsReader.ofModelWidth()));
        readers.put(
                "phimoe",
                DecoderReader.of(
                                stated(LayerTypes.WINDOW_IF_STATED, bias(ATTENTION_BIAS)),
                                ExpertsReader.ofModelWidth(ExpertsReader.routerModule()))
                        .with(NormKind.LAYER)
                        .withHeadBias(Toggle.field("lm_head_bias")));
        readers.put(
                "gpt_oss",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_EVEN_LAYERS, bias(ATTENTION_BIAS), sinks()),
                        ExpertsReader.ofModelWidth(ExpertsReader.bias(Toggle.ON))));
        readers.put("dbrx", dbrx());
        readers.put("llama4_text", llama4());
        JetMoe.addTo(readers);
        Step.addTo(readers);
        addOlmo(readers);
        addGranite(readers);
        addGlm(readers);
        addOthers(readers);
    }

    private static void addOlmo(Map<String, FamilyReader> readers) {
        AttentionReader attention = stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS), wideNorms(Toggle.ON));
        readers.put("olmoe", DecoderReader.of(attention, ExpertsReader.ofModelWidth()));
        readers.put(
                "flex_olmo",
                DecoderReader.of(attention, ExpertsReader.ofModelWidth()).with(Layout.POST_NORM));
    }

    private static void addGranite(Map<String, FamilyReader> readers) {
        AttentionReader attention = stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS));
        readers.put("granitemoe", DecoderReader.of(attention, ExpertsReader.ofModelWidth()));
        ExpertsReader shared =
                ExpertsReader.ofModelWidth(ExpertsReader.shared("shared_mlp", "shared_intermediate_size"));
        readers.put("granitemoeshared", DecoderReader.of(attention, shared));
        readers.put(
                "granitemoe_swa",
                DecoderReader.of(stated(LayerTypes.FULL_FROM_FIRST_FOURTH, bias(ATTENTION_BIAS), sinks()), shared));
    }

    private static void addGlm(Map<String, FamilyReader> readers) {
        SparseReader afterFirst = new SparseReader(
                ExpertsReader.ofOwnWidth(ExpertsReader.countedShared()),
                DenseReader.llama(),
                SparseReader.AFTER_FIRST_DENSE);
        readers.put(
                "glm4_moe",
                DecoderReader.of(
                        AttentionReader.of(
                                HeadWidth.ROUNDED_DOWN,
                                LayerTypes.ALL_FULL,
                                projectionBias(ATTENTION_BIAS),
                                headNorms(Toggle.field("use_qk_norm"))),
                        afterFirst));
        readers.put(
                "dots1",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_LATE_LAYERS_IF_STATED, bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        afterFirst));
    }

    private static void addOthers(Map<String, FamilyReader> readers) {
        readers.put(
                "hunyuan_v1_moe",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        ExpertsReader.ofModelWidth(ExpertsReader.oneShared())));
        readers.put(
                "ernie4_5_moe",
                DecoderReader.of(
                                stated(LayerTypes.ALL_FULL, bias(USE_BIAS)),
                                new SparseReader(
                                        ExpertsReader.ofOwnWidth(
                                                ExpertsReader.experts("moe_num_experts"),
                                                ExpertsReader.active("moe_k"),
                                                ExpertsReader.countedShared("moe_num_shared_experts"),
                                                ExpertsReader.sharedBias(USE_BIAS),
                                                ExpertsReader.routerValues(1)),
                                        DenseReader.llama().withBias(USE_BIAS),
                                        SparseReader.BETWEEN))
                        .withHeadBias(USE_BIAS));
        readers.put(
                "afmoe",
                DecoderReader.of(
                                stated(
                                        LayerTypes.FULL_EVERY_GLOBAL,
                                        bias(ATTENTION_BIAS),
                                        headNorms(Toggle.ON),
                                        gate(Gate.EACH_CHANNEL)),
                                new SparseReader(
                                        ExpertsReader.ofOwnWidth(
                                                ExpertsReader.countedShared("num_shared_experts"),
                                                ExpertsReader.routerModule(),
                                                ExpertsReader.routerValues(1)),
                                        DenseReader.llama(),
                                        SparseReader.AFTER_DENSE_LAYERS))
                        .with(Layout.SANDWICH));
    }

    private static FamilyReader llama4() {
        DenseReader dense =
                DenseReader.llama().named("feed_forward.gate_proj", "feed_forward.up_proj", "feed_forward.down_proj");
        return DecoderReader.of(
                stated(LayerTypes.CHUNKED_WITH_POSITIONS, bias(ATTENTION_BIAS)),
                new SparseReader(
                        ExpertsReader.ofModelWidth(
                                ExpertsReader.under("feed_forward"),
                                ExpertsReader.width("intermediate_size"),
                                ExpertsReader.oneShared(),
                                ExpertsReader.routerModule(),
                                ExpertsReader.everyExpertRuns()),
                        dense.withInner(fields -> fields.size("intermediate_size_mlp")),
                        SparseReader.LISTED_OR_INTERLEAVED));
    }

    private static FamilyReader dbrx() {
        var attention = new AttentionReader(
                fields -> {
                    long keyValueHeads = fields.objectOrDefaults("attn_config").size("kv_n_heads");
                    return Shape.of(fields, HeadWidth.DERIVED, fields.size(Spellings.HEADS), keyValueHeads);
                },
                LayerTypes.ALL_FULL,
                List.of(fused("norm_attn_norm.attn.Wqkv", "norm_attn_norm.attn.out_proj")));
        var experts = ExpertsReader.ofModelWidth(
                ExpertsReader.describedIn("ffn_config"), ExpertsReader.routerModule(), ExpertsReader.under("ffn"));
        return DecoderReader.of(attention, experts).at("transformer", "blocks").with(NormKind.LAYER_WITHOUT_BIAS);
    }

    private static AttentionReader stated(LayerTypes types, AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.STATED, types, details);
    }
}
