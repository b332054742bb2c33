package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;

import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.HybridReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Mixer;

/** Reads Granite 4: Mamba-2 and attention layers, each followed by one shared layer and, where there are any, experts. */
final class GraniteHybridReader implements FamilyReader {

    private static final LayerTypes LISTED = (fields, layers) -> {
        throw fields.missing("layer_types", "a list of mamba and attention");
    };

    private static final ExpertsReader EXPERTS =
            ExpertsReader.ofModelWidth(ExpertsReader.shared("shared_mlp", "shared_intermediate_size"));

    private static final DenseReader SHARED = DenseReader.llama()
            .withInner(fields -> fields.size("shared_intermediate_size"))
            .named("shared_mlp.input_linear", "shared_mlp.input_linear", "shared_mlp.output_linear");

    private static final DecoderReader DECODER = DecoderReader.of(
            new HybridReader(
                    LISTED, StateSpaceReaders.BAMBA, Recurrent.stated(LISTED, bias(Toggle.field("attention_bias")))),
            GraniteHybridReader::feedForward);

    @Override
    public Architecture read(String name, Fields fields) {
        return DECODER.read(name, fields);
    }

    private static IntFunction<Mixer> feedForward(Fields fields) {
        fields.settle("intermediate_size");
        return fields.sizeOrZero(Spellings.EXPERTS) > 0 ? EXPERTS.read(fields) : SHARED.read(fields);
    }
}
