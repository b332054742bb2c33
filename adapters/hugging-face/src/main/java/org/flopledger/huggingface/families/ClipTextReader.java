package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.model.Architecture;
import org.flopledger.model.Head;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Operation.Reach;

/** Reads the text half of CLIP: learned positions, blocks that see what came before, no output matrix. */
final class ClipTextReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = BertLike.shape(fields).hidden();
        LayerStack stack = ClipLike.text(fields, Reach.CAUSAL);
        boolean projects = Heads.builtClass(fields).endsWith("WithProjection");
        List<Head> heads = projects
                ? List.of(new Head(
                        "text_projection", hidden, 0, null, fields.size("projection_dim"), false, false, false))
                : List.of();
        return new Architecture(name, null, stack, heads, null);
    }
}
