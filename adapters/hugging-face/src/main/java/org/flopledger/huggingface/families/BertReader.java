package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;

/** Reads BERT and RoBERTa: learned positions and token types, post-norm blocks that see both ways. */
final class BertReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        var input = new Input.Tokens(
                fields.size(Spellings.VOCABULARY),
                hidden,
                false,
                fields.size(Spellings.POSITIONS),
                fields.sizeOrZero("type_vocab_size"),
                0,
                hidden,
                Norm.layer(hidden));
        var stack = new LayerStack("bert.encoder", "layer", input, BertLike.postNorm(fields, shape), null);
        Head masked = BertLike.maskedWithTwoBiases(fields, "cls.predictions", hidden, hidden);
        return new Architecture(name, null, stack, BertLike.heads(fields, hidden, masked, true), null);
    }
}
