package org.flopledger.cli.runs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flopledger.estimation.FlopEstimator.Share;
import org.flopledger.model.Operation;
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
public record OperationRow(String name, String shape, FlopCount forward, FlopCount backward, int times) {

    /** Returns the rows of a model, in the order in which its operations run. */
    public static List<OperationRow> of(List<Share> shares) {
        Map<OperationRow, Integer> counts = new LinkedHashMap<>();
        for (Share share : shares) {
            String name = share.operation().path().replaceAll("\\.\\d+(?=\\.|$)", ".*");
            var row = new OperationRow(name, shape(share.operation()), share.forward(), share.backward(), 1);
            counts.merge(row, 1, Integer::sum);
        }
        List<OperationRow> rows = new ArrayList<>();
        counts.forEach(
                (row, times) -> rows.add(new OperationRow(row.name, row.shape, row.forward, row.backward, times)));
        return rows;
    }

    /** Returns what all of them cost. */
    public BigInteger all() {
        return forward.toBigInteger().add(backward.toBigInteger()).multiply(BigInteger.valueOf(times));
    }

    /** Returns the shape of an operation, as a person would write its product. */
    private static String shape(Operation operation) {
        if (operation.kind() instanceof Operation.Matrix matrix) {
            return matrix.in() + " x " + matrix.out()
                    + (matrix.active() == 1 ? "" : " x " + matrix.active() + " experts");
        } else if (operation.kind() instanceof Operation.Core core) {
            return core.heads() + " heads x (" + core.keyWidth() + " + " + core.valueWidth() + ") x pairs, "
                    + core.reach().rule().name().toLowerCase(Locale.ROOT)
                    + (core.reach().size() == 0 ? "" : " " + core.reach().size());
        } else if (operation.kind() instanceof Operation.Convolution convolution) {
            return convolution.in() + " x " + convolution.out() + " x " + convolution.kernel() + " x "
                    + convolution.outputs();
        } else if (operation.kind() instanceof Operation.StateProduct state) {
            return state.multiplyAdds() + " multiply-adds";
        } else if (operation.kind() instanceof Operation.DepthwiseConvolution depthwise) {
            return depthwise.channels() + " x " + depthwise.kernel();
        }
        return "";
    }
}
