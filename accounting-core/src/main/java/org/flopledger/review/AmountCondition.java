package org.flopledger.review;

import java.math.BigDecimal;
import java.util.List;

/**
 * A number beside compute is on one side of a line.
 *
 * @param fact the number
 * @param comparison the side
 * @param line the line, in the fact's unit
 */
record AmountCondition(FactName fact, Comparison comparison, BigDecimal line) implements Condition {

    /** The sides of a line. */
    enum Comparison {
        ABOVE("above"),
        AT_LEAST("at least"),
        BELOW("below"),
        AT_MOST("at most");

        private final String words;

        Comparison(String words) {
            this.words = words;
        }
    }

    @Override
    public Outcome test(ConditionContext subject) {
        BigDecimal amount = subject.facts().amount(fact);
        if (amount == null) {
            return Outcome.open(words());
        }
        int order = amount.compareTo(line);
        boolean holds = switch (comparison) {
            case ABOVE -> order > 0;
            case AT_LEAST -> order >= 0;
            case BELOW -> order < 0;
            case AT_MOST -> order <= 0;
        };
        if (holds) {
            return Outcome.met();
        }
        return Outcome.failed(fact.describesActor() ? Outcome.State.NO : Outcome.State.BELOW, words());
    }

    @Override
    public String words() {
        return fact.description() + ", is " + comparison.words + " " + line.toPlainString();
    }

    @Override
    public List<FactName> factsAsked() {
        return List.of(fact);
    }
}
