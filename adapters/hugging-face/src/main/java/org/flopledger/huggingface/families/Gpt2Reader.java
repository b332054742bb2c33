package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;

/** Reads GPT-2: learned positions, biases everywhere, one projection for queries, keys and values. */
final class Gpt2Reader implements FamilyReader {

    private static final DecoderReader DECODER = DecoderReader.of(
                    AttentionReader.of(
                            Shape.HeadWidth.DERIVED,
                            LayerTypes.ALL_FULL,
                            AttentionReader.bias(Toggle.ON),
                            AttentionReader.fused("attn.c_attn", "attn.c_proj")),
                    DenseReader.plain(Toggle.ON, "mlp.c_fc", "mlp.c_proj").withInner(DenseReader::fourTimesHidden))
            .at("transformer", "h")
            .with(DecoderReader.InputReader.POSITIONED_TOKENS)
            .with(NormKind.LAYER);

    @Override
    public Architecture read(String name, Fields fields) {
        if (fields.flag("add_cross_attention")) {
            throw fields.wrong(
                    "add_cross_attention",
                    "true",
                    "false: the encoder that is attended to is not described in this file");
        }
        return DECODER.read(name, fields);
    }
}
