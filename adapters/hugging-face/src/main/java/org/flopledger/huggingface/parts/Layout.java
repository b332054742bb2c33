package org.flopledger.huggingface.parts;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.jspecify.annotations.Nullable;

/** Where the norms of a block stand, and whether its sub-layers run side by side. */
public enum Layout {
    /** A norm before each sub-layer. */
    PRE_NORM,
    /** A norm after each sub-layer (OLMo 2) or after each sum (BERT). */
    POST_NORM,
    /** A norm before and after each sub-layer (Gemma 2). */
    SANDWICH,
    /** Sub-layers side by side that read one norm (GPT-J, Cohere, Falcon 7B). */
    PARALLEL_ONE_NORM,
    /** Sub-layers side by side, each with a norm before it (GPT-NeoX, Falcon 40B). */
    PARALLEL_TWO_NORMS;

    public Block block(@Nullable Norm norm, Mixer... mixers) {
        List<SubLayer> layers = switch (this) {
            case PRE_NORM, PARALLEL_TWO_NORMS ->
                Stream.of(mixers).map(mixer -> new SubLayer(norm, mixer, null)).toList();
            case POST_NORM ->
                Stream.of(mixers).map(mixer -> new SubLayer(null, mixer, norm)).toList();
            case SANDWICH ->
                Stream.of(mixers).map(mixer -> new SubLayer(norm, mixer, norm)).toList();
            case PARALLEL_ONE_NORM ->
                IntStream.range(0, mixers.length)
                        .mapToObj(i -> new SubLayer(i == 0 ? norm : null, mixers[i], null))
                        .toList();
        };
        return new Block(layers, this == PARALLEL_ONE_NORM || this == PARALLEL_TWO_NORMS);
    }
}
