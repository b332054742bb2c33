package org.flopledger.logs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.RunSpec;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.lineage.Ancestor;
import org.flopledger.model.ParameterCount;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Method;
import org.jspecify.annotations.Nullable;

/**
 * Takes logged runs into a ledger: one row a step where the log tells the size of steps, else one row for the whole run.
 *
 * <p>Stateless and thread-safe.
 */
public final class RunIntake {

    /** Steps above which a log is taken in as one row: no run has so many, a damaged log may say so. */
    private static final long MOST_STEPS = 20_000_000;

    private static final int ROWS_AT_ONCE = 1 << 16;
    private static final String SOURCE = "log";

    private RunIntake() {}

    /**
     * Registers a run with a ledger and takes in its steps. Doing it again adds nothing.
     *
     * @param run the run
     * @param compute what it cost
     * @param ledger receives the rows; rules in force there judge the run step by step
     */
    public static void record(LoggedRun run, RunCompute compute, ComputeLedger ledger) {
        RunSpec spec = spec(run, compute);
        ledger.run(spec);
        if (hasRowsOfSteps(run)) {
            recordSteps(run, spec, ledger);
        } else {
            recordWhole(run, compute, spec, ledger);
        }
    }

    /** Returns the description under which a ledger keeps a run. */
    public static RunSpec spec(LoggedRun run, RunCompute compute) {
        RunSpec.Builder spec = RunSpec.of(run.id(), run.stage());
        Facts.Builder known = Facts.builder();
        ParameterCount parameters = compute.parameters();
        LoggedModel model = run.model();
        if (parameters != null) {
            known.answer(FactName.MIXTURE_OF_EXPERTS, parameters.router() > 0);
        }
        if (model != null) {
            known.answer(FactName.PEFT, !model.fineTuning().isEmpty());
        }
        compute.estimates().stream()
                .filter(estimate -> estimate.method() != Method.HARDWARE)
                .forEach(estimate -> known.figure(estimate.method(), estimate.value()));
        spec.known(known.build());
        if (compute.prior() != null) {
            spec.prior(compute.prior());
        } else if (!run.prior().known()) {
            spec.ancestor(new Ancestor(
                    run.id() + " (starting weights)", Ancestor.Role.WEIGHTS, Ancestor.Developer.UNSTATED, null));
        }
        String key = modelKey(run);
        if (key != null) {
            spec.model(key, formulas(run, compute).toArray(StepFormula[]::new));
        }
        return spec.build();
    }

    /** The same model costs another amount in another length or with other trained values, so each has a key of its own. */
    private static @Nullable String modelKey(LoggedRun run) {
        LoggedModel model = run.model();
        if (model == null || model.architecture() == null) {
            return null;
        }
        Long length = run.progress().sequenceLength();
        var key = new StringBuilder(model.architecture().name());
        model.fineTuning()
                .forEach(tuning ->
                        key.append(" + ").append(tuning.technique()).append(' ').append(tuning.rank()));
        return run.format().equals(LogFormat.MLPERF)
                ? key.append(" at ").append(length).toString()
                : key.append(" of ").append(run.id()).toString();
    }

    private static List<StepFormula> formulas(LoggedRun run, RunCompute compute) {
        var formulas = new ArrayList<StepFormula>();
        FlopBounds sequence = compute.sequence();
        if (sequence != null && fits(sequence.high()) && hasRowsOfSteps(run)) {
            formulas.add(new StepFormula(
                    Method.ARCHITECTURE,
                    eachSequence(sequence.low()),
                    eachSequence(sequence.best()),
                    eachSequence(sequence.best()),
                    eachSequence(sequence.high())));
        }
        FlopBounds token = compute.token();
        if (token != null && fits(token.high())) {
            formulas.add(new StepFormula(
                    Method.PARAMETER_TOKEN,
                    eachToken(token.low()),
                    eachToken(token.best()),
                    eachToken(token.best()),
                    eachToken(token.high())));
        }
        return formulas;
    }

    private static boolean fits(FlopCount flop) {
        return flop.toBigInteger().compareTo(BigInteger.valueOf(Long.MAX_VALUE)) <= 0;
    }

    private static LinearForm eachToken(FlopCount flop) {
        return new LinearForm(flop.lowBits(), 0, 0, List.of());
    }

    private static LinearForm eachSequence(FlopCount flop) {
        return new LinearForm(0, flop.lowBits(), 0, List.of());
    }

    private static boolean hasRowsOfSteps(LoggedRun run) {
        return !run.steps().isEmpty()
                && run.steps().stream()
                        .allMatch(range -> range.sequences() <= Integer.MAX_VALUE
                                && range.sequenceLength() <= Integer.MAX_VALUE
                                && Math.multiplyHigh(range.sequences() * range.sequenceLength(), range.sequenceLength())
                                        == 0)
                && run.steps().get(run.steps().size() - 1).last() <= MOST_STEPS;
    }

    private static void recordSteps(LoggedRun run, RunSpec spec, ComputeLedger ledger) {
        for (StepRange range : run.steps()) {
            for (long from = 0; from < range.count(); from += ROWS_AT_ONCE) {
                long to = Math.min(range.count(), from + ROWS_AT_ONCE);
                try (StepBatchBuilder rows = ledger.newBatch()) {
                    for (long i = from; i < to; i++) {
                        begin(rows, run, spec, range.first() + i)
                                .equalSequences((int) range.sequences(), range.sequenceLength())
                                .append();
                    }
                    ingest(rows, ledger);
                }
            }
        }
    }

    private static void recordWhole(LoggedRun run, RunCompute compute, RunSpec spec, ComputeLedger ledger) {
        Long last = run.progress().lastStep();
        try (StepBatchBuilder rows = ledger.newBatch()) {
            begin(rows, run, spec, last == null ? 0 : last);
            Long tokens = run.progress().tokens();
            if (tokens != null) {
                rows.tokens(tokens);
            }
            FlopCount reported = run.reportedFlop();
            if (reported != null && !compute.isClaimContradicted()) {
                rows.reportedFlop(reported);
            }
            rows.append();
            ingest(rows, ledger);
        }
    }

    private static StepBatchBuilder begin(StepBatchBuilder rows, LoggedRun run, RunSpec spec, long step) {
        rows.run(run.id()).attempt(0).step(step).source(SOURCE).stage(run.stage());
        String model = spec.model();
        return model == null ? rows : rows.model(model);
    }

    private static void ingest(StepBatchBuilder rows, ComputeLedger ledger) {
        try (StepBatch batch = rows.build()) {
            ledger.ingest(batch);
        }
    }
}
