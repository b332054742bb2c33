package org.flopledger.account;

import static org.flopledger.account.StepContentWords.isKnown;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/**
 * Sums what discarded steps had cost, from the contents that the histories keep, into the same kind of account that holds the
 * totals. Only what a FLOP figure needs is summed. Confined to one thread.
 */
final class DiscardedSums {

    private final LedgerAccounts accounts;

    DiscardedSums(LedgerAccounts accounts) {
        this.accounts = accounts;
    }

    /**
     * Adds steps of one content.
     *
     * @param run the run's name
     * @param model the model's name, or null
     */
    void add(
            String run,
            @Nullable String model,
            int attempt,
            StepContents contents,
            int content,
            long steps,
            ModelFormulas formulas) {
        CellTable table = accounts.table();
        int inputs = inputs(contents, content);
        int cell = table.cell(
                accounts.runNumber(run),
                attempt,
                StepContentWords.stage(contents, content),
                model == null ? -1 : accounts.modelNumber(model),
                inputs & Inputs.ALL);
        // Which steps they were is in the history; here they only count.
        table.addRows(cell, steps, Long.MAX_VALUE, Long.MIN_VALUE);
        addProduct(table, cell, Lanes.TOKENS, contents.word(StepContentWords.TOKENS, content), steps);
        addProduct(table, cell, Lanes.SEQUENCES, contents.word(StepContentWords.SEQUENCES, content), steps);
        addProduct(table, cell, Lanes.SQUARED, contents.word(StepContentWords.SQUARED, content), steps);
        if ((inputs & Inputs.PADDING) != 0) {
            addProduct(table, cell, Lanes.PADDING, contents.word(StepContentWords.PADDING, content), steps);
            table.hotLanes()[cell * Lanes.HOT + Lanes.PADDING_ROWS] += steps;
        }
        if (isKnown(contents, content, StepColumn.REPORTED_FLOP)) {
            addReported(table, cell, contents, content, steps);
        }
        if (model != null && (inputs & Inputs.ALL) == Inputs.ALL) {
            addPairs(table, cell, contents, content, steps, formulas.masks(model));
        }
    }

    private static int inputs(StepContents contents, int content) {
        int inputs = 0;
        for (int i = 0; i < Inputs.COLUMNS.size(); i++) {
            inputs |= isKnown(contents, content, Inputs.COLUMNS.get(i)) ? 1 << i : 0;
        }
        return inputs;
    }

    private static void addProduct(CellTable table, int cell, int lane, long value, long steps) {
        long low = value * steps;
        long high = Math.multiplyHigh(value, steps);
        table.addSum(cell, lane, low & Long.MAX_VALUE, high << 1 | low >>> 63);
    }

    private static void addReported(CellTable table, int cell, StepContents contents, int content, long steps) {
        BigInteger reported = BigInteger.valueOf(contents.word(StepContentWords.REPORTED_HIGH, content))
                .shiftLeft(64)
                .add(unsigned(contents.word(StepContentWords.REPORTED_LOW, content)))
                .multiply(BigInteger.valueOf(steps));
        long[] cold = table.coldLanes();
        int at = cell * Lanes.COLD + Lanes.REPORTED;
        Lanes.addWide(
                cold,
                at,
                reported.longValue(),
                reported.shiftRight(64).longValue(),
                reported.shiftRight(128).longValue());
        cold[at + Lanes.WIDE_ROWS] += steps;
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static void addPairs(
            CellTable table, int cell, StepContents contents, int content, long steps, List<AttentionMask> masks) {
        for (AttentionMask mask : masks) {
            PairBounds bounds = PairBounds.of(
                    mask,
                    BigInteger.valueOf(contents.word(StepContentWords.TOKENS, content)),
                    BigInteger.valueOf(contents.word(StepContentWords.PADDING, content)),
                    BigInteger.valueOf(contents.word(StepContentWords.SEQUENCES, content)),
                    BigInteger.valueOf(contents.word(StepContentWords.SQUARED, content)));
            table.pairsToChange(cell).add(mask, steps, bounds.times(steps));
        }
    }
}
