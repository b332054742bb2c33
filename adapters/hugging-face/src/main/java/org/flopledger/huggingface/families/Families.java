package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.bidirectionalIf;
import static org.flopledger.huggingface.parts.AttentionReader.fused;
import static org.flopledger.huggingface.parts.AttentionReader.gated;
import static org.flopledger.huggingface.parts.AttentionReader.headNorms;
import static org.flopledger.huggingface.parts.AttentionReader.modules;
import static org.flopledger.huggingface.parts.AttentionReader.projectionBias;
import static org.flopledger.huggingface.parts.AttentionReader.sinks;
import static org.flopledger.huggingface.parts.AttentionReader.wideNorms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DecoderReader.InputReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.ExpertsReader.Shared;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.HybridReader;
import org.flopledger.huggingface.parts.LatentAttentionReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Layout;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.SparseReader;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.DotProductAttention;
import org.jspecify.annotations.Nullable;

/**
 * The families that are known, each in a few words; their defaults are data, in {@code defaults.json}.
 *
 * <p>What is said here was compared with the models that transformers 5.18 builds.
 */
public final class Families {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");
    private static final AttentionReader.Detail BIDIRECTIONAL = bidirectionalIf("use_bidirectional_attention");

    private static final Map<String, Family> ALL = withDefaults(readers());

    private Families() {}

    /** Returns the family of this model type, or null if it is not known. */
    public static @Nullable Family named(String modelType) {
        return ALL.get(modelType);
    }

