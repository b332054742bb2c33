package org.flopledger.huggingface.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DenseFeedForward.Names;
import org.flopledger.model.Mixer;
import org.flopledger.model.MixtureOfExperts;
import org.flopledger.model.MixtureOfExperts.Router;

/**
 * Reads a mixture of experts behind a router.
 *
 * @param details what differs from gated experts of the model's feed-forward width, without biases or shared experts
 */
public record ExpertsReader(List<Detail> details) implements MixerReader {

    /** One thing in which a family's experts differ from the plain ones. */
    @FunctionalInterface
    public interface Detail {
        void apply(Draft draft);
    }

    /** Experts while they are read. */
    public static final class Draft {
        private final long hidden;
        private Fields fields;
        private String prefix = "mlp";
        private ToLongFunction<Fields> inner = DenseReader::statedWidth;
        private ToLongFunction<Fields> experts = stated -> stated.size(Spellings.EXPERTS);
        private ToLongFunction<Fields> active = stated -> stated.size(Spellings.TOP_K);
        private ToLongFunction<Fields> sharedWidth = stated -> 0;
        private String sharedName = "shared_expert";
        private boolean sharedGate;
        private boolean gated = true;
        private boolean bias;
        private boolean sharedBias;
        private boolean routerModule;
        private long routerValues;
        private boolean everyExpertRuns;
        private boolean modules;
        private long latent;

        private Draft(Fields fields) {
            this.fields = fields;
            this.hidden = fields.size(Spellings.HIDDEN);
        }

        private MixtureOfExperts mixture() {
            long routed = experts.applyAsLong(fields);
            long chosen = active.applyAsLong(fields);
            if (chosen > routed) {
                throw fields.wrong(
                        Spellings.TOP_K[0],
                        Long.toString(chosen),
                        "at most " + Spellings.EXPERTS[0] + " (" + routed + ")");
            }
            String fused = prefix + ".experts.gate_up_proj";
            var names = new Names(fused, fused, prefix + ".experts.down_proj");
            long width = latent == 0 ? hidden : latent;
            var expert = new DenseFeedForward(width, inner.applyAsLong(fields), gated, bias, bias, names);
            var mixture = MixtureOfExperts.of(routed, chosen, expert).toBuilder()
                    .router(new Router(bias, routerModule, routerValues))
                    .modules(modules);
            if (latent > 0) {
                mixture.behindLatent(hidden);
            }
            long joint = sharedWidth.applyAsLong(fields);
            if (joint > 0) {
                mixture.shared(shared(joint), sharedGate);
            }
            return everyExpertRuns ? mixture.executed(routed).build() : mixture.build();
        }

        private DenseFeedForward shared(long joint) {
            String module = prefix + "." + sharedName;
            var names = new Names(module + ".gate_proj", module + ".up_proj", module + ".down_proj");
            return new DenseFeedForward(hidden, joint, gated, sharedBias, sharedBias, names);
        }
    }

    /** Experts whose width is the model's feed-forward width (Mixtral). */
    public static ExpertsReader ofModelWidth(Detail... details) {
        return new ExpertsReader(List.of(details));
    }

    /** Experts with a width of their own (Qwen, DeepSeek). */
    public static ExpertsReader ofOwnWidth(Detail... details) {
        return ofModelWidth(details).with(width(Spellings.EXPERT_INNER));
    }

    /** Returns this reader with further details, applied first. */
    public ExpertsReader with(Detail... more) {
        var all = new ArrayList<>(List.of(more));
        all.addAll(details);
        return new ExpertsReader(all);
    }

    /** The width of an expert is stated under one of these names. */
    public static Detail width(String... spellings) {
        return draft -> draft.inner = fields -> fields.size(spellings);
    }

    /** The number of experts is stated under one of these names. */
    public static Detail experts(String... spellings) {
        return draft -> draft.experts = fields -> fields.size(spellings);
    }

    /** The number of chosen experts is stated under one of these names. */
    public static Detail active(String... spellings) {
        return draft -> draft.active = fields -> fields.size(spellings);
    }

    /** Experts are described in an object of their own (DBRX). */
    public static Detail describedIn(String object) {
        return draft -> draft.fields = draft.fields.objectOrDefaults(object);
    }

    /** Router and experts stand in another module than {@code mlp}. */
    public static Detail under(String prefix) {
        return draft -> draft.prefix = prefix;
    }

    /** Experts and router have biases. */
    public static Detail bias(Toggle present) {
        return draft -> draft.bias = present.in(draft.fields);
    }

    /** An expert has two matrices. */
    public static Detail ungated() {
        return draft -> draft.gated = false;
    }

    /** The router is a linear module that peft finds by name. */
    public static Detail routerModule() {
        return draft -> draft.routerModule = true;
    }

    /** The router has so many learned values for each expert besides its matrix, whether trained or not. */
    public static Detail routerValues(long perExpert) {
        return draft -> draft.routerValues += perExpert * draft.experts.applyAsLong(draft.fields);
    }

    /** The router has a learned value for each channel of the stream besides its matrix. */
    public static Detail channelValues() {
        return draft -> draft.routerValues += draft.hidden;
    }

    /** Each expert's matrices are linear modules that peft finds by name. */
    public static Detail modules() {
        return draft -> draft.modules = true;
    }

    /** The reference implementation multiplies every token with every expert. */
    public static Detail everyExpertRuns() {
        return draft -> draft.everyExpertRuns = true;
    }

    /** Tokens are projected to a shorter width before the experts, where the field states one. */
    public static Detail latent(String field) {
        return draft -> draft.latent = draft.fields.optionalSize(field).orElse(0);
    }

    /** One shared expert of a stated width, weighed by a gate (Qwen2-MoE); none where the width is 0. */
    public static Detail gatedShared(String field) {
        return draft -> {
            draft.sharedWidth = fields -> fields.sizeOrZero(field);
            draft.sharedGate = true;
        };
    }

    /** One shared expert of a stated width; none where the width is 0. */
    public static Detail shared(String name, String... spellings) {
        return draft -> {
            draft.sharedWidth = fields -> fields.sizeOrZero(spellings);
            draft.sharedName = name;
        };
    }

    /** So many shared experts as stated, each as wide as a routed one (DeepSeek, GLM); DeepSeek writes null for none. */
    public static Detail countedShared(String... spellings) {
        return draft -> {
            draft.sharedWidth = fields -> {
                boolean none = fields.isStatedNull(spellings[0]);
                return none ? 0 : fields.sizeOrZero(spellings) * draft.inner.applyAsLong(fields);
            };
            draft.sharedName = "shared_experts";
        };
    }

    /** The usual spellings of {@link #countedShared(String...)}. */
    public static Detail countedShared() {
        return countedShared("n_shared_experts", "num_shared_experts");
    }

    /** One shared expert as wide as a routed one (Llama 4). */
    public static Detail oneShared() {
        return draft -> draft.sharedWidth = fields -> draft.inner.applyAsLong(fields);
    }

    /** The shared expert has biases. */
    public static Detail sharedBias(Toggle present) {
        return draft -> draft.sharedBias = present.in(draft.fields);
    }

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        var draft = new Draft(fields);
        details.forEach(detail -> detail.apply(draft));
        MixtureOfExperts mixture = draft.mixture();
        return layer -> mixture;
    }
}
