package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;

/**
 * Reads models that a search over architectures made of Llama (Llama-Nemotron, DeciLM; arXiv 2411.19146): each block states
 * its own attention and feed-forward, one matrix in their place, or nothing.
 */
final class NasReader implements FamilyReader {

    /** Widths are rounded up to a multiple of this. */
    private static final long MULTIPLE = 256;

    private static final double LARGEST_FACTOR = 1000;

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        JsonNode configs = fields.raw("block_configs");
        if (configs == null || !configs.isArray()) {
            throw fields.missing("block_configs", "an array that describes each block");
        }
        if (configs.size() != layers) {
            throw fields.wrong(
                    "block_configs",
                    ShownValue.of(configs),
                    "one entry for each of num_hidden_layers (" + layers + ")");
        }
        Map<JsonNode, Block> known = new HashMap<>();
        List<Block> blocks = new ArrayList<>();
        for (JsonNode config : configs) {
            blocks.add(known.computeIfAbsent(config, key -> block(fields, hidden, key)));
        }
        var stack = LayerStack.of(Input.Tokens.of(fields.size(Spellings.VOCABULARY), hidden), blocks, Norm.rms(hidden));
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    private static Block block(Fields fields, long hidden, JsonNode config) {
        Norm norm = Norm.rms(hidden);
        List<SubLayer> subLayers = new ArrayList<>();
        JsonNode attention = config.path("attention");
        JsonNode feedForward = config.path("ffn");
        if (!attention.path("no_op").asBoolean()) {
            Mixer mixer = attention.path("replace_with_linear").asBoolean()
                    ? Mixer.attention(hidden, matrix("self_attn.linear_attn", hidden))
                    : attention(fields, hidden, attention);
            subLayers.add(new SubLayer(norm, mixer, null));
        }
        if (!feedForward.path("no_op").asBoolean()) {
            Mixer mixer = feedForward.path("replace_with_linear").asBoolean()
                    ? Mixer.feedForward(hidden, matrix("mlp.linear_mlp", hidden))
                    : DenseFeedForward.gated(hidden, inner(fields, hidden, feedForward));
            subLayers.add(new SubLayer(norm, mixer, null));
        }
        if (subLayers.isEmpty()) {
            // A block that does nothing still is a layer.
            var nothing = Fragment.builder();
            subLayers.add(new SubLayer(null, Mixer.feedForward(hidden, nothing.build(Fragment.INPUT)), null));
        }
        return new Block(subLayers, false);
    }

    private static Fragment matrix(String name, long hidden) {
        var builder = Fragment.builder();
        return builder.build(builder.linear(name, hidden, hidden, false, Fragment.INPUT));
    }

    private static DotProductAttention attention(Fields fields, long hidden, JsonNode stated) {
        long heads = fields.size(Spellings.HEADS);
        long group = stated.path("n_heads_in_group").asLong();
        if (group < 1 || heads % group != 0) {
            throw fields.wrong(
                    "block_configs",
                    "n_heads_in_group " + group,
                    "a divisor of num_attention_heads (" + heads + ") in each block with attention");
        }
        return DotProductAttention.builder(hidden, heads)
                .keyValueHeads(heads / group)
                .build();
    }

    /** Two thirds of a multiple of the hidden size, rounded up. */
    private static long inner(Fields fields, long hidden, JsonNode stated) {
        double factor = stated.path("ffn_mult").asDouble();
        if (!(factor > 0 && factor <= LARGEST_FACTOR)) {
            throw fields.wrong(
                    "block_configs", "ffn_mult " + factor, "above 0 in each block with a feed-forward layer");
        }
        long width = (long) (2 * factor * hidden / 3);
        return (width + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
    }
}
