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
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/** Reads Pixtral's tower: rotary positions, gated layers, RMS norms and no biases; an image is as large as may be. */
final class PixtralReader implements FamilyReader {

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.o_proj");

    private static final DenseFeedForward.Names DENSE =
            new DenseFeedForward.Names("feed_forward.gate_proj", "feed_forward.up_proj", "feed_forward.down_proj");

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = Norm.rms(hidden);
        Patches patches = Patches.read(fields);
        var input = new Input.Raw(List.of(patches.convolution(fields, hidden, false)), patches.count(), 0, 0, norm);
        var attention = DotProductAttention.builder(hidden, shape.heads())
                .reach(Reach.BIDIRECTIONAL)
                .names(NAMES)
                .build();
        var dense = new DenseFeedForward(hidden, fields.size(Spellings.INNER), true, false, false, DENSE);
        var stack = new LayerStack(
                "transformer",
                "layers",
                input,
                Block.preNorm(norm, attention, dense).times(shape.layers()),
                null);
        return new Architecture(name, null, stack, List.of(), null);
    }
}
