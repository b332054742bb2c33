package org.flopledger.logs;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.RunSpec;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.lineage.Ancestor;
import org.flopledger.model.ParameterCount;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/** Describes a logged run to a ledger: its model's prices, and what rules may know of it. What the files leave open stays open. */
final class LoggedRunSpec {

    private LoggedRunSpec() {}

    /** Returns the description. */
    static RunSpec of(LoggedRun run, RunCompute compute) {
        RunSpec.Builder spec = RunSpec.of(run.id(), run.stage());
        spec.known(known(run, compute));
        boolean claims = RunRows.of(run, compute).hasClaims();
        String key = modelKey(run, claims);
        if (key != null) {
            List<StepFormula> formulas = formulas(run, compute);
            if (claims) {
                formulas.add(ClaimMargin.of(run.format()).formula());
            }
            spec.model(key, formulas.toArray(StepFormula[]::new));
            run.work().stream()
                    .filter(work -> work.isPriced() && !RunRows.key(key, work).equals(key))
                    .forEach(work -> spec.furtherWork(
                            RunRows.key(key, work), work.formulas().toArray(StepFormula[]::new)));
        }
        return spec.build();
    }

    private static Facts known(LoggedRun run, RunCompute compute) {
        Facts.Builder known = Facts.builder();
        ParameterCount parameters = compute.parameters();
        if (parameters != null) {
            known.answer(FactName.MIXTURE_OF_EXPERTS, parameters.router() > 0);
        }
        LoggedModel model = run.model();
        if (model != null) {
            known.answer(FactName.PEFT, !model.fineTuning().isEmpty());
        }
        if (compute.prior() != null || !run.prior().known()) {
            // Weights that nobody priced are unknown, which is not none; nor does a log say whose they were.
            Declaration.Base base = compute.prior() == null ? run.setting().base() : null;
            known.ancestor(new Ancestor(
                    base == null ? run.id() + " (starting weights)" : base.name(),
                    Ancestor.Role.WEIGHTS,
                    Ancestor.Developer.UNSTATED,
                    base == null ? compute.prior() : FlopBounds.exactly(base.flop())));
        }
        return known.build();
    }

    /** The same model costs another amount in another length or with other trained values, so each has a key of its own. */
    private static @Nullable String modelKey(LoggedRun run, boolean claims) {
        LoggedModel model = run.model();
        if (model == null || model.architecture() == null) {
            // A claim has a margin, which stays where the model becomes known.
            return claims ? unnamed(run) : null;
        }
        boolean isBenchmark = run.format().equals(LogFormat.MLPERF);
        // A configuration's own name is text from outside.
        var key = new StringBuilder(isBenchmark ? model.architecture().name() : unnamed(run));
        model.fineTuning()
                .forEach(tuning ->
                        key.append(" + ").append(tuning.technique()).append(' ').append(tuning.rank()));
        return isBenchmark
                ? key.append(" at ").append(run.progress().sequenceLength()).toString()
                : key.toString();
    }

    private static String unnamed(LoggedRun run) {
        return "model of " + run.id();
    }

    private static List<StepFormula> formulas(LoggedRun run, RunCompute compute) {
        var formulas = new ArrayList<StepFormula>();
        FlopBounds sequence = compute.sequence();
        if (run.isPricedByWork()) {
            run.work().stream()
                    .filter(work -> work.name().isEmpty() && work.variant().isEmpty())
                    .forEach(work -> formulas.addAll(work.formulas()));
        } else if (sequence != null) {
            formulas.add(new StepFormula(
                    CountingMethod.ARCHITECTURE,
                    LinearForm.eachSequence(sequence.low()),
                    LinearForm.eachSequence(sequence.best()),
                    LinearForm.eachSequence(sequence.best()),
                    LinearForm.eachSequence(sequence.high())));
        }
        StepFormula token = compute.token();
        boolean isTold = formulas.stream().anyMatch(formula -> formula.method() == CountingMethod.PARAMETER_TOKEN);
        if (token != null && !isTold) {
            formulas.add(token);
        }
        return formulas;
    }
}
