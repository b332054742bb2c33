package org.flopledger.review;

/** What happened, or what stands out, in the eyes of one rule. */
public enum FindingKind {
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