    /** Returns the names of all families, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    private static Map<String, FamilyReader> readers() {
        Map<String, FamilyReader> readers = new TreeMap<>();
        addLlamaLike(readers);
        addQwen(readers);
        addGemma(readers);
        addExperts(readers);
        addLatent(readers);
        addOlder(readers);
        addRecurrent(readers);
        readers.put("t5", new T5Reader());
        readers.put("bert", new BertReader());
        readers.put("vit", new VisionReader());
        readers.put("whisper", new WhisperReader());
        return readers;
    }

    private static void addLlamaLike(Map<String, FamilyReader> readers) {
        readers.put(
                "llama",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS)),
                        DenseReader.llama().withBias(Toggle.field("mlp_bias"))));
        readers.put("mistral", DecoderReader.of(stated(LayerTypes.WINDOW_IF_STATED), DenseReader.llama()));
        readers.put(
                "phi3",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IF_STATED, fused("self_attn.qkv_proj", "self_attn.o_proj")),
                        DenseReader.llama().named("mlp.gate_up_proj", "mlp.gate_up_proj", "mlp.down_proj")));
        readers.put(
                "olmo2",
                DecoderReader.of(
                                stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS), wideNorms(Toggle.ON)),
                                DenseReader.llama())
                        .with(Layout.POST_NORM));
        readers.put(
                "cohere",
                DecoderReader.of(
                                stated(
                                        LayerTypes.ALL_FULL,
                                        bias(ATTENTION_BIAS),
                                        wideNorms(Toggle.field("use_qk_norm"))),
                                DenseReader.llama())
                        .with(NormKind.LAYER_WITHOUT_BIAS)
                        .with(Layout.PARALLEL_ONE_NORM));
        readers.put(
                "nemotron",
                DecoderReader.of(
                                stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS)),
                                DenseReader.plain(Toggle.field("mlp_bias"), "mlp.up_proj", "mlp.down_proj"))
                        .with(NormKind.LAYER));
    }

    private static void addQwen(Map<String, FamilyReader> readers) {
        readers.put(
                "qwen2",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_LATE_LAYERS, projectionBias(Toggle.ON)), DenseReader.llama()));
        readers.put(
                "qwen3",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_LATE_LAYERS, bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        DenseReader.llama()));
        readers.put(
                "qwen2_moe",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_EVEN_EARLY_LAYERS, projectionBias(Toggle.field("qkv_bias"))),
                        everyStep(Shared.GATED_OF_STATED_WIDTH)));
        readers.put(
                "qwen3_moe",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IF_USED, bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        everyStep(Shared.NONE)));
        readers.put(
                "qwen3_next",
                DecoderReader.of(
                        new HybridReader(
                                LayerTypes.FULL_EVERY_INTERVAL,
                                StateSpaceReaders.GATED_DELTA_NET,
                                stated(
                                        LayerTypes.FULL_EVERY_INTERVAL,
                                        bias(ATTENTION_BIAS),
                                        headNorms(Toggle.ON),
                                        gated())),
                        everyStep(Shared.GATED_OF_STATED_WIDTH)));
    }

    private static MixerReader everyStep(Shared shared) {
        return new SparseReader(ExpertsReader.ofOwnWidth(shared), DenseReader.llama(), SparseReader.EVERY_STEP);
    }

    private static void addGemma(Map<String, FamilyReader> readers) {
        readers.put(
                "gemma",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS), BIDIRECTIONAL), DenseReader.llama()));
        readers.put(
                "gemma2",
                DecoderReader.of(
                                stated(LayerTypes.WINDOW_IN_EVEN_LAYERS, bias(ATTENTION_BIAS), BIDIRECTIONAL),
                                DenseReader.llama())
                        .with(Layout.SANDWICH));
        readers.put(
                "gemma3_text",
                DecoderReader.of(
                                stated(
                                        LayerTypes.FULL_EVERY_PATTERN,
                                        bias(ATTENTION_BIAS),
                                        headNorms(Toggle.ON),
                                        BIDIRECTIONAL),
                                DenseReader.llama())
                        .with(Layout.SANDWICH));
    }

    private static void addExperts(Map<String, FamilyReader> readers) {
        readers.put("mixtral", DecoderReader.of(stated(LayerTypes.WINDOW_IF_STATED), ExpertsReader.ofModelWidth()));
        readers.put(
                "olmoe",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS), wideNorms(Toggle.ON)),
                        ExpertsReader.ofModelWidth()));
        readers.put(
                "phimoe",
                DecoderReader.of(
                                stated(LayerTypes.WINDOW_IF_STATED, bias(ATTENTION_BIAS)),
                                ExpertsReader.ofModelWidth().withRouterModule())
                        .with(NormKind.LAYER)
                        .withHeadBias(Toggle.field("lm_head_bias")));
        readers.put(
                "gpt_oss",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IN_EVEN_LAYERS, bias(ATTENTION_BIAS), sinks()),
                        ExpertsReader.ofModelWidth().withBias(Toggle.ON)));
        readers.put(
                "glm4_moe",
                DecoderReader.of(
                        AttentionReader.of(
                                HeadWidth.ROUNDED_DOWN,
                                LayerTypes.ALL_FULL,
                                projectionBias(ATTENTION_BIAS),
                                headNorms(Toggle.field("use_qk_norm"))),
                        afterFirstDense()));
        readers.put(
                "llama4_text",
                DecoderReader.of(
                        stated(LayerTypes.CHUNKED_WITH_POSITIONS, bias(ATTENTION_BIAS)),
                        new SparseReader(
                                new ExpertsReader(
                                        "feed_forward",
                                        ExpertsReader.Part.WHOLE,
                                        fields -> fields.size("intermediate_size"),
                                        Toggle.OFF,
                                        Shared.ONE,
                                        true,
                                        true),
                                feedForward().withInner(fields -> fields.size("intermediate_size_mlp")),
                                SparseReader.LISTED_OR_INTERLEAVED)));
        readers.put("dbrx", dbrx());
    }

    private static MixerReader afterFirstDense() {
        return new SparseReader(
                ExpertsReader.ofOwnWidth(Shared.COUNTED), DenseReader.llama(), SparseReader.AFTER_FIRST_DENSE);
    }

    private static DenseReader feedForward() {
        return DenseReader.llama().named("feed_forward.gate_proj", "feed_forward.up_proj", "feed_forward.down_proj");
    }

    private static FamilyReader dbrx() {
        var attention = new AttentionReader(
                fields -> {
                    long keyValueHeads = fields.objectOrDefaults("attn_config").size("kv_n_heads");
                    return Shape.of(fields, HeadWidth.DERIVED, fields.size(Spellings.HEADS), keyValueHeads);
                },
                LayerTypes.ALL_FULL,
                List.of(fused("norm_attn_norm.attn.Wqkv", "norm_attn_norm.attn.out_proj")));
        var experts = ExpertsReader.ofModelWidth()
                .withRouterModule()
                .under("ffn")
                .describedIn(fields -> fields.objectOrDefaults("ffn_config"));
        return DecoderReader.of(attention, experts).at("transformer", "blocks").with(NormKind.LAYER_WITHOUT_BIAS);
    }

    private static void addLatent(Map<String, FamilyReader> readers) {
        FamilyReader latent = DecoderReader.of(new LatentAttentionReader(), afterFirstDense());
        readers.put("deepseek_v2", latent);
        readers.put("deepseek_v3", latent);
        readers.put("kimi_k2", latent);
    }

    private static void addOlder(Map<String, FamilyReader> readers) {
        readers.put("gpt2", new Gpt2Reader());
        readers.put(
                "gptj",
                DecoderReader.of(
                                derived(modules(new DotProductAttention.Names(
                                        "attn.q_proj", "attn.k_proj", "attn.v_proj", "attn.out_proj"))),
                                DenseReader.plain(Toggle.ON, "mlp.fc_in", "mlp.fc_out")
                                        .withInner(DenseReader::fourTimesHidden))
                        .at("transformer", "h")
                        .with(NormKind.LAYER)
                        .with(Layout.PARALLEL_ONE_NORM)
                        .withHeadBias(Toggle.ON));
        readers.put(
                "gpt_neox",
                DecoderReader.of(
                                derived(bias(ATTENTION_BIAS), fused("attention.query_key_value", "attention.dense")),
                                DenseReader.plain(Toggle.ON, "mlp.dense_h_to_4h", "mlp.dense_4h_to_h"))
                        .at("gpt_neox", "layers")
                        .with(NormKind.LAYER)
                        .withLayout(fields ->
                                fields.flag("use_parallel_residual") ? Layout.PARALLEL_TWO_NORMS : Layout.PRE_NORM));
        readers.put(
                "bloom",
                DecoderReader.of(
                                derived(
                                        bias(Toggle.ON),
                                        fused("self_attention.query_key_value", "self_attention.dense")),
                                DenseReader.plain(Toggle.ON, "mlp.dense_h_to_4h", "mlp.dense_4h_to_h")
                                        .withInner(fields -> 4 * fields.size(Spellings.HIDDEN)))
                        .at("transformer", "h")
                        .with(InputReader.NORMED_TOKENS)
                        .with(NormKind.LAYER));
        readers.put("falcon", falcon());
        readers.put(
                "mpt",
                DecoderReader.of(
                                derived(fused("attn.Wqkv", "attn.out_proj")),
                                DenseReader.plain(Toggle.OFF, "ffn.up_proj", "ffn.down_proj")
                                        .withInner(fields -> fields.sizeUpTo(1024, "expansion_ratio")
                                                * fields.size(Spellings.HIDDEN)))
                        .at("transformer", "blocks")
                        .with(NormKind.LAYER_WITHOUT_BIAS));
        readers.put("opt", new OptReader());
    }

    private static FamilyReader falcon() {
        Toggle bias = Toggle.field("bias");
        var attention = new AttentionReader(
                fields -> {
                    long heads = fields.size(Spellings.HEADS);
                    return Shape.of(fields, HeadWidth.DERIVED, heads, falconKeyValueHeads(fields, heads));
                },
                LayerTypes.ALL_FULL,
                List.of(bias(bias), fused("self_attention.query_key_value", "self_attention.dense")));
        return DecoderReader.of(
                        attention,
                        DenseReader.plain(bias, "mlp.dense_h_to_4h", "mlp.dense_4h_to_h")
                                .withInner(DenseReader::fourTimesHidden))
                .at("transformer", "h")
                .with(NormKind.LAYER)
                .withLayout(Families::falconLayout);
    }

    /** The stated number only counts in the newer form; the older one has one head for all, or one for each. */
    private static long falconKeyValueHeads(Fields fields, long heads) {
        if (fields.flag("new_decoder_architecture")) {
            return fields.optionalSize(Spellings.KEY_VALUE_HEADS).orElse(heads);
        }
        return fields.flag("multi_query") ? 1 : heads;
    }

