package org.flopledger.huggingface.families;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Head;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;

/** Reads ALBERT: groups of layers share their weights, and the embedding is narrower than the stream. */
final class AlbertReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long width = fields.size("embedding_size");
        long groups = fields.sizeUpTo(shape.layers(), "num_hidden_groups");
        long inGroup = fields.sizeUpTo(64, "inner_group_num");
        var block = Block.postNorm(
                Norm.layer(shape.hidden()), BertLike.attention(shape), BertLike.feedForward(fields, shape.hidden()));
        List<Block> blocks = new ArrayList<>();
        long seen = -1;
        for (long layer = 0; layer < shape.layers(); layer++) {
            long group = layer * groups / shape.layers();
            for (long i = 0; i < inGroup; i++) {
                blocks.add(group == seen ? block.again() : block);
            }
            seen = group;
        }
        var stack = new LayerStack(
                "albert.encoder", "layers", NarrowEmbedding.read(fields, width, shape.hidden(), true), blocks, null);
        Head masked = BertLike.maskedWithTwoBiases(fields, "predictions", shape.hidden(), width);
        return new Architecture(name, null, stack, BertLike.heads(fields, shape.hidden(), masked, true), null);
    }
}
