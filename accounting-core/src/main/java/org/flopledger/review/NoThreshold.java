package org.flopledger.review;

import java.util.List;

/**
 * The entry sets no line: a counting standard, a report form or a note. What it would count is shown.
 *
 * @param why what the entry is instead
 */
record NoThreshold(String why) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        Facts facts = subject.facts();
        CountedCompute count = subject.basis().count(facts.lines(), facts.ancestors(), subject.choice());
        Outcome.Measured measured = facts.lines().isEmpty() ? null : new Outcome.Measured(count, null, null);
        return new Outcome(Outcome.State.NO, List.of(), List.of(), List.of(words()), measured, false);
    }

    @Override
    public String words() {
        return why;
    }
}
