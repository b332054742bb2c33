package org.flopledger.huggingface.parts;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.jspecify.annotations.Nullable;

/**
 * Reads a decoder: an embedding, equal or patterned blocks, a norm and an output matrix.
 *
 * @param path conventional module name of the stack
 * @param layersName name of the list of blocks inside it
 * @param input what the first block reads
 * @param norm which learned values the norms have
 * @param layout where the norms of a block stand
 * @param headBias whether the output matrix has a bias
 * @param tied whether the output matrix is the embedding's
 * @param mixers the sub-layers of a block, in order
 */
public record DecoderReader(
        String path,
        String layersName,
        InputReader input,
        NormKind norm,
        Function<Fields, Layout> layout,
        Toggle headBias,
        Toggle tied,
        List<MixerReader> mixers)
        implements FamilyReader {

    /** Reads what the first block reads. */
    @FunctionalInterface
    public interface InputReader {

        /** A table of tokens alone: positions are rotary or relative. */
        InputReader TOKENS = (fields, norm) -> tokens(fields);

        /** Tokens, then a norm (BLOOM). */
        InputReader NORMED_TOKENS = (fields, norm) -> {
            Input.Tokens plain = tokens(fields);
            long hidden = plain.hidden();
            return new Input.Tokens(plain.vocabulary(), hidden, false, 0, 0, 0, hidden, norm.of(hidden));
        };

        /** Tokens and a learned position table (GPT-2). */
        InputReader POSITIONED_TOKENS =
                (fields, norm) -> tokens(fields).withPositions(fields.size(Spellings.POSITIONS));

        Input read(Fields fields, NormKind norm);

        private static Input.Tokens tokens(Fields fields) {
            return Input.Tokens.of(fields.size(Spellings.VOCABULARY), fields.size(Spellings.HIDDEN));
        }
    }

    /** Returns a reader of pre-norm blocks with RMS norms, Llama's names and rotary positions. */
    public static DecoderReader of(MixerReader... mixers) {
        return new DecoderReader(
                "model",
                "layers",
                InputReader.TOKENS,
                NormKind.RMS,
                fields -> Layout.PRE_NORM,
                Toggle.OFF,
                Toggle.field("tie_word_embeddings"),
                List.of(mixers));
    }

    public DecoderReader at(String newPath, String newLayersName) {
        return new DecoderReader(newPath, newLayersName, input, norm, layout, headBias, tied, mixers);
    }

    public DecoderReader with(InputReader newInput) {
        return new DecoderReader(path, layersName, newInput, norm, layout, headBias, tied, mixers);
    }

    public DecoderReader with(NormKind newNorm) {
        return new DecoderReader(path, layersName, input, newNorm, layout, headBias, tied, mixers);
    }

    public DecoderReader with(Layout newLayout) {
        return withLayout(fields -> newLayout);
    }

    public DecoderReader withLayout(Function<Fields, Layout> newLayout) {
        return new DecoderReader(path, layersName, input, norm, newLayout, headBias, tied, mixers);
    }

    public DecoderReader withHeadBias(Toggle newHeadBias) {
        return new DecoderReader(path, layersName, input, norm, layout, newHeadBias, tied, mixers);
    }

    /** Returns this reader for a class that never shares the embedding with the output matrix, whatever is stated. */
    public DecoderReader neverTied() {
        return new DecoderReader(path, layersName, input, norm, layout, headBias, Toggle.OFF, mixers);
    }

    @Override
    public Architecture read(String name, Fields fields) {
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        @Nullable Norm blockNorm = norm.of(fields.size(Spellings.HIDDEN));
        Layout blockLayout = layout.apply(fields);
        List<IntFunction<Mixer>> parts =
                mixers.stream().map(reader -> reader.read(fields)).toList();
        List<Block> blocks = Block.pattern(
                layers,
                layer -> blockLayout.block(
                        blockNorm, parts.stream().map(part -> part.apply(layer)).toArray(Mixer[]::new)));
        var stack = new LayerStack(path, layersName, input.read(fields, norm), blocks, blockNorm);
        return new Architecture(name, null, stack, Heads.of(fields, headBias, tied), null);
    }
}
