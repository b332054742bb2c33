package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.fused;
import static org.flopledger.huggingface.parts.AttentionReader.modules;
import static org.flopledger.huggingface.parts.AttentionReader.outputBias;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DecoderReader.InputReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Layout;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Mixer;

/** Decoders of the time before Llama: learned or relative positions, layer norms, biases. */
final class Older {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");

    private Older() {}

    static void addTo(Map<String, FamilyReader> readers) {
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
                                        .withInner(fields -> 4 * fields.size(Spellings.HIDDEN)))
                        .at("transformer", "blocks")
                        .with(NormKind.LAYER_WITHOUT_BIAS));
        readers.put("opt", new OptReader());
        addCodeModels(readers);
        addJapanese(readers);
        readers.put("gpt_neo", new GptNeoReader());
        readers.put("xglm", new XglmReader());
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
                .withLayout(Older::falconLayout);
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

    private static void addCodeModels(Map<String, FamilyReader> readers) {
        readers.put(
                "codegen",
                DecoderReader.of(
                                derived(fused("attn.qkv_proj", "attn.out_proj")),
                                DenseReader.plain(Toggle.ON, "mlp.fc_in", "mlp.fc_out")
                                        .withInner(DenseReader::fourTimesHidden))
                        .at("transformer", "h")
                        .with(NormKind.LAYER)
                        .with(Layout.PARALLEL_ONE_NORM)
                        .withHeadBias(Toggle.ON));
        var attention = new AttentionReader(
                fields -> {
                    long heads = fields.size(Spellings.HEADS);
                    return Shape.of(fields, HeadWidth.DERIVED, heads, fields.flag("multi_query") ? 1 : heads);
                },
                LayerTypes.ALL_FULL,
                List.of(bias(Toggle.ON), fused("attn.c_attn", "attn.c_proj")));
        readers.put(
                "gpt_bigcode",
                DecoderReader.of(
                                attention,
                                DenseReader.plain(Toggle.ON, "mlp.c_fc", "mlp.c_proj")
                                        .withInner(DenseReader::fourTimesHidden))
                        .at("transformer", "h")
                        .with(InputReader.POSITIONED_TOKENS)
                        .with(NormKind.LAYER));
    }

    /** Only the last layer's output projection has a bias. */
    private static void addJapanese(Map<String, FamilyReader> readers) {
        AttentionReader plain = derived(fused("attention.query_key_value", "attention.dense"));
        AttentionReader last = derived(fused("attention.query_key_value", "attention.dense"), outputBias(Toggle.ON));
        MixerReader attention = fields -> {
            long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
            IntFunction<Mixer> before = plain.read(fields);
            IntFunction<Mixer> end = last.read(fields);
            return layer -> (layer == layers - 1 ? end : before).apply(layer);
        };
        readers.put(
                "gpt_neox_japanese",
                DecoderReader.of(
                                attention,
                                DenseReader.plain(Toggle.OFF, "mlp.dense_h_to_4h", "mlp.dense_4h_to_h")
                                        .withInner(fields -> fields.sizeUpTo(1024, "intermediate_multiple_size")
                                                * fields.size(Spellings.HIDDEN)))
                        .at("gpt_neox_japanese", "layers")
                        .with(NormKind.LAYER));
    }

    private static AttentionReader derived(AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.DERIVED, LayerTypes.ALL_FULL, details);
    }
}
