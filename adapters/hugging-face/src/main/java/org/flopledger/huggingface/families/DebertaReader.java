package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Fragment;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Operation.Role;
import org.flopledger.model.Operation.StateProduct;
import org.flopledger.model.Operation.Table;

/** Reads DeBERTa-v2 and -v3: attention that scores contents and relative positions apart. */
final class DebertaReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        if (fields.states("conv_kernel_size")) {
            throw fields.wrong(
                    "conv_kernel_size", "stated", "absent: the convolution of DeBERTa-v2-xlarge is not described");
        }
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        var attention = Mixer.attention(hidden, attention(fields, shape));
        var block = Block.postNorm(Norm.layer(hidden), attention, BertLike.feedForward(fields, hidden));
        var stack =
                new LayerStack("deberta.encoder", "layer", input(fields, hidden), block.times(shape.layers()), null);
        Head masked = BertLike.maskedWithTwoBiases(fields, "cls.predictions", hidden, hidden);
        return new Architecture(name, null, stack, BertLike.heads(fields, hidden, masked, true), null);
    }

    private static Input input(Fields fields, long hidden) {
        long width = fields.statedSize("embedding_size").orElse(hidden);
        var builder = Fragment.builder();
        int stream = Fragment.INPUT;
        if (fields.flag("position_biased_input")) {
            stream = builder.join(
                    stream,
                    builder.add(
                            "embed_positions",
                            Role.INPUT_EMBEDDING,
                            new Table(fields.size(Spellings.POSITIONS), width)));
        }
        long types = fields.sizeOrZero("type_vocab_size");
        if (types > 0) {
            stream = builder.join(
                    stream, builder.add("token_type_embeddings", Role.INPUT_EMBEDDING, new Table(types, width)));
        }
        stream = width == hidden ? stream : builder.linear("embed_proj", width, hidden, false, stream);
        stream = builder.norm("embed_norm", Norm.layer(hidden), stream);
        if (fields.flag("relative_attention")) {
            int relative = builder.add("rel_embeddings", Role.INPUT_EMBEDDING, new Table(2 * span(fields), hidden));
            String normed = fields.text("norm_rel_ebd");
            if (normed != null && normed.contains("layer_norm")) {
                relative = builder.norm("rel_norm", Norm.layer(hidden), relative);
            }
            stream = builder.join(stream, relative);
        }
        return new Input.Free(new Table(fields.size(Spellings.VOCABULARY), width), hidden, builder.build(stream));
    }

    /** Returns the distances that are told apart to one side. */
    private static long span(Fields fields) {
        if (fields.raw("position_buckets") != null && !fields.isMinusOne("position_buckets")) {
            return fields.size("position_buckets");
        }
        return fields.raw("max_relative_positions") == null || fields.isMinusOne("max_relative_positions")
                ? fields.size(Spellings.POSITIONS)
                : fields.size("max_relative_positions");
    }

    private static Fragment attention(Fields fields, Shape shape) {
        long hidden = shape.hidden();
        var builder = Fragment.builder();
        String module = "attention.self.";
        int query = builder.linear(module + "query_proj", hidden, hidden, true, Fragment.INPUT);
        int key = builder.linear(module + "key_proj", hidden, hidden, true, Fragment.INPUT);
        int value = builder.linear(module + "value_proj", hidden, hidden, true, Fragment.INPUT);
        int scored = query;
        if (fields.flag("relative_attention")) {
            List<String> kinds = fields.texts("pos_att_type");
            for (String kind : kinds == null ? List.<String>of() : kinds) {
                scored = relative(builder, fields, hidden, kind.equals("c2p") ? query : key, scored);
            }
        }
        var core = new Core(shape.heads(), shape.heads(), shape.headWidth(), shape.headWidth(), Reach.BIDIRECTIONAL);
        int read = builder.add("attention.self", core, builder.join(query, scored), key, value);
        return builder.build(builder.linear("attention.output.dense", hidden, hidden, true, read));
    }

    /** Every relative position is projected once a sequence, by the matrix of contents or one of its own, and scored. */
    private static int relative(Fragment.Builder builder, Fields fields, long hidden, int content, int scored) {
        long positions = 2 * span(fields);
        var projection = new Convolution(hidden, hidden, 1, positions, true);
        boolean own = !fields.flag("share_att_key");
        int projected = own
                ? builder.addIn(Domain.SEQUENCE, "attention.self.pos_proj", null, projection)
                : builder.addRepeated(Domain.SEQUENCE, "attention.self.pos_proj", projection);
        int scores = builder.add("attention.self.pos", StateProduct.exactly(positions * hidden), content, projected);
        return builder.join(scored, scores);
    }
}
