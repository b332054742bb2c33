package org.flopledger.cli;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.IngestResult;
import org.flopledger.RunSpec;
import org.flopledger.estimation.Estimate;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.StepRange;
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
 * A logged run as steps of a ledger, priced so that the ledger's total is the figure of {@code analyze}: each sequence costs what
 * the log's model makes of one, each token what its parameters make of one.
 *
 * <p>A run whose log does not tell its steps apart is one step with the sums of the whole.
 */
final class LoggedRunSteps {

    private static final int BATCH_ROWS = 1 << 16;
    private static final String SOURCE = "log";

    /** What became of the steps of a run. */
    record Counts(long rows, long accepted, long duplicates, long conflicts) {

        Counts plus(IngestResult result) {
            return new Counts(
                    rows + result.rows(),
                    accepted + result.accepted(),
                    duplicates + result.repeats().duplicates(),
                    conflicts + result.repeats().conflicts());
        }
    }

    private final LoggedRun run;
    private final RunCompute compute;
    private final RunSpec spec;

    LoggedRunSteps(LoggedRun run) {
        this.run = run;
        compute = RunCompute.of(run);
        spec = describe();
    }

    private RunSpec describe() {
        RunSpec.Builder described = RunSpec.of(run.id(), run.stage());
        Facts.Builder known = Facts.builder();
        ParameterCount parameters = compute.parameters();
        if (parameters != null) {
            known.answer(FactName.MIXTURE_OF_EXPERTS, parameters.routedExperts() > 0)
                    .answer(FactName.PEFT, parameters.trainable() < parameters.total());
        }
        described.known(known.build());
        FlopBounds prior = compute.prior();
        if (prior != null) {
            described.prior(prior);
        }
        List<StepFormula> formulas = new ArrayList<>();
        Long sequences = run.progress().sequences();
        Long tokens = run.progress().tokens();
        addFormula(Method.ARCHITECTURE, sequences, formulas);
        addFormula(Method.PARAMETER_TOKEN, tokens, formulas);
        if (!formulas.isEmpty()) {
            // Runs of one model differ in length of sequence and what is trained: each has its own price.
            described.model(run.id(), formulas.toArray(StepFormula[]::new));
        }
        return described.build();
    }

    private void addFormula(Method method, @Nullable Long amount, List<StepFormula> formulas) {
        for (Estimate estimate : compute.estimates()) {
            if (estimate.method() == method && amount != null && amount > 0) {
                FlopBounds bounds = estimate.bounds();
                LinearForm low = form(method, bounds.low(), amount);
                LinearForm best = form(method, bounds.best(), amount);
                LinearForm high = form(method, bounds.high(), amount);
                if (low != null && best != null && high != null) {
                    formulas.add(new StepFormula(method, low, best, best, high));
                }
            }
        }
    }

    /** The price of one, of which the figure is a whole multiple; null if it is not. */
    private static @Nullable LinearForm form(Method method, FlopCount figure, long amount) {
        BigInteger[] each = figure.toBigInteger().divideAndRemainder(BigInteger.valueOf(amount));
        if (each[1].signum() != 0) {
            return null;
        }
        FlopCount price = FlopCount.of(each[0]);
        return method == Method.ARCHITECTURE ? LinearForm.eachSequence(price) : LinearForm.eachToken(price);
    }

    /** Registers the run and takes in its steps. */
    Counts ingestInto(ComputeLedger ledger) {
        ledger.run(spec);
        var counts = new Counts(0, 0, 0, 0);
        if (run.steps().isEmpty()) {
            try (StepBatchBuilder rows = ledger.newBatch()) {
                appendWhole(rows);
                return counts.plus(ingest(ledger, rows));
            }
        }
        long last = run.steps().get(run.steps().size() - 1).last();
        for (StepRange range : run.steps()) {
            for (long first = range.first(); first <= range.last(); first += BATCH_ROWS) {
                try (StepBatchBuilder rows = ledger.newBatch()) {
                    long end = Math.min(range.last(), first + BATCH_ROWS - 1);
                    for (long step = first; step <= end; step++) {
                        append(rows, range, step, step == last);
                    }
                    counts = counts.plus(ingest(ledger, rows));
                }
            }
        }
        return counts;
    }

    private static IngestResult ingest(ComputeLedger ledger, StepBatchBuilder rows) {
        try (StepBatch batch = rows.build()) {
            return ledger.ingest(batch);
        }
    }

    private void append(StepBatchBuilder rows, StepRange range, long step, boolean isLast) {
        begin(rows, step).equalSequences(Math.toIntExact(range.sequences()), range.sequenceLength());
        FlopCount reported = reported();
        if (isLast && reported != null) {
            // A claim about the whole run.
            rows.reportedFlop(reported);
        }
        rows.append();
    }

    private void appendWhole(StepBatchBuilder rows) {
        LoggedRun.Progress progress = run.progress();
        Long step = progress.lastStep() == null ? progress.steps() : progress.lastStep();
        begin(rows, step == null ? 0 : step);
        Long sequences = progress.sequences();
        Long length = progress.sequenceLength();
        Long tokens = progress.tokens();
        if (tokens != null) {
            rows.tokens(tokens);
        }
        if (sequences != null && sequences <= Integer.MAX_VALUE) {
            if (length == null) {
                rows.sequences(sequences.intValue());
            } else {
                rows.equalSequences(sequences.intValue(), length);
            }
        }
        FlopCount reported = reported();
        if (reported != null) {
            rows.reportedFlop(reported);
        }
        rows.append();
    }

    /** Returns what the framework reported, unless that is all there is and the log itself contradicts it. */
    private @Nullable FlopCount reported() {
        return compute.total() == null ? null : run.reportedFlop();
    }

    private StepBatchBuilder begin(StepBatchBuilder rows, long step) {
        rows.run(run.id()).attempt(0).step(step).source(SOURCE).stage(run.stage());
        String model = spec.model();
        return model == null ? rows : rows.model(model);
    }
}
