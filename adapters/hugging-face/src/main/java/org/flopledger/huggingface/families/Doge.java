package org.flopledger.huggingface.families;

import java.util.Map;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Reach;

/** Doge: attention whose mask is computed from the values, and learned scales of the residual stream. */
final class Doge {

    private Doge() {}

    static void addTo(Map<String, FamilyReader> readers) {
        MixerReader dense = DenseReader.llama().withBias(Toggle.field("mlp_bias"));
        readers.put(
                "doge",
                DecoderReader.of(
                        fields -> {
                            if (fields.flag("is_moe")) {
                                throw fields.wrong("is_moe", "true", "false: cross-domain experts are not described");
                            }
                            fields.settle(Spellings.EXPERTS);
                            fields.settle(Spellings.TOP_K);
                            long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
                            var kinds = LayerTypes.WINDOW_IF_STATED.stated(fields, layers);
                            return layer -> attention(fields, LayerTypes.reach(fields, kinds.get(layer), layer));
                        },
                        dense));
    }

    private static Mixer attention(Fields fields, Reach reach) {
        Shape shape = Shape.of(fields, Shape.HeadWidth.STATED);
        boolean bias = fields.flag("attention_bias");
        long hidden = shape.hidden();
        long width = shape.headWidth();
        long queries = shape.heads() * width;
        long keys = shape.keyValueHeads() * width;
        var builder = Fragment.builder();
        int query = builder.linear("self_attn.q_proj", hidden, queries, bias, Fragment.INPUT);
        int key = builder.linear("self_attn.k_proj", hidden, keys, bias, Fragment.INPUT);
        int value = builder.linear("self_attn.v_proj", hidden, keys, bias, Fragment.INPUT);
        query = builder.norm("self_attn.q_norm", Norm.rms(width), query);
        key = builder.norm("self_attn.k_norm", Norm.rms(width), key);
        int masked = builder.linear("self_attn.dt_proj", keys, shape.keyValueHeads(), bias, value);
        masked = builder.values("self_attn.A", shape.keyValueHeads(), masked);
        int read = builder.add(
                "self_attn",
                new Core(shape.heads(), shape.keyValueHeads(), width, width, reach),
                query,
                builder.join(key, masked),
                value);
        int output = builder.linear("self_attn.o_proj", queries, hidden, bias, read);
        // Scales of the residual stream around attention and feed-forward.
        return Mixer.attention(hidden, builder.build(builder.values("residual", 2 * hidden, output)));
    }
}
