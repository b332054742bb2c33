package org.flopledger;

import java.time.Instant;
import java.util.Map;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Puts what an account holds into the form in which rules read it. */
final class RunFacts {

    private RunFacts() {}

    /**
     * Returns the facts of a run.
     *
     * @param known what was said of it beforehand
     * @param account what it has cost
     * @param step last step included, or null
     * @param at when that ended, or null
     */
    static Facts of(Facts known, RunAccount account, @Nullable Long step, @Nullable Instant at) {
        Facts.Builder facts = known.toBuilder().position(step, at);
        addLines(facts, account.retainedByStage(), Facts.Part.RETAINED);
        addLines(facts, account.discardedByStage(), Facts.Part.DISCARDED);
        account.figures().forEach((method, figure) -> {
            // Several methods are compared only where each of them covers all of the run.
            if (figure.isComplete() && !known.figures().containsKey(method)) {
                facts.figure(method, figure.bounds().best());
            }
        });
        for (CellTotals cell : account.totals().cells()) {
            if (cell.moeObservations() > 0) {
                facts.answer(FactName.MIXTURE_OF_EXPERTS, true);
            }
            if (cell.peftEvents().containsKey(PeftEvent.TRAINED)) {
                facts.answer(FactName.PEFT, true);
            }
        }
        return facts.build();
    }

    private static void addLines(Facts.Builder facts, Map<Stage, ComputeFigure> figures, Facts.Part part) {
        figures.forEach((stage, figure) -> {
            if (figure.observations() > 0) {
                facts.line(new Facts.Line(stage, part, false, figure.bounds(), figure.coverage()));
            }
            FlopCount recomputed = figure.executed().minus(figure.bounds().best());
            if (!recomputed.isZero()) {
                facts.line(new Facts.Line(
                        stage, Facts.Part.RECOMPUTED, false, FlopBounds.exactly(recomputed), figure.coverage()));
            }
        });
    }
}
