package org.flopledger.review;

import java.util.List;

/**
 * A named set of rules to read facts by. Immutable and thread-safe.
 *
 * <p>Taken from {@link ReviewProfiles} by name or from a file, and given to a ledger to watch.
 *
 * @param id the profile's name, such as {@code eu-gpai}
 * @param title one line for a reader
 * @param rules the rules in the order in which they are reported, each once, at least one
 */
public record ReviewProfile(String id, String title, List<ReviewRule> rules) {

    /** What to do with items that a rule lets out or is silent on. Items it names as counting always count. */
    public enum Choice {
        /** As the rule file says, which is the cautious reading unless it says otherwise. */
        AS_RULE,
        /** Leave all of them out. */
        LEAVE_OUT,
        /** Count all of them. */
        COUNT
    }

    /** Checks that there is a rule and none twice. */
    public ReviewProfile {
        rules = List.copyOf(rules);
        long distinct = rules.stream().map(ReviewRule::id).distinct().count();
        if (rules.isEmpty() || distinct != rules.size()) {
            throw new IllegalArgumentException("profile '" + id + "' has " + rules.size() + " rules of " + distinct
                    + " names, must have at least one and none twice");
        }
    }

    /** Returns what each rule says of the facts, in the profile's order, counting as the rules say. */
    public List<Assessment> assess(Facts facts) {
        return assess(facts, Choice.AS_RULE);
    }

    /** Returns what each rule says of the facts, with a choice for items that may be left out. */
    public List<Assessment> assess(Facts facts, Choice choice) {
        return Evaluation.assess(this, facts, choice);
    }

    /**
     * Returns what became noteworthy between two states of the same run, in the profile's order.
     *
     * <p>A line that is passed is a finding at once, with the verdict UNDETERMINED while other facts that the rule asks for are
     * open. Rules that were revoked, vetoed or superseded find nothing, except as of a day inside their dates.
     *
     * <p>A finding is returned for the change, so feeding states one after another returns each finding once.
     *
     * @param before the facts before; {@link Facts#none()} before the first step
     * @param after the facts after; the same model, with more compute or more knowledge
     */
    public List<Finding> findings(Facts before, Facts after) {
        return Evaluation.findings(this, before, after);
    }

    /** Returns every line of compute that the rules draw, see {@link ReviewRule#thresholds}. */
    public List<ReviewRule.Threshold> thresholds(Facts facts) {
        return rules.stream().flatMap(rule -> rule.thresholds(facts).stream()).toList();
    }
}
