package org.flopledger.review;

import java.math.BigDecimal;
import java.util.List;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * A fact about the model that was modified: that its compute is unknown, or that it passes a line.
 *
 * @param level the line its compute must pass; null to ask that its compute is unknown
 * @param answerFirst a question whose stated answer decides before the compute does; null for none
 */
record OriginalCondition(
        @Nullable ThresholdLine level, @Nullable FactName answerFirst) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        Facts.Original original = subject.facts().original();
        if (original == null) {
            return Outcome.failed(Outcome.State.NO, "it is a modification of an original model");
        }
        Boolean answer = answerFirst == null ? null : subject.facts().answer(answerFirst);
        if (answer != null) {
            return answer ? Outcome.met() : Outcome.failed(Outcome.State.NO, words());
        }
        FlopBounds compute = original.compute();
        if (level == null) {
            return compute == null ? Outcome.met() : Outcome.failed(Outcome.State.NO, words());
        }
        if (compute == null) {
            return new Outcome(
                    Outcome.State.OPEN,
                    List.of("the training compute of the original model"),
                    List.of(),
                    List.of(),
                    null,
                    true);
        }
        if (level.isPassedBy(new BigDecimal(compute.low().toBigInteger()))) {
            return Outcome.met();
        }
        return level.isPassedBy(new BigDecimal(compute.high().toBigInteger()))
                ? Outcome.open("a closer figure of the original model's training compute")
                : Outcome.failed(Outcome.State.NO, words());
    }

    @Override
    public String words() {
        return level == null
                ? "the training compute of the original model is neither known nor can be estimated"
                : "the training compute of the original model is " + level.words() + Powers.words(level) + " FLOP"
                        + (answerFirst == null ? "" : ", unless it is stated " + answerFirst.description());
    }

    @Override
    public List<FactName> factsAsked() {
        return answerFirst == null ? List.of() : List.of(answerFirst);
    }

    @Override
    public boolean concernsOriginal() {
        return true;
    }
}
