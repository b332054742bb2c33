package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Head;
import org.flopledger.model.LayerStack;

/** Reads ELECTRA: BERT with an embedding of its own, shorter width. */
final class ElectraReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long width = fields.size("embedding_size");
        boolean projects = width != shape.hidden();
        var stack = new LayerStack(
                "electra.encoder",
                "layer",
                NarrowEmbedding.read(fields, width, shape.hidden(), projects),
                BertLike.postNorm(fields, shape),
                null);
        Head masked = BertLike.masked(fields, "generator_lm_head", shape.hidden(), width);
        return new Architecture(name, null, stack, BertLike.heads(fields, shape.hidden(), masked, false), null);
    }
}
