package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/** The blocks that CLIP and SigLIP share: pre-norm, with biases everywhere. */
final class ClipLike {

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");

    private ClipLike() {}

    /** Returns the stack of a text tower: learned positions and a norm at the end. */
    static LayerStack text(Fields fields, Reach reach) {
        Shape shape = BertLike.shape(fields);
        return new LayerStack(
                "text_model.encoder",
                "layers",
                Input.Tokens.of(fields.size(Spellings.VOCABULARY), shape.hidden())
                        .withPositions(fields.size(Spellings.POSITIONS)),
                blocks(fields, shape, reach),
                Norm.layer(shape.hidden()));
    }

    static List<Block> blocks(Fields fields, Shape shape, Reach reach) {
        var attention = DotProductAttention.builder(shape.hidden(), shape.heads())
                .reach(reach)
                .queryKeyValueBias(true)
                .outputBias(true)
                .names(NAMES)
                .build();
        return Block.preNorm(Norm.layer(shape.hidden()), attention, feedForward(fields, shape.hidden()))
                .times(shape.layers());
    }

    static DenseFeedForward feedForward(Fields fields, long hidden) {
        return DenseFeedForward.plain(hidden, fields.size(Spellings.INNER), true, "mlp.fc1", "mlp.fc2");
    }
}
