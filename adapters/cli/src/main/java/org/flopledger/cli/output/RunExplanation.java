package org.flopledger.cli.output;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.account.RunAccount.Arithmetic;
import org.flopledger.account.RunAccount.Arithmetic.Product;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.OperationRow;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.estimation.Estimate;
import org.flopledger.estimation.FlopEstimator.Share;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Prints how the figure of a run was counted, so that a person can do it again: rows, sums, prices, and what the prices are made of. */
public final class RunExplanation {

    private final PrintWriter out;

    public RunExplanation(PrintWriter out) {
        this.out = out;
    }

    public void print(NumberedRun run) {
        RunAccount account = run.account();
        out.println("Run " + account.run());
        RunAnalysis analysis = run.analysis();
        if (analysis != null) {
            rows(analysis.run());
        }
        List<Arithmetic> parts = account.arithmetic();
        for (Arithmetic part : parts) {
            part(part);
        }
        total(account, parts);
        out.println(
                "  low: exact masks, real tokens only, nothing computed again; high: the whole square of attention scores,"
                        + " every block computed again, padding");
        if (analysis != null) {
            prices(analysis);
            beside(analysis);
        }
    }

    private void rows(LoggedRun run) {
        out.println("Read from");
        run.sources().forEach(source -> out.println("  " + source));
        LoggedRun.LineCounts lines = run.lines();
        out.println("  " + lines.lines() + " lines, of which " + lines.records() + " were understood as records");
        LoggedRun.Progress progress = run.progress();
        out.println("  the log says: steps " + shown(progress.steps()) + ", sequences " + shown(progress.sequences())
                + ", tokens " + shown(progress.tokens()) + ", batch " + shown(progress.globalBatchSize())
                + ", sequence length " + shown(progress.sequenceLength()));
    }

    private void part(Arithmetic part) {
        out.println();
        out.println("Attempt " + part.attempt() + ", " + part.stage() + ", model "
                + (part.model() == null ? "not described" : part.model()) + ": " + part.observations()
                + " observations of steps " + part.firstStep() + " to " + part.lastStep());
        CountingMethod method = part.method();
        if (method == null) {
            out.println("  nothing prices them: no formula has its inputs, and no figure was reported");
            return;
        }
        out.println("  by " + ComputeTogether.word(method) + " (" + method + ")");
        products("best", part.best(), part.figure().bounds().best(), "");
        products("low", part.low(), part.figure().bounds().low(), ", at most the best figure");
        if (!part.executed().equals(part.best())) {
            products("executed", part.executed(), part.figure().executed(), ", at least the best figure");
        }
        products(
                "high",
                part.high(),
                part.figure().bounds().high(),
                ", at least what was executed and what the framework reported");
    }

    private void products(String name, List<Product> products, FlopCount result, String condition) {
        for (int i = 0; i < products.size(); i++) {
            Product product = products.get(i);
            out.println("  " + (i == 0 ? pad(name) : pad("") + "+ ") + product.amount() + " " + product.input() + " x "
                    + product.each() + " FLOP = " + product.flop());
        }
        BigInteger sum = Arithmetic.sum(products);
        boolean isSum = sum.equals(result.toBigInteger());
        out.println("  " + pad(products.isEmpty() ? name : "") + "= " + result + " FLOP"
                + (isSum ? "" : " (the sum is " + sum + condition + ")"));
    }

    private static String pad(String name) {
        return name + " ".repeat(Math.max(1, 10 - name.length()));
    }

    private void total(RunAccount account, List<Arithmetic> parts) {
        ComputeFigure total = account.total();
        out.println();
        out.println("Total " + total.bounds().best() + " FLOP"
                + (parts.size() > 1 ? ", the sum of " + parts.size() + " parts" : "") + "; from "
                + total.bounds().low() + " to " + total.bounds().high() + "; covers " + total.covered() + " of "
                + total.observations() + " observations");
        out.println("  retained  " + account.retained().bounds().best());
        out.println("  discarded " + account.discarded().bounds().best() + " by restarts, part of the total");
    }

    private void prices(RunAnalysis analysis) {
        RunCompute compute = analysis.compute();
        ParameterCount parameters = compute.parameters();
        List<Share> shares = compute.sequenceShares();
        if (!shares.isEmpty()) {
            sequence(shares, analysis.run());
        }
        if (parameters != null) {
            token(parameters);
        }
    }

    private void sequence(List<Share> shares, LoggedRun run) {
        out.println();
        out.println("What one sequence of " + run.progress().sequenceLength()
                + " tokens costs, operation by operation (2 FLOP" + " each multiply-add; n = how often it occurs)");
        var grid = new TextGrid("operation", "shape", "n", "forward", "backward", "n x (forward + backward)");
        BigInteger sum = BigInteger.ZERO;
        for (OperationRow row : OperationRow.of(shares)) {
            BigInteger all = row.all();
            sum = sum.add(all);
            grid.row(
                    row.name(),
                    row.shape(),
                    Integer.toString(row.times()),
                    row.forward().toString(),
                    row.backward().toString(),
                    all.toString());
        }
        grid.print(out);
        out.println("  sum " + sum + " FLOP each sequence");
    }

    private void token(ParameterCount counts) {
        BigInteger active = BigInteger.valueOf(counts.active());
        BigInteger trained = BigInteger.valueOf(Math.min(counts.trainable(), counts.active()));
        out.println();
        out.println("What one token costs by parameters: 2 x " + active + " active (forward) + 2 x " + active
                + " (gradients of inputs) + 2 x " + trained + " trained (gradients of weights) = "
                + active.add(active).add(trained).shiftLeft(1) + " FLOP");
    }

    private void beside(RunAnalysis analysis) {
        out.println();
        out.println("Every method for the whole run, side by side, never added");
        var grid = new TextGrid("method", "FLOP", "from", "to", "convention");
        for (Estimate estimate : analysis.compute().estimates()) {
            grid.row(
                    ComputeTogether.word(estimate.method()),
                    estimate.value().toString(),
                    estimate.bounds().low().toString(),
                    estimate.bounds().high().toString(),
                    estimate.convention());
        }
        grid.print(out);
        FlopCount ceiling = analysis.compute().ceiling();
        LoggedRun.Devices devices = analysis.run().devices();
        Long millis = analysis.run().timing().durationMillis();
        if (ceiling != null && devices != null && millis != null) {
            out.println("Device time is a ceiling: " + devices.count() + " devices x " + millis
                    + " ms x their 16-bit peak = " + ceiling
                    + " FLOP; used is the figure of the layers divided by it.");
        }
    }

    private static String shown(@Nullable Long value) {
        return value == null ? "?" : value.toString();
    }
}
