package org.flopledger.huggingface.parts;

import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.FeedForwardKind.Names;
import org.flopledger.model.Mixer;
import org.flopledger.model.MixtureOfExperts;

/**
 * Reads a mixture of gated experts behind a router.
 *
 * @param prefix module that holds router and experts, such as {@code mlp}
 * @param part the object in which the experts are described, the description itself in most families
 * @param inner how the width of one expert is read
 * @param bias whether experts and router have biases
 * @param shared which experts every token passes
 * @param routerModule whether the router is a linear module that peft finds by name
 * @param everyExpertRuns whether transformers multiplies every token with every expert
 */
public record ExpertsReader(
        String prefix,
        Part part,
        ToLongFunction<Fields> inner,
        Toggle bias,
        Shared shared,
        boolean routerModule,
        boolean everyExpertRuns)
        implements MixerReader {

    /** Where experts are described. */
    @FunctionalInterface
    public interface Part {
        Part WHOLE = fields -> fields;

        Fields of(Fields fields);
    }

    /** The experts that every token passes. */
    public enum Shared {
        NONE,
        /** One, of a width of its own, weighed by a gate (Qwen2-MoE); none where the width is 0. */
        GATED_OF_STATED_WIDTH,
        /** So many as stated, each as wide as a routed one (DeepSeek, GLM). */
        COUNTED,
        /** One as wide as a routed one (Llama 4). */
        ONE
    }

    /** Experts whose width is the model's feed-forward width (Mixtral). */
    public static ExpertsReader ofModelWidth() {
        return new ExpertsReader("mlp", Part.WHOLE, DenseReader::statedWidth, Toggle.OFF, Shared.NONE, false, false);
    }

    /** Experts with a width of their own (Qwen, DeepSeek). */
    public static ExpertsReader ofOwnWidth(Shared shared) {
        return new ExpertsReader(
                "mlp", Part.WHOLE, fields -> fields.size(Spellings.EXPERT_INNER), Toggle.OFF, shared, false, false);
    }

    public ExpertsReader withBias(Toggle newBias) {
        return new ExpertsReader(prefix, part, inner, newBias, shared, routerModule, everyExpertRuns);
    }

    /** Experts behind a router that is a linear module (Phi-3.5-MoE, DBRX, Jamba). */
    public ExpertsReader withRouterModule() {
        return new ExpertsReader(prefix, part, inner, bias, shared, true, everyExpertRuns);
    }

    public ExpertsReader under(String newPrefix) {
        return new ExpertsReader(newPrefix, part, inner, bias, shared, routerModule, everyExpertRuns);
    }

    public ExpertsReader describedIn(Part newPart) {
        return new ExpertsReader(prefix, newPart, inner, bias, shared, routerModule, everyExpertRuns);
    }

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        MixtureOfExperts experts = experts(fields.size(Spellings.HIDDEN), part.of(fields));
        return layer -> experts;
    }

    private MixtureOfExperts experts(long hidden, Fields fields) {
        long width = inner.applyAsLong(fields);
        long experts = fields.size(Spellings.EXPERTS);
        long active = fields.size(Spellings.TOP_K);
        if (active > experts) {
            throw fields.wrong(
                    Spellings.TOP_K[0],
                    Long.toString(active),
                    "at most " + Spellings.EXPERTS[0] + " (" + experts + ")");
        }
        boolean biased = bias.in(fields);
        String fused = prefix + ".experts.gate_up_proj";
        var expert = new DenseFeedForward(
                hidden, width, true, biased, biased, new Names(fused, fused, prefix + ".experts.down_proj"));
        MixtureOfExperts routed =
                withShared(MixtureOfExperts.of(experts, active, expert).withRouterBias(biased), fields, hidden, width);
        MixtureOfExperts reachable = routerModule ? routed.withRouterModule() : routed;
        return everyExpertRuns ? reachable.executedByAll() : reachable;
    }

    private MixtureOfExperts withShared(MixtureOfExperts routed, Fields fields, long hidden, long width) {
        long sharedWidth = switch (shared) {
            case NONE -> 0;
            case GATED_OF_STATED_WIDTH -> fields.sizeOrZero("shared_expert_intermediate_size");
            case COUNTED -> sharedCount(fields) * width;
            case ONE -> width;
        };
        if (sharedWidth == 0) {
            return routed;
        }
        String module = prefix + (shared == Shared.COUNTED ? ".shared_experts" : ".shared_expert");
        var names = new Names(module + ".gate_proj", module + ".up_proj", module + ".down_proj");
        var layer = new DenseFeedForward(hidden, sharedWidth, true, false, false, names);
        return routed.withShared(layer, shared == Shared.GATED_OF_STATED_WIDTH);
    }

    /** DeepSeek writes null where there are none. */
    private static long sharedCount(Fields fields) {
        boolean none = fields.isStatedNull("n_shared_experts");
        return none ? 0 : fields.sizeOrZero("n_shared_experts", "num_shared_experts");
    }
}
