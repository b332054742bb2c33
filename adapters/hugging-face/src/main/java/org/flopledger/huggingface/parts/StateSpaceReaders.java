package org.flopledger.huggingface.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.GatedDeltaNet;
import org.flopledger.model.LightningAttention;
import org.flopledger.model.Mamba;
import org.flopledger.model.Mamba2;
import org.flopledger.model.Mixer;

/** Readers of the layers that keep a state instead of scoring every earlier position. */
public final class StateSpaceReaders {

    /** Mamba-1 as in {@code mamba}. */
    public static final MixerReader MAMBA =
            mamba("expand", "state_size", "conv_kernel", "time_step_rank", "use_bias", "use_conv_bias", false);

    /** Mamba-1 with normalised time step, B and C as in {@code jamba}. */
    public static final MixerReader JAMBA = mamba(
            "mamba_expand",
            "mamba_d_state",
            "mamba_d_conv",
            "mamba_dt_rank",
            "mamba_proj_bias",
            "mamba_conv_bias",
            true);

    /** Mamba-2 as in {@code mamba2}. */
    public static final MixerReader MAMBA_2 = fields -> {
        long hidden = fields.size(Spellings.HIDDEN);
        long heads = fields.size("num_heads");
        long headWidth = fields.size("head_dim");
        long inner = fields.size("expand") * hidden;
        if (heads * headWidth != inner) {
            throw fields.wrong(
                    "num_heads",
                    Long.toString(heads),
                    "expand x hidden_size / head_dim (" + inner + " / " + headWidth + ")");
        }
        long groups = fields.size("n_groups");
        if (heads % groups != 0) {
            throw fields.wrong("n_groups", Long.toString(groups), "a divisor of num_heads (" + heads + ")");
        }
        return each(new Mamba2(
                hidden,
                heads,
                headWidth,
                fields.size("state_size"),
                groups,
                fields.size("conv_kernel"),
                fields.size("chunk_size"),
                fields.flag("use_bias"),
                fields.flag("use_conv_bias")));
    };

    /** Gated delta rule as in {@code qwen3_next}. */
    public static final MixerReader GATED_DELTA_NET = fields -> {
        long keyHeads = fields.size("linear_num_key_heads");
        long valueHeads = fields.size("linear_num_value_heads");
        if (valueHeads % keyHeads != 0) {
            throw fields.wrong(
                    "linear_num_value_heads",
                    Long.toString(valueHeads),
                    "a multiple of linear_num_key_heads (" + keyHeads + ")");
        }
        return each(new GatedDeltaNet(
                fields.size(Spellings.HIDDEN),
                keyHeads,
                valueHeads,
                fields.size("linear_key_head_dim"),
                fields.size("linear_value_head_dim"),
                fields.size("linear_conv_kernel_dim")));
    };

    /** Linear attention with decay as in {@code minimax}. */
    public static final MixerReader LIGHTNING = fields -> {
        Shape shape = Shape.of(fields, Shape.HeadWidth.STATED);
        return each(
                new LightningAttention(shape.hidden(), shape.heads(), shape.headWidth(), fields.size("block_size")));
    };

    private StateSpaceReaders() {}

    private static IntFunction<Mixer> each(Mixer mixer) {
        return layer -> mixer;
    }

    /** A rank, or "auto" for a sixteenth of the width, rounded up. */
    private static MixerReader mamba(
            String expand,
            String state,
            String kernel,
            String rank,
            String projectionBias,
            String convolutionBias,
            boolean normalised) {
        return fields -> {
            long hidden = fields.size(Spellings.HIDDEN);
            return each(new Mamba(
                    hidden,
                    fields.size(expand) * hidden,
                    fields.size(state),
                    fields.size(kernel),
                    timeStepRank(fields, rank, hidden),
                    fields.flag(projectionBias),
                    fields.flag(convolutionBias),
                    normalised));
        };
    }

    private static long timeStepRank(Fields fields, String name, long hidden) {
        JsonNode value = fields.raw(name);
        boolean automatic =
                value == null || (value.isTextual() && value.textValue().equals("auto"));
        return automatic ? (hidden + 15) / 16 : fields.size(name);
    }
}
