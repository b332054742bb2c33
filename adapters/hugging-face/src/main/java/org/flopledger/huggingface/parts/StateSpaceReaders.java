package org.flopledger.huggingface.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Mixer;
import org.flopledger.model.Recurrence;

/** Readers of the layers that keep a state instead of scoring every earlier position. */
public final class StateSpaceReaders {

    /** Recurrence.Mamba-1 as in {@code mamba}. */
    public static final MixerReader MAMBA =
            mamba("expand", "state_size", "conv_kernel", "time_step_rank", "use_bias", "use_conv_bias", false);

    /** Recurrence.Mamba-1 with normalised time step, B and C as in {@code jamba}. */
    public static final MixerReader JAMBA = mamba(
            "mamba_expand",
            "mamba_d_state",
            "mamba_d_conv",
            "mamba_dt_rank",
            "mamba_proj_bias",
            "mamba_conv_bias",
            true);

    /** Recurrence.Mamba-2 as in {@code mamba2}. */
    public static final MixerReader MAMBA_2 = mamba2(new StateSpace(
            "num_heads",
            "head_dim",
            "n_groups",
            "state_size",
            "conv_kernel",
            "chunk_size",
            Toggle.field("use_bias"),
            Toggle.field("use_bias"),
            Toggle.field("use_conv_bias"),
            Toggle.ON));

    /** Recurrence.Mamba-2 as in {@code bamba} and {@code granitemoehybrid}. */
    public static final MixerReader BAMBA =
            prefixed(Toggle.field("mamba_proj_bias"), Toggle.field("mamba_proj_bias"), Toggle.ON);

    /** Recurrence.Mamba-2 as in {@code falcon_h1}. */
    public static final MixerReader FALCON_H1 =
            prefixed(Toggle.field("mamba_proj_bias"), Toggle.field("projectors_bias"), Toggle.field("mamba_rms_norm"));

    /** Recurrence.Mamba-2 as in {@code nemotron_h}. */
    public static final MixerReader NEMOTRON_H = mamba2(new StateSpace(
            "mamba_num_heads",
            "mamba_head_dim",
            "n_groups",
            "ssm_state_size",
            "conv_kernel",
            "chunk_size",
            Toggle.field("use_bias"),
            Toggle.field("use_bias"),
            Toggle.field("use_conv_bias"),
            Toggle.ON));

    /** Recurrence.Mamba-2 as in {@code zamba2}, whose convolution always has a bias. */
    public static final MixerReader ZAMBA_2 = mamba2(new StateSpace(
            "n_mamba_heads",
            "mamba_headdim",
            "mamba_ngroups",
            "mamba_d_state",
            "mamba_d_conv",
            "chunk_size",
            Toggle.field("add_bias_linear"),
            Toggle.field("add_bias_linear"),
            Toggle.ON,
            Toggle.ON));

    /** Gated delta rule as in {@code qwen3_next}. */
    public static final MixerReader GATED_DELTA_NET = deltaNet(false);

    /** Gated delta rule as in {@code qwen3_5_text}, with projections of their own for gates and rates. */
    public static final MixerReader GATED_DELTA_NET_APART = deltaNet(true);

    /** Linear attention with decay as in {@code minimax}. */
    public static final MixerReader LIGHTNING = fields -> {
        Shape shape = Shape.of(fields, Shape.HeadWidth.STATED);
        return each(
                new Recurrence.Lightning(shape.hidden(), shape.heads(), shape.headWidth(), fields.size("block_size")));
    };

    private StateSpaceReaders() {}

    /** The names under which a family states a Recurrence.Mamba-2 layer. */
    private record StateSpace(
            String heads,
            String headWidth,
            String groups,
            String state,
            String kernel,
            String chunk,
            Toggle inputBias,
            Toggle outputBias,
            Toggle convolutionBias,
            Toggle normalised) {}

    private static MixerReader prefixed(Toggle inputBias, Toggle outputBias, Toggle normalised) {
        return mamba2(new StateSpace(
                "mamba_n_heads",
                "mamba_d_head",
                "mamba_n_groups",
                "mamba_d_state",
                "mamba_d_conv",
                "mamba_chunk_size",
                inputBias,
                outputBias,
                Toggle.field("mamba_conv_bias"),
                normalised));
    }

    private static MixerReader mamba2(StateSpace names) {
        return fields -> {
            long heads = fields.size(names.heads());
            long groups = fields.size(names.groups());
            if (heads % groups != 0) {
                throw fields.wrong(
                        names.groups(), Long.toString(groups), "a divisor of " + names.heads() + " (" + heads + ")");
            }
            return each(new Recurrence.Mamba2(
                    fields.size(Spellings.HIDDEN),
                    heads,
                    headWidth(fields, names, heads),
                    fields.size(names.state()),
                    groups,
                    fields.size(names.kernel()),
                    fields.size(names.chunk()),
                    names.inputBias().in(fields),
                    names.outputBias().in(fields),
                    names.convolutionBias().in(fields),
                    names.normalised().in(fields)));
        };
    }

    /** Stated, or "auto" for the inner width over the heads; where the inner width is stated too they must agree. */
    private static long headWidth(Fields fields, StateSpace names, long heads) {
        JsonNode stated = fields.raw(names.headWidth());
        boolean automatic =
                stated != null && stated.isTextual() && stated.textValue().equals("auto");
        long inner = inner(fields, names);
        long width = automatic ? inner / heads : fields.size(names.headWidth());
        if (inner > 0 && width * heads != inner) {
            throw fields.wrong(
                    names.heads(), Long.toString(heads), "inner width / head width (" + inner + " / " + width + ")");
        }
        return width;
    }

    /** Returns the inner width that follows from other fields than heads, or 0 where it follows from the heads alone. */
    private static long inner(Fields fields, StateSpace names) {
        if (names.heads().equals("mamba_num_heads")) {
            return 0;
        }
        if (fields.states("mamba_d_ssm")) {
            return fields.size("mamba_d_ssm");
        }
        return fields.size("expand", "mamba_expand") * fields.size(Spellings.HIDDEN);
    }

    private static MixerReader deltaNet(boolean apart) {
        return fields -> {
            long keyHeads = fields.size("linear_num_key_heads");
            long valueHeads = fields.size("linear_num_value_heads");
            if (valueHeads % keyHeads != 0) {
                throw fields.wrong(
                        "linear_num_value_heads",
                        Long.toString(valueHeads),
                        "a multiple of linear_num_key_heads (" + keyHeads + ")");
            }
            return each(new Recurrence.GatedDelta(
                    fields.size(Spellings.HIDDEN),
                    keyHeads,
                    valueHeads,
                    fields.size("linear_key_head_dim"),
                    fields.size("linear_value_head_dim"),
                    fields.size("linear_conv_kernel_dim"),
                    apart));
        };
    }

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
            // A saved description repeats the inner width, which follows from the factor.
            fields.settle("intermediate_size");
            return each(new Recurrence.Mamba(
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
