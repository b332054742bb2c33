package org.flopledger.review;

import java.time.Instant;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Something a person should look at: one rule, one kind, fired when the facts changed.
 *
 * <p>A ledger tells its listeners; {@link ReviewProfile#findings} finds them between two states. Immutable.
 *
 * @param rule the rule's id
 * @param kind what happened
 * @param verdict what the rule says now
 * @param flop the compute counted on the rule's basis, for PROJECTED_TO_CROSS with the plan carried out; null if the rule
 *     counts none or it is unknown
 * @param step the last optimizer step included; null if unknown
 * @param at when that step ended; null if unknown
 * @param summary one sentence for a person: what, against which line, and the citation
 */
public record Finding(
        String rule,
        Kind kind,
        Verdict verdict,
        @Nullable FlopCount flop,
        @Nullable Long step,
        @Nullable Instant at,
        String summary) {

    /** What happened, or what stands out, in the eyes of one rule. */
    public enum Kind {
        /** Compute so far and compute still planned will together pass the threshold. */
        PROJECTED_TO_CROSS,
        /** The interval around the figure now reaches the threshold. */
        ENTERED_MARGIN,
        /** The least the figure can be passed the threshold. */
        CROSSED,
        /** The threshold had been passed before anybody asked: a profile, the run or its model came later. */
        FOUND_ABOVE,
        /** A modification passed its share of the original model's compute. */
        RATIO_CROSSED,
        /** The model has mixture-of-experts layers, which this rule flags. */
        MIXTURE_OF_EXPERTS,
        /** A parameter-efficient method was trained on a base that is itself under review. */
        PEFT_ON_REVIEWED_BASE,
        /** Two methods of arriving at the same figure are further apart than the rule's tolerance. */
        METHODS_DISAGREE,
        /** A step was recorded with figures that cannot have been; it counts without any. */
        IMPLAUSIBLE,
        /** Two observations of one step differ and nothing tells which came first: the run has no total. */
        CONTRADICTED,
        /** The compute of the original or of an ancestor is unknown, and the rule depends on it. */
        BASIS_UNKNOWN,
        /** The inference set-up meets the rule's description. */
        INFERENCE_SETUP,
        /** Figures of a device or a cluster meet the rule's description. */
        HARDWARE_LISTED,
        /** A condition without a compute figure of its own is met. */
        CONDITION_MET
    }
}
