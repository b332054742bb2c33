package org.flopledger.review;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * The compute of a modification passes a share of the original model's training compute.
 *
 * <p>Whole numbers only: one third is asked as 3 x modification &gt; original. The basis follows the original's class.
 *
 * @param share the share, such as 1/3
 * @param systemic the compute above which an original counts as systemic-risk where nobody says what it is
 * @param wide the basis for the modification of a systemic-risk model
 * @param narrow the basis otherwise
 * @param scope whether falling short puts the case outside the rule instead of below its line
 */
record RatioCondition(
        ThresholdLine share, ThresholdLine systemic, CountingBasis wide, CountingBasis narrow, boolean scope)
        implements Condition {

    private static final String ORIGINAL_NEEDED = "the training compute of the original model";

    @Override
    public Outcome test(ConditionContext subject) {
        Outcome outcome = compare(subject);
        return scope ? outcome.asScope("whether " + words()) : outcome;
    }

    private Outcome compare(ConditionContext subject) {
        Facts facts = subject.facts();
        Facts.Original original = facts.original();
        if (original == null) {
            return Outcome.failed(Outcome.State.NO, "it is a modification of an original model");
        }
        FlopBounds whole = original.compute();
        CountedCompute part =
                basis(facts, whole).count(facts.lines(), facts.ownModificationAncestors(), subject.choice());
        if (whole == null) {
            Outcome.Measured measured = new Outcome.Measured(part, share, null);
            return Outcome.compared(Outcome.State.UNDETERMINED, List.of(ORIGINAL_NEEDED), measured, true);
        }
        BigInteger line = share.wholeShareOf(whole.best().toBigInteger());
        return Outcome.compared(
                state(part, asCount(whole), subject),
                ComputeCondition.needed(part, facts),
                new Outcome.Measured(part, share, line),
                part.basisUnknown());
    }

    private Outcome.State state(CountedCompute part, CountedCompute whole, ConditionContext subject) {
        Facts.Exactness exactness = subject.facts().exactness();
        BigDecimal tolerance = subject.tolerance();
        // A measured modification is warned of by its own tolerance; the declared original is taken within its bounds.
        BigDecimal ofWhole = exactness == Facts.Exactness.ESTIMATE ? tolerance : BigDecimal.ZERO;
        if (share.isPassedByShare(part.low(exactness, tolerance), whole.high(exactness, ofWhole))) {
            return Outcome.State.ABOVE;
        }
        if (!part.complete()) {
            return Outcome.State.UNDETERMINED;
        }
        return share.isPassedByShare(part.high(exactness, tolerance), whole.low(exactness, ofWhole))
                ? Outcome.State.IN_MARGIN
                : Outcome.State.BELOW;
    }

    private static CountedCompute asCount(FlopBounds figure) {
        return new CountedCompute("", figure, figure, figure, true, false, List.of());
    }

    CountingBasis basis(Facts facts, @Nullable FlopBounds original) {
        Boolean stated = facts.answer(FactName.ORIGINAL_SYSTEMIC_RISK);
        boolean systemicRisk = stated != null
                ? stated
                : original != null
                        && systemic.isPassedBy(new BigDecimal(original.best().toBigInteger()));
        return systemicRisk ? wide : narrow;
    }

    @Override
    public String words() {
        return "the compute of the modification is " + share.words() + share
                + " of the original model's training compute (basis '" + wide.id() + "' if the original is a"
                + " systemic-risk model, else '" + narrow.id() + "')";
    }

    @Override
    public boolean concernsOriginal() {
        return !scope;
    }

    @Override
    public List<ReviewRule.Threshold> thresholds(ReviewRule rule, Facts facts) {
        Facts.Original original = facts.original();
        FlopBounds whole = original == null ? null : original.compute();
        if (scope || whole == null) {
            return List.of();
        }
        BigInteger line = share.wholeShareOf(whole.best().toBigInteger());
        CountingBasis basis = basis(facts, whole);
        return List.of(new ReviewRule.Threshold(
                rule, line, share.inclusive(), basis, basis.ancestors(facts.ownModificationAncestors())));
    }
}
