package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.jspecify.annotations.Nullable;

/** Reads OPT: learned positions, norms before or after, and in one size an embedding narrower than the stream. */
final class OptReader implements FamilyReader {

    /** Position 0 and 1 are never used: an offset kept from the original implementation. */
    private static final long POSITION_OFFSET = 2;

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape =
                Shape.of(fields, Shape.HeadWidth.DERIVED, fields.size(Spellings.HEADS), fields.size(Spellings.HEADS));
        long hidden = shape.hidden();
        Norm norm = fields.flag("layer_norm_elementwise_affine") ? Norm.layer(hidden) : null;
        boolean before = fields.flag("do_layer_norm_before");
        Block block = block(fields, shape, norm, before);
        Norm last = before && !fields.flag("_remove_final_layer_norm") ? norm : null;
        long vocabulary = fields.size(Spellings.VOCABULARY);
        long width = fields.statedSize("word_embed_proj_dim").orElse(hidden);
        var input = new Input.Tokens(vocabulary, width, false, 0, 0, 0, hidden, null)
                .withPositions(fields.size(Spellings.POSITIONS) + POSITION_OFFSET);
        var stack = new LayerStack("model.decoder", "layers", input, block.times(shape.layers()), last);
        boolean tied = fields.flag("tie_word_embeddings");
        var head = width == hidden
                ? Head.language(hidden, vocabulary, tied)
                : new Head("lm_head", hidden, width, false, null, vocabulary, false, tied, true);
        return Architecture.decoder(name, stack, head);
    }

    private static Block block(Fields fields, Shape shape, @Nullable Norm norm, boolean before) {
        boolean bias = fields.flag("enable_bias");
        var attention = DotProductAttention.builder(shape.hidden(), shape.heads())
                .queryKeyValueBias(bias)
                .outputBias(bias)
                .names(NAMES)
                .build();
        var dense = DenseFeedForward.plain(shape.hidden(), fields.size(Spellings.INNER), bias, "fc1", "fc2");
        return new Block(
                List.of(
                        new Block.SubLayer(before ? norm : null, attention, before ? null : norm),
                        new Block.SubLayer(before ? norm : null, dense, before ? null : norm)),
                false);
    }
}
