package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;

import java.util.List;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Mixer;

/** Reads Falcon-H1: Mamba-2 and attention side by side in every layer. */
final class FalconH1Reader implements FamilyReader {

    private static final DecoderReader DECODER =
            DecoderReader.of(FalconH1Reader::mixers, DenseReader.llama().withBias(Toggle.field("mlp_bias")));

    @Override
    public Architecture read(String name, Fields fields) {
        return DECODER.read(name, fields);
    }

    private static IntFunction<Mixer> mixers(Fields fields) {
        IntFunction<Mixer> states = StateSpaceReaders.FALCON_H1.read(fields);
        IntFunction<Mixer> attention = Recurrent.stated(LayerTypes.ALL_FULL, bias(Toggle.field("attention_bias")))
                .read(fields);
        return layer -> Mixer.sideBySide(List.of(
                new SubLayer(null, states.apply(layer), null), new SubLayer(null, attention.apply(layer), null)));
    }
}
