package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.model.Architecture;
import org.flopledger.model.Head;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Operation.Reach;

/** Reads the text half of SigLIP: learned positions, blocks that see both ways, and one matrix on the last position. */
final class SiglipTextReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = BertLike.shape(fields).hidden();
        LayerStack stack = ClipLike.text(fields, Reach.BIDIRECTIONAL);
        long projected = fields.optionalSize("projection_size").orElse(hidden);
        return new Architecture(
                name, null, stack, List.of(new Head("head", hidden, 0, null, projected, true, false, false)), null);
    }
}
