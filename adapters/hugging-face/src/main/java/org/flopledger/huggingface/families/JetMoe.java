package org.flopledger.huggingface.families;

import java.util.Map;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Operation.Role;

/** JetMoE (arXiv 2404.07413): experts in attention too, each a pair of query and output projections. */
final class JetMoe {

    private JetMoe() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put(
                "jetmoe",
                DecoderReader.of(
                        fields -> {
                            Mixer attention = attention(fields);
                            return layer -> attention;
                        },
                        ExpertsReader.ofModelWidth(ExpertsReader.routerModule(), ExpertsReader.channelValues())));
    }

    private static Mixer attention(Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        // Each chosen expert brings as many heads as there are keys.
        fields.settle(Spellings.HEADS);
        long experts = fields.size(Spellings.EXPERTS);
        long active = fields.size(Spellings.TOP_K);
        long heads = fields.size(Spellings.KEY_VALUE_HEADS);
        long width = fields.size("kv_channels");
        long keys = heads * width;
        var builder = Fragment.builder();
        String module = "self_attention.experts.";
        int router = builder.add(
                module + "router.layer", Role.ROUTER, Matrix.linear(hidden, experts, false), Fragment.INPUT);
        int query = builder.add(
                module + "input_linear",
                Role.ROUTED_EXPERT,
                new Matrix(hidden, keys, false, experts, active, active, false, false),
                Fragment.INPUT);
        int remembered = builder.linear("self_attention.kv_proj", hidden, 2 * keys, false, Fragment.INPUT);
        var core = new Core(active * heads, heads, width, width, Reach.CAUSAL);
        int read = builder.add("self_attention", core, query, remembered, remembered);
        int output = builder.add(
                module + "output_linear",
                Role.ROUTED_EXPERT,
                new Matrix(keys, hidden, false, experts, active, active, false, false),
                read);
        int weighed = builder.values(module + "bias", hidden, builder.join(output, router));
        return Mixer.attention(hidden, builder.build(weighed));
    }
}
