package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.LatentAttentionReader;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DenseFeedForward.Names;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;

/**
 * Reads LongCat-Flash (arXiv 2509.01322): each layer has two attentions and two dense layers, and experts on a shortcut beside
 * them, some of which only pass their input on.
 */
final class LongcatReader implements FamilyReader {

    private static final LatentAttentionReader ATTENTION =
            new LatentAttentionReader(Toggle.field("attention_bias"), null);

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, "num_layers", "num_hidden_layers");
        Norm norm = Norm.rms(hidden);
        Mixer attention = ATTENTION.read(fields).apply(0);
        var dense = new DenseFeedForward(
                hidden,
                fields.size("ffn_hidden_size", "intermediate_size"),
                true,
                false,
                false,
                new Names("mlps.gate_proj", "mlps.up_proj", "mlps.down_proj"));
        var shortcut = Mixer.sideBySide(
                List.of(new SubLayer(null, dense, null), new SubLayer(null, experts(fields, hidden), null)));
        var block = Block.preNorm(norm, attention, shortcut, attention, dense);
        var stack =
                LayerStack.of(Input.Tokens.of(fields.size(Spellings.VOCABULARY), hidden), block.times(layers), norm);
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    /** The router knows the passing experts, and transformers gives them a first projection that nothing multiplies. */
    private static Mixer experts(Fields fields, long hidden) {
        long real = fields.size("n_routed_experts");
        long passing = fields.isStatedNull("zero_expert_num") ? 0 : fields.sizeOrZero("zero_expert_num");
        long active = fields.sizeUpTo(real, "moe_topk", "num_experts_per_tok");
        long inner = fields.size("expert_ffn_hidden_size", "moe_intermediate_size");
        if (passing > 0) {
            fields.notes()
                    .warn(
                            Code.INSIDE_BAND,
                            passing + " of " + (real + passing) + " experts only pass their input on: active parameters"
                                    + " and FLOP are counted as if a token never met them, which is the most");
        }
        var builder = Fragment.builder();
        int router = builder.add(
                "mlp.router.classifier",
                Role.ROUTER,
                Matrix.linear(hidden, real + passing, fields.states("router_bias") && fields.flag("router_bias")),
                Fragment.INPUT);
        int up = builder.add(
                "mlp.experts.gate_up_proj",
                Role.ROUTED_EXPERT,
                new Matrix(hidden, 2 * inner, false, real + passing, active, active, false, false),
                Fragment.INPUT);
        int down = builder.add(
                "mlp.experts.down_proj",
                Role.ROUTED_EXPERT,
                new Matrix(inner, hidden, false, real, active, active, false, false),
                up);
        return Mixer.feedForward(hidden, builder.build(builder.join(down, router)));
    }
}
