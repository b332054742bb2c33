package org.flopledger.review;

import java.util.List;

/**
 * A question is answered in the way the rule asks.
 *
 * @param fact the question
 * @param expected the answer it asks for
 */
record AnswerCondition(FactName fact, boolean expected) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        Boolean answer = subject.facts().answer(fact);
        if (answer != null) {
            return answer == expected ? Outcome.met() : Outcome.failed(Outcome.State.NO, words());
        }
        Boolean usual = fact.unstated();
        if (usual == null) {
            return Outcome.open(fact.description());
        }
        return new Outcome(
                usual == expected ? Outcome.State.MET : Outcome.State.NO,
                List.of(),
                List.of(fact.description() + ": not stated, taken as " + (usual ? "yes" : "no")),
                usual == expected ? List.of() : List.of(words()),
                null,
                false);
    }

    @Override
    public String words() {
        return fact.description() + ": " + (expected ? "yes" : "no");
    }

    @Override
    public List<FactName> factsAsked() {
        return List.of(fact);
    }
}
