package org.flopledger;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.flopledger.account.AccountBook;
import org.flopledger.account.ModelFormulas;
import org.flopledger.estimation.StepFormula;
import org.jspecify.annotations.Nullable;

/** The runs that a ledger knows of, and the formulas that price their steps. Confined to the ledger's lock. */
final class RunRegister {

    private final AccountBook book;
    private final Map<String, RunSpec> runs = new LinkedHashMap<>();
    private ModelFormulas formulas = ModelFormulas.none();

    /** Makes a register that has a book price steps by its formulas. */
    RunRegister(AccountBook book) {
        this.book = book;
    }

    /**
     * Throws unless a run can be registered: with the model and the stage it had, and a model with the formulas it had.
     *
     * @throws LedgerException naming the run or the model that is another
     */
    void check(RunSpec spec) {
        RunSpec before = runs.get(spec.id());
        if (before != null && !isSame(before, spec)) {
            throw new LedgerException(
                    ErrorCode.RUN_CHANGED,
                    "run '" + spec.id() + "' was registered with another model or stage, must stay the same");
        }
        String model = spec.model();
        if (model != null) {
            spec.formulas().forEach(formula -> requireSameFormula(model, formula));
        }
    }

    private static boolean isSame(RunSpec a, RunSpec b) {
        return a.stage() == b.stage()
                && Objects.equals(a.model(), b.model())
                && a.formulas().equals(b.formulas());
    }

    private void requireSameFormula(String model, StepFormula formula) {
        StepFormula known = formulas.formula(model, formula.method());
        if (known != null && !known.equals(formula)) {
            throw new LedgerException(
                    ErrorCode.RUN_CHANGED,
                    "model '" + model + "' is registered with another " + formula.method()
                            + " formula; a different model or setting needs a key of its own");
        }
    }

    /** Registers a run, or describes it anew; throws as {@link #check} does. */
    void register(RunSpec spec) {
        check(spec);
        String model = spec.model();
        if (model != null) {
            for (StepFormula formula : spec.formulas()) {
                // What is known is the same; adding it would copy all formulas for each of many runs of one model.
                if (formulas.formula(model, formula.method()) == null) {
                    formulas = formulas.with(model, formula);
                }
            }
            book.use(formulas);
        }
        runs.put(spec.id(), spec);
    }

    /** Returns how a run was described last, or null if it was never registered. */
    @Nullable
    RunSpec spec(String run) {
        return runs.get(run);
    }

    /** Returns whether a run was described by the very same words before. */
    boolean holds(RunSpec spec) {
        RunSpec before = runs.get(spec.id());
        return before != null && RunSpecJson.write(before).equals(RunSpecJson.write(spec));
    }

    /** Returns how each run was described last, in the order in which they were first registered. */
    List<RunSpec> inOrder() {
        return List.copyOf(runs.values());
    }

    /** Returns how each run was described last, by identity. */
    Map<String, RunSpec> all() {
        return Map.copyOf(runs);
    }
}
