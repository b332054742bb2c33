package org.flopledger.internal.book;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ExactReal;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.PeftCounts;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
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
    static int cell(LedgerAccounts accounts, String run, @Nullable String model, int attempt, StepContent content) {
        return accounts.table()
                .cell(
                        accounts.runNames().number(run),
                        attempt,
                        content.stage(),
                        model == null ? -1 : accounts.modelNames().number(model),
                        inputs(content) & Inputs.ALL);
    }

    /** Returns whether pairs can be counted for steps with a content. */
    static boolean hasAllInputs(StepContent content) {
        return (inputs(content) & Inputs.ALL) == Inputs.ALL;
    }

    private static int inputs(StepContent content) {
        int inputs = 0;
        for (int i = 0; i < Inputs.COLUMNS.size(); i++) {
            inputs |= content.isKnown(Inputs.COLUMNS.get(i)) ? 1 << i : 0;
        }
        return inputs;
    }

    /** Adds what FLOP figures are made of, without pairs and without saying which steps they were. */
    static void addCompute(CellTable table, int cell, StepContent content, long steps) {
        table.addRows(cell, steps, Long.MAX_VALUE, Long.MIN_VALUE);
        addProduct(table, cell, Lanes.TOKENS, content.word(StepContentWords.TOKENS), steps);
        addProduct(table, cell, Lanes.SEQUENCES, content.word(StepContentWords.SEQUENCES), steps);
        addProduct(table, cell, Lanes.SQUARED, content.word(StepContentWords.SQUARED), steps);
        if (content.isKnown(StepColumn.PADDING_TOKENS)) {
            addProduct(table, cell, Lanes.PADDING, content.word(StepContentWords.PADDING), steps);
            table.hotLanes()[cell * Lanes.HOT + Lanes.PADDING_ROWS] += steps;
        }
        if (content.isKnown(StepColumn.REPORTED_FLOP)) {
            addWide(
                    table.coldLanes(),
                    cell * Lanes.COLD + Lanes.REPORTED,
                    content.word(StepContentWords.REPORTED_LOW),
                    content.word(StepContentWords.REPORTED_HIGH),
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
    static void addPairs(CellTable table, int cell, StepContent content, long steps, List<AttentionMask> masks) {
        for (AttentionMask mask : masks) {
            table.pairsToChange(cell)
                    .add(
                            mask,
                            steps,
                            content.word(StepContentWords.TOKENS),
                            content.word(StepContentWords.PADDING),
                            content.word(StepContentWords.SEQUENCES),
                            content.word(StepContentWords.SQUARED));
        }
    }

    /** Adds the rest: which steps, and the evidence beside FLOP figures. */
    static void addEvidence(CellTable table, int cell, StepContent content, long first, long last) {
        table.addRows(cell, 0, first, last);
        long steps = last - first + 1;
        long[] cold = table.coldLanes();
        int at = cell * Lanes.COLD;
        if (content.isKnown(StepColumn.DEVICES)) {
            long devices = content.word(StepContentWords.DEVICES);
            Lanes.addExtremes(cold, at + Lanes.DEVICES_LEAST, devices, devices);
        }
        addReals(cold, at, content, steps);
        int word = StepContentWords.TOTAL_PARAMETERS;
        for (int i = 0; i < Lanes.PARAMETERS.size(); i++) {
            if (content.isKnown(StepContentWords.PARAMETERS.get(i))) {
                long value = content.word(word + i);
                Lanes.addParameters(cold, at + Lanes.PARAMETERS.get(i), value, value, steps, last, value);
            }
        }
        if (content.isKnown(StepColumn.GENERATED_TOKENS)) {
            long generated = content.word(StepContentWords.GENERATED_TOKENS);
            addWide(cold, at + Lanes.GENERATED_TOKENS, generated, 0, steps);
        }
        if (content.isKnown(StepColumn.MOE)) {
            cold[at + Lanes.MOE_KNOWN] += steps;
            cold[at + Lanes.MOE_ROWS] += content.isMoe() ? steps : 0;
        }
        if (content.isKnown(StepColumn.PEFT_EVENT)) {
            addPeft(table, cell, content, steps);
        }
    }

    private static void addReals(long[] cold, int at, StepContent content, long steps) {
        if (content.isKnown(StepColumn.DEVICE_SECONDS)) {
            double seconds = content.real(StepContentWords.DEVICE_SECONDS);
            ExactReal.add(cold, at + Lanes.DEVICE_SECONDS, seconds, steps);
            if (content.isKnown(StepColumn.UTILISATION)) {
                double utilised = seconds * content.real(StepContentWords.UTILISATION);
                ExactReal.add(cold, at + Lanes.UTILISED_SECONDS, utilised, steps);
            }
        }
        if (content.isKnown(StepColumn.ENERGY_JOULES)) {
            ExactReal.add(cold, at + Lanes.JOULES, content.real(StepContentWords.ENERGY_JOULES), steps);
        }
    }

    private static void addPeft(CellTable table, int cell, StepContent content, long steps) {
        int event = content.peftEvent();
        if (event != PeftEvent.NONE.ordinal()) {
            boolean isNamed = content.isKnown(StepColumn.PEFT_METHOD);
            int technique = isNamed ? content.peftMethod() : PeftCounts.UNNAMED;
            table.addPeft(cell, PeftCounts.key(event, technique), steps);
        }
    }
}
