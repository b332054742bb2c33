package org.flopledger.review;

import java.math.BigDecimal;
import java.util.List;
import org.flopledger.units.FlopCount;

/**
 * Two methods of arriving at the same compute are further apart than a share of the smaller figure.
 *
 * @param share the share, such as 0.30
 */
record MethodsCondition(BigDecimal share) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        List<FlopCount> figures =
                subject.facts().figures().values().stream().sorted().toList();
        if (figures.size() < 2) {
            return Outcome.failed(Outcome.State.NO, "at least two methods give a figure");
        }
        BigDecimal least = new BigDecimal(figures.get(0).toBigInteger());
        BigDecimal most = new BigDecimal(figures.get(figures.size() - 1).toBigInteger());
        boolean apart = most.compareTo(least.multiply(BigDecimal.ONE.add(share))) > 0;
        return apart ? Outcome.met() : Outcome.failed(Outcome.State.BELOW, words());
    }

    @Override
    public String words() {
        return "two methods of arriving at the training compute differ by more than "
                + share.movePointRight(2).stripTrailingZeros().toPlainString() + " % of the smaller figure";
    }
}
