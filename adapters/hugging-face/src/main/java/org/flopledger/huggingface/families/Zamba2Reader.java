package org.flopledger.huggingface.families;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Reach;

/**
 * Reads Zamba2: Mamba-2 layers, some of them behind a transformer block whose weights a few of them share in turn; each use has
 * low-rank adapters and an output matrix of its own.
 */
final class Zamba2Reader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        List<String> kinds = kinds(fields);
        long shared = fields.size("num_mem_blocks");
        Norm norm = Norm.rms(hidden);
        Mixer states = StateSpaceReaders.ZAMBA_2.read(fields).apply(0);
        var transformer = new Zamba2Transformer(fields);
        List<Block> blocks = new ArrayList<>();
        long uses = 0;
        for (String kind : kinds) {
            List<SubLayer> subLayers = new ArrayList<>();
            if (kind.equals("hybrid")) {
                Mixer mixer = Mixer.attention(hidden, transformer.fragment(uses >= shared));
                subLayers.add(new SubLayer(null, mixer, null));
                uses++;
            }
            subLayers.add(new SubLayer(norm, states, null));
            blocks.add(new Block(subLayers, false));
        }
        var stack = LayerStack.of(Input.Tokens.of(fields.size(Spellings.VOCABULARY), hidden), blocks, norm);
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    private static List<String> kinds(Fields fields) {
        List<String> kinds = fields.texts("layers_block_type");
        if (kinds == null) {
            throw fields.missing("layers_block_type", "a list of mamba and hybrid");
        }
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        if (kinds.size() != layers) {
            throw fields.wrong(
                    "layers_block_type",
                    "an array of " + kinds.size(),
                    "one entry for each of num_hidden_layers (" + layers + ")");
        }
        return kinds;
    }

    /** The shared block: it reads the stream beside the embedded tokens. */
    private static final class Zamba2Transformer {
        private final Fields fields;
        private final long hidden;
        private final long wide;
        private final long heads;
        private final long keyValueHeads;
        private final long width;
        private final long inner;
        private final boolean bias;

        Zamba2Transformer(Fields fields) {
            this.fields = fields;
            hidden = fields.size(Spellings.HIDDEN);
            wide = 2 * hidden;
            heads = fields.size(Spellings.HEADS);
            keyValueHeads = fields.optionalSize(Spellings.KEY_VALUE_HEADS).orElse(heads);
            width = fields.optionalSize("attention_head_dim").orElse(wide / heads);
            inner = fields.size(Spellings.INNER);
            bias = fields.flag("add_bias_linear");
        }

        Fragment fragment(boolean repeated) {
            var builder = Fragment.builder();
            int both = builder.join(Fragment.INPUT, Fragment.EMBEDDED);
            int output = builder.include(attention(), both, repeated);
            output = builder.join(output, attentionAdapters(builder, both));
            output = builder.include(feedForward(), output, repeated);
            long rank = fields.size("adapter_rank");
            int adapter = builder.linear("feed_forward.adapter.0", hidden, rank, false, output);
            adapter = builder.linear("feed_forward.adapter.1", rank, 2 * inner, false, adapter);
            return builder.build(builder.linear("linear", hidden, hidden, false, builder.join(output, adapter)));
        }

        private Fragment attention() {
            var builder = Fragment.builder();
            int normed = builder.norm("shared_transformer.input_layernorm", Norm.rms(wide), Fragment.INPUT);
            String module = "shared_transformer.self_attn.";
            int query = builder.linear(module + "q_proj", wide, heads * width, false, normed);
            int key = builder.linear(module + "k_proj", wide, keyValueHeads * width, false, normed);
            int value = builder.linear(module + "v_proj", wide, keyValueHeads * width, false, normed);
            var core = new Core(heads, keyValueHeads, width, width, Reach.CAUSAL);
            int read = builder.add("shared_transformer.self_attn", core, query, key, value);
            return builder.build(builder.linear(module + "o_proj", heads * width, hidden, false, read));
        }

        private int attentionAdapters(Fragment.Builder builder, int both) {
            if (!fields.flag("use_shared_attention_adapter")) {
                return both;
            }
            long rank = fields.size("adapter_rank");
            int joined = both;
            for (String name : List.of("q", "k", "v")) {
                int down = builder.linear("linear_" + name + "_adapter.0", wide, rank, false, both);
                joined = builder.join(joined, builder.linear("linear_" + name + "_adapter.1", rank, wide, false, down));
            }
            return joined;
        }

        private Fragment feedForward() {
            var builder = Fragment.builder();
            int normed = builder.norm("shared_transformer.pre_ff_layernorm", Norm.rms(hidden), Fragment.INPUT);
            String module = "shared_transformer.feed_forward.";
            int up = builder.linear(module + "gate_up_proj", hidden, 2 * inner, bias, normed);
            return builder.build(builder.linear(module + "down_proj", inner, hidden, bias, up));
        }
    }
}
