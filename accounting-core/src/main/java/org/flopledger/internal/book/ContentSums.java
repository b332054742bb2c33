package org.flopledger.internal.book;

import static org.flopledger.internal.history.StepContentWords.isKnown;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ExactReal;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.PeftCounts;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepContents;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.PeftEvent;
import org.jspecify.annotations.Nullable;

/**
 * Adds steps of which a history keeps the content to a cell: what folding so many equal rows adds, except when they were seen.
 *
 * <p>So an account can be made anew from histories, to the bit. Confined to one thread.
 */
final class ContentSums {

    private ContentSums() {}

    /** Returns the cell of steps with a content, new if there is none. {@code model} is the model's name, or null. */
    static int cell(
            LedgerAccounts accounts,
            String run,
            @Nullable String model,
            int attempt,
            StepContents contents,
            int content) {
        return accounts.table()
                .cell(
                        accounts.runNames().number(run),
                        attempt,
                        StepContentWords.stage(contents, content),
                        model == null ? -1 : accounts.modelNames().number(model),
                        inputs(contents, content) & Inputs.ALL);
    }

    /** Returns whether pairs can be counted for steps with a content. */
    static boolean hasAllInputs(StepContents contents, int content) {
        return (inputs(contents, content) & Inputs.ALL) == Inputs.ALL;
    }

    private static int inputs(StepContents contents, int content) {
        int inputs = 0;
        for (int i = 0; i < Inputs.COLUMNS.size(); i++) {
            inputs |= isKnown(contents, content, Inputs.COLUMNS.get(i)) ? 1 << i : 0;
        }
        return inputs;
    }

    /** Adds what FLOP figures are made of, without pairs and without saying which steps they were. */
    static void addCompute(CellTable table, int cell, StepContents contents, int content, long steps) {
        table.addRows(cell, steps, Long.MAX_VALUE, Long.MIN_VALUE);
        addProduct(table, cell, Lanes.TOKENS, contents.word(StepContentWords.TOKENS, content), steps);
        addProduct(table, cell, Lanes.SEQUENCES, contents.word(StepContentWords.SEQUENCES, content), steps);
        addProduct(table, cell, Lanes.SQUARED, contents.word(StepContentWords.SQUARED, content), steps);
        if (isKnown(contents, content, StepColumn.PADDING_TOKENS)) {
            addProduct(table, cell, Lanes.PADDING, contents.word(StepContentWords.PADDING, content), steps);
            table.hotLanes()[cell * Lanes.HOT + Lanes.PADDING_ROWS] += steps;
        }
        if (isKnown(contents, content, StepColumn.REPORTED_FLOP)) {
            addWide(
                    table.coldLanes(),
                    cell * Lanes.COLD + Lanes.REPORTED,
                    contents.word(StepContentWords.REPORTED_LOW, content),
                    contents.word(StepContentWords.REPORTED_HIGH, content),
                    steps);
        }
    }

    private static void addWide(long[] cold, int at, long low, long high, long steps) {
        Lanes.addWide(cold, at, ExactReal.integer(low, high, 0).multiply(BigInteger.valueOf(steps)));
        cold[at + Lanes.WIDE_ROWS] += steps;
    }

    private static void addProduct(CellTable table, int cell, int lane, long value, long steps) {
        long low = value * steps;
        long high = Math.multiplyHigh(value, steps);
        table.addSum(cell, lane, low & Long.MAX_VALUE, high << 1 | low >>> 63);
    }

    /** Adds the pairs that steps with all inputs score under masks. */
    static void addPairs(
            CellTable table, int cell, StepContents contents, int content, long steps, List<AttentionMask> masks) {
        for (AttentionMask mask : masks) {
            table.pairsToChange(cell)
                    .add(
                            mask,
                            steps,
                            contents.word(StepContentWords.TOKENS, content),
                            contents.word(StepContentWords.PADDING, content),
                            contents.word(StepContentWords.SEQUENCES, content),
                            contents.word(StepContentWords.SQUARED, content));
        }
    }

    /** Adds the rest: which steps, and the evidence beside FLOP figures. */
    static void addEvidence(CellTable table, int cell, StepContents contents, int content, long first, long last) {
        table.addRows(cell, 0, first, last);
        long steps = last - first + 1;
        long[] cold = table.coldLanes();
        int at = cell * Lanes.COLD;
        if (isKnown(contents, content, StepColumn.DEVICES)) {
            long devices = contents.word(StepContentWords.DEVICES, content);
            Lanes.addExtremes(cold, at + Lanes.DEVICES_LEAST, devices, devices);
        }
        addReals(cold, at, contents, content, steps);
        int word = StepContentWords.TOTAL_PARAMETERS;
        for (int i = 0; i < Lanes.PARAMETERS.size(); i++) {
            if (isKnown(contents, content, StepContentWords.PARAMETERS.get(i))) {
                long value = contents.word(word + i, content);
                Lanes.addParameters(cold, at + Lanes.PARAMETERS.get(i), value, value, steps, last, value);
            }
        }
        if (isKnown(contents, content, StepColumn.GENERATED_TOKENS)) {
            long generated = contents.word(StepContentWords.GENERATED_TOKENS, content);
            addWide(cold, at + Lanes.GENERATED_TOKENS, generated, 0, steps);
        }
        if (isKnown(contents, content, StepColumn.MOE)) {
            cold[at + Lanes.MOE_KNOWN] += steps;
            cold[at + Lanes.MOE_ROWS] += StepContentWords.isMoe(contents, content) ? steps : 0;
        }
        if (isKnown(contents, content, StepColumn.PEFT_EVENT)) {
            addPeft(table, cell, contents, content, steps);
        }
    }

    private static void addReals(long[] cold, int at, StepContents contents, int content, long steps) {
        if (isKnown(contents, content, StepColumn.DEVICE_SECONDS)) {
            double seconds = real(contents, content, StepContentWords.DEVICE_SECONDS);
            ExactReal.add(cold, at + Lanes.DEVICE_SECONDS, seconds, steps);
            if (isKnown(contents, content, StepColumn.UTILISATION)) {
                double utilised = seconds * real(contents, content, StepContentWords.UTILISATION);
                ExactReal.add(cold, at + Lanes.UTILISED_SECONDS, utilised, steps);
            }
        }
        if (isKnown(contents, content, StepColumn.ENERGY_JOULES)) {
            ExactReal.add(cold, at + Lanes.JOULES, real(contents, content, StepContentWords.ENERGY_JOULES), steps);
        }
    }

    private static double real(StepContents contents, int content, int word) {
        return Double.longBitsToDouble(contents.word(word, content));
    }

    private static void addPeft(CellTable table, int cell, StepContents contents, int content, long steps) {
        int event = StepContentWords.peftEvent(contents, content);
        if (event != PeftEvent.NONE.ordinal()) {
            boolean isNamed = isKnown(contents, content, StepColumn.PEFT_METHOD);
            int technique = isNamed ? StepContentWords.peftMethod(contents, content) : PeftCounts.UNNAMED;
            table.addPeft(cell, PeftCounts.key(event, technique), steps);
        }
    }
}
