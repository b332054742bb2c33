package org.flopledger;

import java.util.List;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.units.CountingMethod;

/** A price without an interval, for tests of what is found at which step. */
final class ExactFormula {

    private ExactFormula() {}

    /** Returns 6 N D and nothing else. */
    static StepFormula sixNd(long parameters) {
        LinearForm form = new LinearForm(6 * parameters, 0, 0, List.of());
        return new StepFormula(CountingMethod.PARAMETER_TOKEN, form, form, form, form);
    }
}
