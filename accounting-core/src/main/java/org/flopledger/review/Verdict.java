package org.flopledger.review;

/**
 * What a rule says of a set of facts.
 *
 * <p>The one word of an {@link Assessment}.
 */
public enum Verdict {
    /** The threshold is not reached, whichever end of the interval is true. */
    BELOW,
    /** The figure and its margin lie on both sides of the threshold: a person decides, never this library. */
    IN_MARGIN,
    /** The compute condition is met at every point of the interval, and what else the rule asks for is known to hold. */
    ABOVE,
    /** A figure or fact the rule needs is unknown. */
    UNDETERMINED,
    /** A known fact puts the case outside the rule, or the rule is not in effect on the date asked about. */
    NOT_APPLICABLE
}
