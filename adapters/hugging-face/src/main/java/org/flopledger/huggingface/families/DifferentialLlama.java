package org.flopledger.huggingface.families;

import java.util.Map;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Reach;

/**
 * Differential attention (arXiv 2410.05258) as DiffLlama has it: two maps of scores are subtracted, and each head reads values
 * twice as long as its keys.
 */
final class DifferentialLlama {

    private DifferentialLlama() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put(
                "diffllama",
                DecoderReader.of(
                        fields -> {
                            Mixer attention = attention(fields);
                            return layer -> attention;
                        },
                        DenseReader.llama()));
    }

    private static Mixer attention(Fields fields) {
        Shape shape = Shape.of(fields, Shape.HeadWidth.STATED);
        boolean bias = fields.flag("attention_bias");
        long width = shape.headWidth();
        long queries = shape.heads() * width;
        long keys = shape.keyValueHeads() * width;
        var builder = Fragment.builder();
        int query = builder.linear("self_attn.q_proj", shape.hidden(), queries, bias, Fragment.INPUT);
        int key = builder.linear("self_attn.k_proj", shape.hidden(), keys, bias, Fragment.INPUT);
        int value = builder.linear("self_attn.v_proj", shape.hidden(), keys, bias, Fragment.INPUT);
        // transformers attends twice, to each half of the values, and so scores twice.
        var core = new Core(shape.heads(), shape.keyValueHeads(), 2 * width, 2 * width, Reach.CAUSAL);
        int read = builder.add("self_attn", core, query, key, value);
        // Four vectors of a head's length whose products weigh the second map.
        int weighed = builder.values("self_attn.lambda", 4 * width, read);
        return Mixer.attention(
                shape.hidden(),
                builder.build(builder.linear("self_attn.o_proj", queries, shape.hidden(), bias, weighed)));
    }
}
