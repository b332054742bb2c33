package org.flopledger.internal.cells;

import java.util.List;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.telemetry.StepColumn;

/** The inputs of a formula as bits: what a row has, and what a formula needs. The bits are stored in states. */
public final class Inputs {

    public static final int TOKENS = 1;
    public static final int SEQUENCES = 2;
    public static final int SQUARED = 4;

    /** Not needed by a formula, and so no part of a cell's key. */
    public static final int PADDING = 8;

    public static final int ALL = TOKENS | SEQUENCES | SQUARED;

    /** The column of each bit. */
    public static final List<StepColumn> COLUMNS =
            List.of(StepColumn.TOKENS, StepColumn.SEQUENCES, StepColumn.SQUARED_LENGTHS, StepColumn.PADDING_TOKENS);

    private Inputs() {}

    /** Returns the inputs that a row must have to be priced by a formula. */
    public static int needed(StepFormula formula) {
        return needed(formula.low()) | needed(formula.model()) | needed(formula.executed()) | needed(formula.high());
    }

    private static int needed(LinearForm form) {
        if (!form.isFunctionOfSums()) {
            return ALL;
        }
        return (form.perToken().isZero() ? 0 : TOKENS)
                | (form.perSequence().isZero() ? 0 : SEQUENCES)
                | (form.perSquaredLength().isZero() ? 0 : SQUARED);
    }
}
