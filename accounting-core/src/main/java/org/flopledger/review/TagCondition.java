package org.flopledger.review;

import java.util.List;
import java.util.Set;

/**
 * A fact is, or is not, one of a list of words.
 *
 * @param fact the fact
 * @param list the words
 * @param excluded true to ask that none of the words is stated
 */
record TagCondition(FactName fact, List<String> list, boolean excluded) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        Set<String> stated = subject.facts().tags(fact);
        if (stated == null) {
            return Outcome.open(words());
        }
        boolean listed = list.stream().anyMatch(stated::contains);
        return listed == excluded ? Outcome.failed(Outcome.State.NO, words()) : Outcome.met();
    }

    @Override
    public String words() {
        return fact.description() + ", is " + (excluded ? "none of " : list.size() == 1 ? "" : "one of ")
                + String.join(", ", list);
    }

    @Override
    public List<FactName> factsAsked() {
        return List.of(fact);
    }

    @Override
    public List<String> wordsAsked(FactName asked) {
        return asked == fact ? list : List.of();
    }
}
