package org.flopledger.review;

import java.util.List;
import org.flopledger.lineage.Ancestor;
import org.jspecify.annotations.Nullable;

/**
 * Training compute passes a line.
 *
 * @param level the line, in FLOP
 * @param modificationOnly whether the compute of an original model by another developer stays out
 * @param ownBasis a counting basis of its own; null for the rule's
 */
record ComputeCondition(
        ThresholdLine level,
        boolean modificationOnly,
        @Nullable CountingBasis ownBasis) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        CountingBasis basis = ownBasis == null ? subject.basis() : ownBasis;
        Facts facts = subject.facts();
        List<Ancestor> ancestors = modificationOnly ? facts.ownModificationAncestors() : facts.ancestors();
        CountedCompute count = basis.count(facts.lines(), ancestors, subject.choice());
        Outcome.Measured measured = new Outcome.Measured(count, level, level.whole());
        return Outcome.compared(state(count, subject), needed(count, facts), measured, count.basisUnknown());
    }

    private Outcome.State state(CountedCompute count, ConditionContext subject) {
        Facts.Exactness exactness = subject.facts().exactness();
        if (level.isPassedBy(count.low(exactness, subject.tolerance()))) {
            return Outcome.State.ABOVE;
        }
        if (!count.complete()) {
            return Outcome.State.UNDETERMINED;
        }
        return level.isPassedBy(count.high(exactness, subject.tolerance()))
                ? Outcome.State.IN_MARGIN
                : Outcome.State.BELOW;
    }

    /** Returns what is missing from an incomplete count. */
    static List<String> needed(CountedCompute count, Facts facts) {
        if (count.complete()) {
            return List.of();
        }
        if (count.basisUnknown()) {
            return List.of("the training compute of every ancestor model");
        }
        return List.of(facts.lines().isEmpty() ? "the training compute" : "the compute of the steps without a figure");
    }

    @Override
    public String words() {
        return (modificationOnly ? "the compute of the modification" : "training compute") + " is " + level.words()
                + Powers.words(level) + " FLOP"
                + (ownBasis == null ? "" : " counted on the basis '" + ownBasis.id() + "'");
    }

    @Override
    public List<ReviewRule.Threshold> thresholds(ReviewRule rule, Facts facts) {
        CountingBasis basis = ownBasis == null ? rule.definition().question().basis() : ownBasis;
        List<Ancestor> ancestors = modificationOnly ? facts.ownModificationAncestors() : facts.ancestors();
        return List.of(
                new ReviewRule.Threshold(rule, level.whole(), level.inclusive(), basis, basis.ancestors(ancestors)));
    }
}
