package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Reach;

/**
 * Reads the tower of Qwen3-VL and Qwen3.5: patches of any number, and mergers that make one token of several patches, one at
 * the end and one for each layer whose output is handed on.
 *
 * <p>An image has as many patches here as the table has positions; smaller and larger ones interpolate it.
 */
final class QwenVisionReader implements FamilyReader {

    private static final long LARGEST_SIDE = 1 << 10;

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size("hidden_size");
        long heads = fields.size("num_heads");
        if (hidden % heads != 0) {
            throw fields.wrong("num_heads", Long.toString(heads), "a divisor of hidden_size (" + hidden + ")");
        }
        long patches = fields.size("num_position_embeddings");
        long patch = fields.sizeUpTo(LARGEST_SIDE, "patch_size");
        long kernel = patch * patch * fields.sizeUpTo(LARGEST_SIDE, "temporal_patch_size");
        var input = new Input.Raw(
                List.of(new Convolution(fields.size("in_channels"), hidden, kernel, patches, true)),
                patches,
                0,
                patches,
                null);
        var attention = DotProductAttention.builder(hidden, heads)
                .reach(Reach.BIDIRECTIONAL)
                .queryKeyValueBias(true)
                .outputBias(true)
                .names(DotProductAttention.Names.fused("attn.qkv", "attn.proj"))
                .build();
        var dense = DenseFeedForward.plain(
                hidden, fields.size("intermediate_size"), true, "mlp.linear_fc1", "mlp.linear_fc2");
        List<Block> blocks = Block.preNorm(Norm.layer(hidden), attention, dense)
                .times(fields.sizeUpTo(Spellings.MOST_LAYERS, "depth"));
        return new Architecture(
                name,
                null,
                new LayerStack("visual", "blocks", input, blocks, mergers(fields, hidden, patches), null),
                List.of(),
                null);
    }

    private static Fragment mergers(Fields fields, long hidden, long patches) {
        long side = fields.sizeUpTo(LARGEST_SIDE, "spatial_merge_size");
        long width = Math.multiplyExact(hidden, side * side);
        long tokens = Math.max(1, patches / (side * side));
        List<Long> handedOn = fields.integers("deepstack_visual_indexes", Spellings.MOST_LAYERS);
        var builder = Fragment.builder();
        int merged = merger(builder, "merger", fields, Norm.layer(hidden), width, tokens);
        for (int i = 0; handedOn != null && i < handedOn.size(); i++) {
            int other = merger(builder, "deepstack_merger_list." + i, fields, Norm.layer(width), width, tokens);
            merged = builder.join(merged, other);
        }
        return builder.build(merged);
    }

    private static int merger(
            Fragment.Builder builder, String name, Fields fields, Norm norm, long width, long tokens) {
        int normed = builder.addIn(
                Domain.SEQUENCE, name + ".norm", null, new Elementwise(norm.parameters(), true), Fragment.INPUT);
        int inner = builder.addIn(
                Domain.SEQUENCE, name + ".linear_fc1", null, new Convolution(width, width, 1, tokens, true), normed);
        var out = new Convolution(width, fields.size("out_hidden_size"), 1, tokens, true);
        return builder.addIn(Domain.SEQUENCE, name + ".linear_fc2", null, out, inner);
    }
}
