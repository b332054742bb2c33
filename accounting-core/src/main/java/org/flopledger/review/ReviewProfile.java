package org.flopledger.review;

import java.util.List;

/**
 * A named set of rules to read facts by. Immutable and thread-safe.
 *
 * @param id the profile's name, such as {@code eu-gpai}
 * @param title one line for a reader
 * @param rules the rules in the order in which they are reported, each once, at least one
 */
public record ReviewProfile(String id, String title, List<ReviewRule> rules) {

    /** Checks that there is a rule and none twice. */
    public ReviewProfile {
        rules = List.copyOf(rules);
        long distinct = rules.stream().map(ReviewRule::id).distinct().count();
        if (rules.isEmpty() || distinct != rules.size()) {
            throw new IllegalArgumentException("profile '" + id + "' has " + rules.size() + " rules of " + distinct
                    + " names, must have at least one and none twice");
        }
    }

    /** Returns every line of compute that the rules draw, see {@link ReviewRule#thresholds}. */
    public List<ReviewRule.Threshold> thresholds(Facts facts) {
        return rules.stream().flatMap(rule -> rule.thresholds(facts).stream()).toList();
    }
}
