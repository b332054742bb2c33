package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Shown;
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
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Stack;

/** Reads BERT: learned positions and token types, post-norm blocks that see both ways, and the heads of its classes. */
public final class BertReader implements FamilyReader {

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense");

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape =
                Shape.of(fields, Shape.HeadWidth.DERIVED, fields.size(Spellings.HEADS), fields.size(Spellings.HEADS));
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        var input = new Input.Tokens(
                fields.size(Spellings.VOCABULARY),
                hidden,
                false,
                fields.size(Spellings.POSITIONS),
                fields.sizeOrZero("type_vocab_size"),
                0,
                hidden,
                norm);
        var attention = DotProductAttention.builder(hidden, shape.heads())
                .reach(Reach.BIDIRECTIONAL)
                .queryKeyValueBias(true)
                .outputBias(true)
                .names(NAMES)
                .build();
        var dense = DenseFeedForward.plain(
                hidden, fields.size(Spellings.INNER), true, "intermediate.dense", "output.dense");
        var stack = new Stack(
                "bert.encoder",
                "layer",
                input,
                Block.postNorm(norm, attention, dense).times(shape.layers()),
                null);
        return new Architecture(name, null, stack, heads(fields, hidden, norm), null);
    }

    private static List<Head> heads(Fields fields, long hidden, Norm norm) {
        var masked = new Head(
                "cls.predictions",
                hidden,
                hidden,
                norm,
                fields.size(Spellings.VOCABULARY),
                true,
                fields.flag("tie_word_embeddings"),
                true);
        var pooler = new Head("bert.pooler", hidden, hidden, null, 0, false, false, false);
        String built = Heads.builtClass(fields);
        return switch (built) {
            case "", "BertForMaskedLM" -> List.of(masked);
            case "BertModel" -> List.of(pooler);
            case "BertForPreTraining" -> List.of(masked, pooled(hidden, 2));
            case "BertForSequenceClassification" -> List.of(pooled(hidden, Heads.labels(fields)));
            default -> {
                fields.notes()
                        .warn(
                                Code.PART_OF_MODEL,
                                "architectures[0] is " + Shown.shortened(built, 60)
                                        + ": counted with the head of BertForMaskedLM");
                yield List.of(masked);
            }
        };
    }

    private static Head pooled(long hidden, long classes) {
        return new Head("classifier", hidden, hidden, null, classes, true, false, false);
    }
}
