package org.flopledger.huggingface.families;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.DepthwiseConvolution;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.StateProduct;

/** Reads Kimi Delta Attention (arXiv 2510.26692): a gated delta rule with a decay for each channel. */
final class KimiDeltaReader implements MixerReader {

    /** Which layers are linear: listed, or by their numbers from 1, or all but every fifth after the first. */
    static final LayerTypes TYPES = (fields, layers) -> {
        Fields stated = fields.object("linear_attn_config");
        List<Long> full = stated == null ? null : stated.integers("full_attn_layers", Spellings.MOST_LAYERS);
        List<String> types = new ArrayList<>(Collections.nCopies((int) layers, LayerTypes.LINEAR));
        for (int layer = 0; layer < layers; layer++) {
            boolean softmax = full == null ? layer > 0 && layer % 4 == 0 : full.contains(layer + 1L);
            types.set(layer, softmax ? LayerTypes.FULL : LayerTypes.LINEAR);
        }
        return types;
    };

    private static final long CHUNK = 64;

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        Fields nested = fields.object("linear_attn_config");
        long heads =
                nested == null ? fields.size("linear_num_heads", "linear_num_key_heads") : nested.size("num_heads");
        long width = nested == null ? fields.size("linear_head_dim", "linear_key_head_dim") : nested.size("head_dim");
        long kernel = nested == null ? fields.size("linear_conv_kernel_dim") : nested.size("short_conv_kernel_size");
        var mixer = Mixer.attention(
                fields.size(Spellings.HIDDEN),
                fragment(
                        fields.size(Spellings.HIDDEN),
                        heads,
                        width,
                        kernel,
                        fields.states("use_full_rank_output_gate") && fields.flag("use_full_rank_output_gate")));
        fields.settle("forget_gate_lower_bound");
        return layer -> mixer;
    }

    private static Fragment fragment(long hidden, long heads, long width, long kernel, boolean fullGate) {
        long all = heads * width;
        var builder = Fragment.builder();
        int[] read = new int[3];
        String[] names = {"q", "k", "v"};
        for (int i = 0; i < read.length; i++) {
            int projected = builder.linear("self_attn." + names[i] + "_proj", hidden, all, false, Fragment.INPUT);
            read[i] = builder.add(
                    "self_attn." + names[i] + "_conv1d", new DepthwiseConvolution(all, kernel, false), projected);
        }
        int decay = builder.linear("self_attn.f_a_proj", hidden, width, false, Fragment.INPUT);
        decay = builder.linear("self_attn.f_b_proj", width, all, false, decay);
        // One A a head, one time step bias a channel.
        decay = builder.add("self_attn.A_log", new Elementwise(heads + all, false), decay);
        int rate = builder.linear("self_attn.b_proj", hidden, heads, false, Fragment.INPUT);
        int gate = fullGate
                ? builder.linear("self_attn.g_proj", hidden, all, false, Fragment.INPUT)
                : builder.linear(
                        "self_attn.g_b_proj",
                        width,
                        all,
                        false,
                        builder.linear("self_attn.g_a_proj", hidden, width, false, Fragment.INPUT));
        int state = builder.add("self_attn", state(heads, width), builder.join(read), builder.join(decay, rate));
        int normed = builder.norm("self_attn.o_norm", Norm.rms(width), builder.join(state, gate));
        return builder.build(builder.linear("self_attn.o_proj", all, hidden, false, normed));
    }

    /** As a gated delta rule: predict, update and read, or in chunks of full squares. */
    private static StateProduct state(long heads, long width) {
        long outer = heads * width * width;
        long chunked = 4 * outer + heads * CHUNK * (5 * width + CHUNK);
        return new StateProduct(4 * outer, 3 * outer, chunked, CHUNK - 1);
    }
}
