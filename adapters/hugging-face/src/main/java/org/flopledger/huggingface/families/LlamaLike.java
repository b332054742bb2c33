package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.bothWays;
import static org.flopledger.huggingface.parts.AttentionReader.fused;
import static org.flopledger.huggingface.parts.AttentionReader.headLayerNorms;
import static org.flopledger.huggingface.parts.AttentionReader.headNorms;
import static org.flopledger.huggingface.parts.AttentionReader.modules;
import static org.flopledger.huggingface.parts.AttentionReader.outputBias;
import static org.flopledger.huggingface.parts.AttentionReader.outputNorm;
import static org.flopledger.huggingface.parts.AttentionReader.projectionBias;
import static org.flopledger.huggingface.parts.AttentionReader.sinks;
import static org.flopledger.huggingface.parts.AttentionReader.wideNorms;

import java.util.Map;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Layout;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.DotProductAttention.Names;

/** Dense decoders with rotary positions in the manner of Llama. */
final class LlamaLike {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");
    private static final Toggle USE_BIAS = Toggle.field("use_bias");
    private static final Toggle MLP_BIAS = Toggle.field("mlp_bias");

    private LlamaLike() {}

    static void addTo(Map<String, FamilyReader> readers) {
        FamilyReader llama = DecoderReader.of(
                stated(bias(ATTENTION_BIAS)), DenseReader.llama().withBias(MLP_BIAS));
        readers.put("llama", llama);
        readers.put("granite", llama);
        readers.put(
                "granite_swa",
                DecoderReader.of(
                        stated(LayerTypes.FULL_FROM_FIRST_FOURTH, bias(ATTENTION_BIAS), sinks()),
                        DenseReader.llama().withBias(MLP_BIAS)));
        readers.put(
                "eurobert",
                DecoderReader.of(
                        stated(bias(ATTENTION_BIAS), bothWays()),
                        DenseReader.llama().withBias(MLP_BIAS)));
        readers.put(
                "smollm3",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IF_USED, bias(ATTENTION_BIAS)),
                        DenseReader.llama().withBias(MLP_BIAS)));
        readers.put(
                "helium",
                DecoderReader.of(
                        stated(projectionBias(ATTENTION_BIAS)),
                        DenseReader.llama().withBias(MLP_BIAS)));
        FamilyReader mistral = DecoderReader.of(stated(LayerTypes.WINDOW_IF_STATED), DenseReader.llama());
        readers.put("mistral", mistral);
        readers.put("ministral3", mistral);
        readers.put("cwm", DecoderReader.of(stated(LayerTypes.WINDOW_IF_STATED), DenseReader.llama()));
        readers.put(
                "phi3",
                DecoderReader.of(
                        stated(LayerTypes.WINDOW_IF_STATED, fused("self_attn.qkv_proj", "self_attn.o_proj")),
                        fusedGate()));
        readers.put(
                "seed_oss",
                DecoderReader.of(
                        stated(projectionBias(ATTENTION_BIAS), outputBias(Toggle.field("attention_out_bias"))),
                        DenseReader.llama().withBias(MLP_BIAS)));
        readers.put(
                "ernie4_5",
                DecoderReader.of(stated(bias(USE_BIAS)), DenseReader.llama().withBias(USE_BIAS)));
        readers.put(
                "hunyuan_v1_dense",
                DecoderReader.of(stated(bias(ATTENTION_BIAS), headNorms(Toggle.ON)), DenseReader.llama()));
        readers.put("glm", DecoderReader.of(stated(projectionBias(ATTENTION_BIAS)), fusedGate()));
        readers.put(
                "glm4",
                DecoderReader.of(stated(projectionBias(ATTENTION_BIAS)), fusedGate())
                        .with(Layout.SANDWICH));
        readers.put(
                "bitnet",
                DecoderReader.of(
                        stated(bias(ATTENTION_BIAS), outputNorm()),
                        DenseReader.llama().with(DenseReader.Inside.NORM)));
        addPostNorm(readers);
        addUngated(readers);
        addLayerNorm(readers);
        readers.put("nemotron-nas", new NasReader());
        DifferentialLlama.addTo(readers);
        Doge.addTo(readers);
    }

    private static void addPostNorm(Map<String, FamilyReader> readers) {
        readers.put(
                "olmo2",
                DecoderReader.of(stated(bias(ATTENTION_BIAS), wideNorms(Toggle.ON)), DenseReader.llama())
                        .with(Layout.POST_NORM));
        readers.put(
                "olmo3",
                DecoderReader.of(
                                stated(LayerTypes.FULL_EVERY_FOURTH, bias(ATTENTION_BIAS), wideNorms(Toggle.ON)),
                                DenseReader.llama())
                        .with(Layout.POST_NORM));
        readers.put(
                "exaone4",
                DecoderReader.of(
                                stated(LayerTypes.FULL_EVERY_PATTERN_IF_WINDOW, headNorms(Toggle.ON)),
                                DenseReader.llama())
                        .with(Layout.POST_NORM));
    }

    private static void addUngated(Map<String, FamilyReader> readers) {
        DenseReader plain = DenseReader.plain(MLP_BIAS, "mlp.up_proj", "mlp.down_proj");
        FamilyReader nemotron =
                DecoderReader.of(stated(bias(ATTENTION_BIAS)), plain).with(NormKind.LAYER);
        readers.put("nemotron", nemotron);
        readers.put("jais2", nemotron);
        readers.put("arcee", DecoderReader.of(stated(bias(ATTENTION_BIAS)), plain));
        readers.put(
                "apertus",
                DecoderReader.of(
                        stated(bias(ATTENTION_BIAS), headNorms(Toggle.ON)),
                        DenseReader.plain(Toggle.OFF, "mlp.up_proj", "mlp.down_proj")
                                .with(DenseReader.Inside.TWO_VALUES)));
        readers.put(
                "nanochat",
                DecoderReader.of(stated(bias(ATTENTION_BIAS)), DenseReader.plain(Toggle.OFF, "mlp.fc1", "mlp.fc2"))
                        .with(NormKind.NONE));
    }

    private static void addLayerNorm(Map<String, FamilyReader> readers) {
        readers.put(
                "olmo",
                DecoderReader.of(stated(bias(ATTENTION_BIAS)), DenseReader.llama())
                        .with(NormKind.NONE));
        readers.put(
                "cohere",
                DecoderReader.of(
                                stated(bias(ATTENTION_BIAS), wideNorms(Toggle.field("use_qk_norm"))),
                                DenseReader.llama())
                        .with(NormKind.LAYER_WITHOUT_BIAS)
                        .with(Layout.PARALLEL_ONE_NORM));
        readers.put(
                "cohere2",
                DecoderReader.of(stated(LayerTypes.FULL_EVERY_PATTERN, bias(ATTENTION_BIAS)), DenseReader.llama())
                        .with(NormKind.LAYER_WITHOUT_BIAS)
                        .with(Layout.PARALLEL_ONE_NORM));
        readers.put(
                "starcoder2",
                DecoderReader.of(
                                stated(LayerTypes.WINDOW_IF_STATED, bias(USE_BIAS)),
                                DenseReader.plain(USE_BIAS, "mlp.c_fc", "mlp.c_proj"))
                        .with(NormKind.LAYER));
        readers.put(
                "stablelm",
                DecoderReader.of(
                                stated(
                                        projectionBias(Toggle.field("use_qkv_bias")),
                                        wideNorms(Toggle.field("qk_layernorm"))),
                                DenseReader.llama())
                        .with(NormKind.LAYER)
                        .withLayout(fields ->
                                fields.flag("use_parallel_residual") ? Layout.PARALLEL_ONE_NORM : Layout.PRE_NORM));
        readers.put(
                "phi",
                DecoderReader.of(
                                stated(
                                        bias(Toggle.ON),
                                        headLayerNorms(Toggle.field("qk_layernorm")),
                                        modules(new Names(
                                                "self_attn.q_proj",
                                                "self_attn.k_proj",
                                                "self_attn.v_proj",
                                                "self_attn.dense"))),
                                DenseReader.plain(Toggle.ON, "mlp.fc1", "mlp.fc2"))
                        .with(NormKind.LAYER)
                        .with(Layout.PARALLEL_ONE_NORM)
                        .withHeadBias(Toggle.ON));
        readers.put(
                "persimmon",
                DecoderReader.of(
                                stated(
                                        bias(Toggle.ON),
                                        headLayerNorms(Toggle.field("qk_layernorm")),
                                        fused("self_attn.query_key_value", "self_attn.dense")),
                                DenseReader.plain(Toggle.ON, "mlp.dense_h_to_4h", "mlp.dense_4h_to_h"))
                        .with(NormKind.LAYER));
    }

    private static DenseReader fusedGate() {
        return DenseReader.llama().named("mlp.gate_up_proj", "mlp.gate_up_proj", "mlp.down_proj");
    }

    private static AttentionReader stated(AttentionReader.Detail... details) {
        return stated(LayerTypes.ALL_FULL, details);
    }

    private static AttentionReader stated(LayerTypes types, AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.STATED, types, details);
    }
}
