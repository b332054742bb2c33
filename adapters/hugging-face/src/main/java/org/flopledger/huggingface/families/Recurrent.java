package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;

import java.util.Map;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.HybridReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.SparseReader;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;

/** Models in which some or all layers keep a state instead of scoring every earlier position. */
final class Recurrent {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");

    private Recurrent() {}

    static void addTo(Map<String, FamilyReader> readers) {
        FamilyReader mamba = DecoderReader.of(StateSpaceReaders.MAMBA).at("backbone", "layers");
        readers.put("mamba", mamba);
        readers.put("falcon_mamba", mamba);
        readers.put("mamba2", DecoderReader.of(StateSpaceReaders.MAMBA_2).at("backbone", "layers"));
        readers.put(
                "minimax",
                DecoderReader.of(
                        new HybridReader(
                                LayerTypes.ALTERNATING_LINEAR,
                                StateSpaceReaders.LIGHTNING,
                                stated(LayerTypes.ALTERNATING_LINEAR)),
                        ExpertsReader.ofModelWidth()));
        readers.put("jamba", jamba());
        readers.put(
                "bamba",
                DecoderReader.of(
                        new HybridReader(
                                LayerTypes.FULL_AT_INDICES,
                                StateSpaceReaders.BAMBA,
                                stated(LayerTypes.FULL_AT_INDICES, bias(ATTENTION_BIAS))),
                        DenseReader.llama().withBias(Toggle.field("mlp_bias"))));
        readers.put("granitemoehybrid", new GraniteHybridReader());
        readers.put("falcon_h1", new FalconH1Reader());
        readers.put("nemotron_h", new NemotronHReader());
        readers.put("zamba2", new Zamba2Reader());
        readers.put("lfm2", new Lfm2Reader());
        readers.put("recurrent_gemma", new RecurrentGemmaReader());
        readers.put("rwkv", new RwkvReader());
    }

    private static FamilyReader jamba() {
        DenseReader dense =
                DenseReader.llama().named("feed_forward.gate_proj", "feed_forward.up_proj", "feed_forward.down_proj");
        return DecoderReader.of(
                new HybridReader(LayerTypes.FULL_AT_PERIOD, StateSpaceReaders.JAMBA, stated(LayerTypes.FULL_AT_PERIOD)),
                new SparseReader(
                        ExpertsReader.ofModelWidth(ExpertsReader.routerModule(), ExpertsReader.under("feed_forward")),
                        dense,
                        SparseReader.PERIODIC));
    }

    static AttentionReader stated(LayerTypes types, AttentionReader.Detail... details) {
        return AttentionReader.of(HeadWidth.STATED, types, details);
    }
}
