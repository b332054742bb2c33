package org.flopledger.cli.estimate;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.estimation.PostTraining;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;

/** Prints an estimate for people: parameters, one step, what each part of the model takes of it, the whole training. */
final class EstimateTable {

    private static final int DIGITS = 5;

    private EstimateTable() {}

    static void print(EstimateResult result, PrintWriter out) {
        String family = result.model().family();
        String type = result.model().modelType();
        out.println(result.model().name() + ": " + (type.isEmpty() ? family : type)
                + (type.isEmpty() || type.equals(family) ? "" : " read as " + family) + ", "
                + result.architecture().main().blocks().size() + " blocks, "
                + (result.mixtureOfExperts() ? "mixture of experts" : "dense"));
        out.println();
        parameters(result, out);
        out.println();
        step(result, out);
        out.println();
        shares(result, out);
        phases(result, out);
        training(result, out);
        warnings(result.warnings(), out);
    }

    private static void parameters(EstimateResult result, PrintWriter out) {
        ParameterCount count = result.parameters();
        var grid = new TextGrid("parameters", "count");
        grid.row("total", grouped(count.total()));
        grid.row("trainable", grouped(count.trainable()));
        grid.row("active for a token", grouped(count.active()));
        grid.row("  without input embedding", grouped(count.activeExcludingInputEmbedding()));
        grid.row("  without embedding and head", grouped(count.activeExcludingEmbeddings()));
        grid.row("input embedding", grouped(count.inputEmbedding()));
        grid.row("output head", grouped(count.outputHead()));
        if (result.mixtureOfExperts()) {
            grid.row("routed experts", grouped(count.routedExperts()));
            grid.row("shared experts", grouped(count.sharedExperts()));
            grid.row("router", grouped(count.router()));
        }
        grid.print(out);
    }

    private static void step(EstimateResult result, PrintWriter out) {
        StepEstimate step = result.step();
        var grid = new TextGrid(
                "one step of " + grouped(result.settings().sequences()) + " x " + grouped(result.sequenceLength())
                        + " tokens (" + step.convention().id() + ")",
                "FLOP",
                "");
        row(grid, "forward", step.forward());
        row(grid, "backward", step.backward());
        row(grid, "model: forward and backward", step.model());
        row(grid, "executed: with recomputation", step.executed());
        bounds(grid, step);
        grid.print(out);
    }

    private static void bounds(TextGrid grid, StepEstimate estimate) {
        row(
                grid,
                "low: each mask exactly, scans at their cheapest",
                estimate.bounds().low());
        row(
                grid,
                "high: whole squares of scores, scans at their dearest, recomputation",
                estimate.bounds().high());
    }

    private static void shares(EstimateResult result, PrintWriter out) {
        BigInteger whole = result.step().model().toBigInteger();
        var grid = new TextGrid("part of the model FLOP", "FLOP", "share");
        for (EstimateShares.Part part : EstimateShares.of(result.shares())) {
            grid.row(
                    part.name(),
                    part.flop().toScientific(DIGITS),
                    percent(part.flop().toBigInteger(), whole));
        }
        grid.print(out);
    }

    private static void phases(EstimateResult result, PrintWriter out) {
        if (result.phases().isEmpty()) {
            return;
        }
        out.println();
        var grid = new TextGrid("phases of a step", "FLOP executed", "");
        FlopCount all = FlopCount.ZERO;
        for (PostTraining.Phase phase : result.phases()) {
            row(grid, phase.name(), phase.executed());
            all = all.plus(phase.executed());
        }
        row(grid, "together", all);
        grid.print(out);
    }

    private static void training(EstimateResult result, PrintWriter out) {
        StepEstimate training = result.training();
        Long tokens = result.settings().trainingTokens();
        if (training == null || tokens == null) {
            return;
        }
        out.println();
        var grid = new TextGrid("training on " + grouped(tokens) + " tokens", "FLOP", "");
        row(grid, "model", training.model());
        row(grid, "executed", training.executed());
        bounds(grid, training);
        FlopCount byParameters = result.byParametersAndTokens();
        if (byParameters != null) {
            row(grid, "by parameters and tokens: 6 N D, no scores", byParameters);
        }
        grid.print(out);
        out.println("= "
                + training.model()
                        .toExaFlopDays()
                        .setScale(3, RoundingMode.HALF_UP)
                        .toPlainString() + " exaFLOP-days");
    }

    private static void warnings(List<DescriptionWarning> warnings, PrintWriter out) {
        if (warnings.isEmpty()) {
            return;
        }
        out.println();
        for (DescriptionWarning warning : warnings) {
            out.println("warning " + warning.code() + ": " + warning.message());
        }
    }

    private static void row(TextGrid grid, String name, FlopCount flop) {
        grid.row(name, flop.toScientific(DIGITS), flop.toString());
    }

    private static String percent(BigInteger part, BigInteger whole) {
        if (whole.signum() == 0) {
            return "?";
        }
        return new BigDecimal(part.multiply(BigInteger.valueOf(100)))
                        .divide(new BigDecimal(whole), 2, RoundingMode.HALF_UP)
                        .toPlainString()
                + " %";
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
