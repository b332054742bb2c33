package org.flopledger.cli;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.estimation.FlopEstimator.Share;
import org.flopledger.units.FlopCount;

/**
 * Operations of a model that have the same name within their block, the same shape and the same cost.
 *
 * @param name the module's name, a star for the block
 * @param shape the shape of its product
 * @param forward FLOP of one of them forward
 * @param backward FLOP of one of them in the backward pass
 * @param times how many there are
 */
record OperationRow(String name, String shape, FlopCount forward, FlopCount backward, int times) {

    /** Returns the rows of a model, in the order in which its operations run. */
    static List<OperationRow> of(List<Share> shares) {
        Map<OperationRow, Integer> counts = new LinkedHashMap<>();
        for (Share share : shares) {
            String name = share.operation().path().replaceAll("\\.\\d+(?=\\.|$)", ".*");
            var row = new OperationRow(
                    name, RunExplanation.shape(share.operation()), share.forward(), share.backward(), 1);
            counts.merge(row, 1, Integer::sum);
        }
        List<OperationRow> rows = new ArrayList<>();
        counts.forEach(
                (row, times) -> rows.add(new OperationRow(row.name, row.shape, row.forward, row.backward, times)));
        return rows;
    }

    /** Returns what all of them cost. */
    BigInteger all() {
        return forward.toBigInteger().add(backward.toBigInteger()).multiply(BigInteger.valueOf(times));
    }
}