    private static Layout falconLayout(Fields fields) {
        if (!fields.flag("parallel_attn")) {
            return Layout.PRE_NORM;
        }
        long norms =
                fields.statedSize("num_ln_in_parallel_attn").orElse(fields.flag("new_decoder_architecture") ? 2 : 1);
        return norms == 2 ? Layout.PARALLEL_TWO_NORMS : Layout.PARALLEL_ONE_NORM;
    }

    private static void addRecurrent(Map<String, FamilyReader> readers) {
        readers.put("minimax", minimax());
        readers.put("mamba", DecoderReader.of(StateSpaceReaders.MAMBA).at("backbone", "layers"));
        readers.put("mamba2", DecoderReader.of(StateSpaceReaders.MAMBA_2).at("backbone", "layers"));
        readers.put(
                "jamba",
                DecoderReader.of(
                        new HybridReader(
                                LayerTypes.FULL_AT_PERIOD, StateSpaceReaders.JAMBA, stated(LayerTypes.FULL_AT_PERIOD)),
                        new SparseReader(
                                ExpertsReader.ofModelWidth().withRouterModule().under("feed_forward"),
                                feedForward(),
                                SparseReader.PERIODIC)));
    }

    private static FamilyReader minimax() {
        return DecoderReader.of(
                new HybridReader(
                        LayerTypes.ALTERNATING_LINEAR,
                        StateSpaceReaders.LIGHTNING,
                        stated(LayerTypes.ALTERNATING_LINEAR)),
                ExpertsReader.ofModelWidth());
    }

    private static AttentionReader stated(LayerTypes types, AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.STATED, types, details);
    }

    private static AttentionReader derived(AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.DERIVED, LayerTypes.ALL_FULL, details);
    }

    private static Map<String, Family> withDefaults(Map<String, FamilyReader> readers) {
        ObjectNode defaults =
                (ObjectNode) JsonFile.resource(Families.class, "defaults.json").get("families");
        Map<String, Family> families = new TreeMap<>();
        readers.forEach((name, reader) -> families.put(
                name, new Family(name, (ObjectNode) Objects.requireNonNull(defaults.get(name), name), reader)));
        return families;
    }
}
