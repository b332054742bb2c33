package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;

/** Reads ESM-2: pre-norm blocks over amino acids, and a contact head that training on masked tokens leaves idle. */
final class EsmReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        boolean absolute = "absolute".equals(fields.text("position_embedding_type"))
                || fields.text("position_embedding_type") == null;
        var input = new Input.Tokens(
                fields.size(Spellings.VOCABULARY),
                hidden,
                false,
                absolute ? fields.size(Spellings.POSITIONS) : 0,
                0,
                0,
                hidden,
                fields.flag("emb_layer_norm_before") ? norm : null);
        var block = Block.preNorm(norm, BertLike.attention(shape), BertLike.feedForward(fields, hidden));
        var stack = new LayerStack("esm.encoder", "layer", input, block.times(shape.layers()), norm);
        // A contact is predicted from every map of scores: one weight each, and a bias.
        long contact = shape.layers() * shape.heads() + 1;
        Head masked =
                BertLike.maskedWithTwoBiases(fields, "lm_head", hidden, hidden).withIdleValues(contact);
        return new Architecture(name, null, stack, BertLike.heads(fields, hidden, masked, true), null);
    }
}
