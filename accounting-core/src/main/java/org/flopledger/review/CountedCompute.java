package org.flopledger.review;

import java.math.BigDecimal;
import java.util.List;
import org.flopledger.units.FlopBounds;

/**
 * A sum of compute on one basis, with what may be left out shown either way.
 *
 * @param basis the name of the basis; empty for a figure that was not counted
 * @param counted the sum that is compared
 * @param least the sum of what must count
 * @param most the sum of everything
 * @param complete whether every counted item is known in full
 * @param basisUnknown whether an ancestor that counts has an unknown compute
 * @param items each item with its treatment
 */
record CountedCompute(
        String basis,
        FlopBounds counted,
        FlopBounds least,
        FlopBounds most,
        boolean complete,
        boolean basisUnknown,
        List<Assessment.Item> items) {

    /** Returns the least the truth can be, given how the figures were obtained. */
    BigDecimal low(Facts.Exactness exactness, BigDecimal tolerance) {
        BigDecimal low = new BigDecimal(counted.low().toBigInteger());
        return exactness == Facts.Exactness.ESTIMATE
                ? low.min(best().multiply(BigDecimal.ONE.subtract(tolerance)))
                : low;
    }

    /** Returns the most the truth can be; only a bound when the count is complete. */
    BigDecimal high(Facts.Exactness exactness, BigDecimal tolerance) {
        BigDecimal high = new BigDecimal(counted.high().toBigInteger());
        return exactness == Facts.Exactness.EXACT ? high : high.max(best().multiply(BigDecimal.ONE.add(tolerance)));
    }

    private BigDecimal best() {
        return new BigDecimal(counted.best().toBigInteger());
    }
}
