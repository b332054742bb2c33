package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;

/** Reads DistilBERT: BERT without token types and pooler. */
final class DistilBertReader implements FamilyReader {

    private static final DotProductAttention.Names NAMES =
            new DotProductAttention.Names("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin");

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        var input = new Input.Tokens(
                fields.size(Spellings.VOCABULARY), hidden, false, fields.size(Spellings.POSITIONS), 0, 0, hidden, norm);
        var dense = DenseFeedForward.plain(hidden, fields.size("hidden_dim"), true, "ffn.lin1", "ffn.lin2");
        var block = Block.postNorm(norm, BertLike.attention(shape, NAMES), dense);
        var stack = new LayerStack("distilbert.transformer", "layer", input, block.times(shape.layers()), null);
        String built = Heads.builtClass(fields);
        List<Head> heads = built.endsWith("Model")
                ? List.of()
                : BertLike.heads(fields, hidden, BertLike.masked(fields, "vocab_projector", hidden, hidden), false);
        return new Architecture(name, null, stack, heads, null);
    }
}
