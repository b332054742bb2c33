package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/** What BERT and its relatives share: attention and feed-forward that see both ways, and heads by the built class. */
final class BertLike {

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense");

    private BertLike() {}

    /** Returns the sizes, with heads that divide the width and no groups. */
    static Shape shape(Fields fields) {
        long heads = fields.size(Spellings.HEADS);
        return Shape.of(fields, Shape.HeadWidth.DERIVED, heads, heads);
    }

    static DotProductAttention attention(Shape shape) {
        return attention(shape, NAMES);
    }

    static DotProductAttention attention(Shape shape, DotProductAttention.Names names) {
        return DotProductAttention.builder(shape.hidden(), shape.heads())
                .reach(Reach.BIDIRECTIONAL)
                .queryKeyValueBias(true)
                .outputBias(true)
                .names(names)
                .build();
    }

    static DenseFeedForward feedForward(Fields fields, long hidden) {
        return DenseFeedForward.plain(hidden, fields.size(Spellings.INNER), true, "intermediate.dense", "output.dense");
    }

    static List<Block> postNorm(Fields fields, Shape shape) {
        return Block.postNorm(Norm.layer(shape.hidden()), attention(shape), feedForward(fields, shape.hidden()))
                .times(shape.layers());
    }

    /** The head of masked tokens: a dense layer, a norm, and an output matrix with a bias. */
    static Head masked(Fields fields, String path, long hidden, long width) {
        long vocabulary = fields.size(Spellings.VOCABULARY);
        return new Head(
                path, hidden, width, Norm.layer(width), vocabulary, true, fields.flag("tie_word_embeddings"), true);
    }

    /** As {@link #masked}, where the bias is held twice unless the output matrix is tied: one of the two adds nothing. */
    static Head maskedWithTwoBiases(Fields fields, String path, long hidden, long width) {
        Head head = masked(fields, path, hidden, width);
        return head.tied() ? head : head.withIdleValues(head.outputs());
    }

    /** A dense layer on the first position and a classifier. */
    static Head pooled(long hidden, long classes) {
        return new Head("classifier", hidden, hidden, null, classes, true, false, false);
    }

    /**
     * Returns the heads of the built class.
     *
     * @param masked the head of {@code ...ForMaskedLM}
     * @param pooler whether the class without a head has a dense layer on the first position
     */
    static List<Head> heads(Fields fields, long hidden, Head masked, boolean pooler) {
        String built = Heads.builtClass(fields);
        if (built.isEmpty() || built.endsWith("ForMaskedLM")) {
            return List.of(masked);
        } else if (built.endsWith("ForPreTraining") && pooler) {
            return List.of(masked, pooled(hidden, 2));
        } else if (built.endsWith("ForSequenceClassification")) {
            return List.of(pooled(hidden, Heads.labels(fields)));
        } else if (built.endsWith("Model")) {
            return pooler ? List.of(new Head("pooler", hidden, hidden, null, 0, false, false, false)) : List.of();
        }
        fields.notes()
                .warn(
                        Code.PART_OF_MODEL,
                        "architectures[0] is " + ShownValue.shortened(built, 60)
                                + ": counted with the head of masked-language modelling");
        return List.of(masked);
    }
}
