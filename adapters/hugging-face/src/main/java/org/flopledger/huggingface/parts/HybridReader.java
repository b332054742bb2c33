package org.flopledger.huggingface.parts;

import java.util.List;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Mixer;

/**
 * Reads a stack in which some blocks have softmax attention and the others a linear kind.
 *
 * @param types which is which
 * @param linear the linear kind
 * @param softmax the others
 */
public record HybridReader(LayerTypes types, MixerReader linear, MixerReader softmax) implements MixerReader {

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        List<String> kinds = types.stated(fields, layers);
        IntFunction<Mixer> softmaxAt = softmax.read(fields);
        IntFunction<Mixer> linearAt = linear.read(fields);
        return layer -> isLinear(kinds.get(layer)) ? linearAt.apply(layer) : softmaxAt.apply(layer);
    }

    /** Files that were not written by transformers use words of their own. */
    private static boolean isLinear(String kind) {
        return kind.equals(LayerTypes.LINEAR) || kind.equals("mamba") || kind.equals("kda_attention");
    }
}
