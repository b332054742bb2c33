package org.flopledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.cells.ModelFormulas;
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
     * Returns a description with what was said of the run before: facts are added, never replaced.
     *
     * @throws LedgerException naming the run or the model of which something else was said before
     */
    RunSpec joined(RunSpec spec) {
        RunSpec before = runs.get(spec.id());
        RunSpec joined = spec;
        if (before != null) {
            try {
                joined = before.with(spec);
            } catch (IllegalArgumentException e) {
                throw new LedgerException(
                        LedgerException.Code.RUN_CHANGED,
                        "run '" + spec.id() + "' was described differently before: " + e.getMessage(),
                        e);
            }
        }
        String model = joined.model();
        if (model != null) {
            joined.formulas().forEach(formula -> requireSameFigures(model, formula));
        }
        joined.furtherWork().forEach((work, costs) -> costs.forEach(formula -> requireSameFigures(work, formula)));
        return sharing(joined);
    }

    /** Thousands of runs of one model hold its formulas once. */
    private RunSpec sharing(RunSpec spec) {
        String model = spec.model();
        if (model == null) {
            return spec;
        }
        List<StepFormula> shared = new ArrayList<>();
        for (StepFormula formula : spec.formulas()) {
            StepFormula known = formulas.formula(model, formula.method());
            shared.add(known != null && known.equals(formula) ? known : formula);
        }
        return spec.sharing(shared);
    }

    private void requireSameFigures(String model, StepFormula formula) {
        StepFormula known = formulas.formula(model, formula.method());
        if (known != null && !known.hasFiguresOf(formula)) {
            throw new LedgerException(
                    LedgerException.Code.RUN_CHANGED,
                    "model '" + model + "' is registered with another " + formula.method()
                            + " formula; a different model or setting needs a key of its own");
        }
    }

    /**
     * Registers a run as described, in place of what was said before: what {@link #joined} returned, or a record.
     */
    void register(RunSpec spec) {
        register(spec, formulasWith(spec));
    }

    /** Registers a run of which {@link #formulasWith} was asked before. */
    void register(RunSpec spec, ModelFormulas priced) {
        RunSpec before = runs.get(spec.id());
        if (before != null
                && (before.stage() != spec.stage()
                        || (before.model() != null && !before.model().equals(spec.model())))) {
            throw new LedgerException(
                    LedgerException.Code.RUN_CHANGED,
                    "run '" + spec.id() + "' was registered with another model or stage, must stay the same");
        }
        formulas = priced;
        if (spec.model() != null || !spec.furtherWork().isEmpty()) {
            book.use(formulas);
        }
        runs.put(spec.id(), sharing(spec));
    }

    /** Returns the formulas that price steps once a run is registered: what {@link #joined} returned, or a record. */
    ModelFormulas formulasWith(RunSpec spec) {
        ModelFormulas all = formulas;
        String model = spec.model();
        if (model != null) {
            for (StepFormula formula : spec.formulas()) {
                all = priced(all, model, formula);
            }
        }
        for (Map.Entry<String, List<StepFormula>> work : spec.furtherWork().entrySet()) {
            for (StepFormula formula : work.getValue()) {
                all = priced(all, work.getKey(), formula);
            }
        }
        return all;
    }

    private ModelFormulas priced(ModelFormulas all, String model, StepFormula formula) {
        requireSameFigures(model, formula);
        StepFormula known = all.formula(model, formula.method());
        StepFormula widened = known == null ? formula : known.widenedBy(formula);
        // What is known is the same; adding it would copy all formulas for each of many runs of one model.
        return widened.equals(known) ? all : all.with(model, widened);
    }

    /** Returns the formulas that price steps. */
    ModelFormulas formulas() {
        return formulas;
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
