package org.flopledger.cli.runs;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.flopledger.account.RunAccount;
import org.flopledger.account.RunAccount.Arithmetic;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.StepField;
import org.flopledger.report.ComputeReport.Point;
import org.flopledger.report.ComputeReport.Series;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Prices a run step by step as its account does, for a curve. The curve is given only if it ends exactly at the account's total and
 * retained figure: one that tells another story is worse than none.
 */
public final class ReportSeries {

    private static final int MOST_POINTS = 2_000;

    /** Steps of equal cost whose updates are in the weights. */
    private record Kept(long first, long count, BigInteger each) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final List<Point> points = new ArrayList<>();
    private BigInteger total = BigInteger.ZERO;
    private BigInteger retained = BigInteger.ZERO;
    private long ran;

    private ReportSeries() {}

    /** Returns the curve of a run whose log tells its steps. */
    public static Series of(LoggedSteps steps, RunAccount account) {
        Price price = Price.of(account.arithmetic());
        if (steps.rows() == 0) {
            return new Series(List.of(), "the log tells the run as a whole");
        } else if (price == null) {
            return new Series(List.of(), "its steps have no single price");
        }
        var series = new ReportSeries();
        if (!series.walk(steps.cursor(), price)
                || !series.total.equals(account.total().bounds().best().toBigInteger())
                || !series.retained.equals(account.retained().bounds().best().toBigInteger())) {
            return new Series(
                    List.of(), "the steps of the log do not add up to the total, which counts some of them otherwise");
        }
        return new Series(
                thinned(series.points),
                series.points.size() > MOST_POINTS
                        ? "One of " + (1 + series.points.size() / MOST_POINTS) + " points is shown, each exact."
                        : "Each point is exact.");
    }

    /** Returns the curve of a run of a ledger, which is read attempt by attempt. */
    public static Series of(RunAccount account) {
        List<Point> points = new ArrayList<>();
        BigInteger sum = BigInteger.ZERO;
        long ran = 0;
        points.add(new Point(0, 0, 0, null, sum, sum));
        int attempt = 0;
        for (Arithmetic part : account.arithmetic()) {
            sum = sum.add(part.figure().bounds().best().toBigInteger());
            ran += part.observations();
            attempt = part.attempt();
            points.add(new Point(attempt, part.lastStep(), ran, null, sum, sum));
        }
        BigInteger discarded = account.discarded().bounds().best().toBigInteger();
        Point last = points.remove(points.size() - 1);
        points.add(new Point(
                last.attempt(),
                last.step(),
                last.ran(),
                null,
                last.total(),
                last.total().subtract(discarded)));
        return new Series(
                points, "A ledger tells sums of each attempt and stage: straight between them, in observations.");
    }

    private boolean walk(LoggedSteps.Cursor row, Price price) {
        int attempt = -1;
        points.add(new Point(0, 0, 0, null, total, retained));
        while (row.next()) {
            BigInteger each = price.of(row);
            if (each == null) {
                return false;
            }
            if (row.attempt() != attempt && attempt >= 0) {
                goBack(row.first());
                points.add(new Point(row.attempt(), row.first() - 1, ran, null, total, retained));
            }
            attempt = row.attempt();
            BigInteger all = each.multiply(BigInteger.valueOf(row.count()));
            kept.addLast(new Kept(row.first(), row.count(), each));
            total = total.add(all);
            retained = retained.add(all);
            ran += row.count();
            points.add(new Point(attempt, row.first() + row.count() - 1, ran, ended(row), total, retained));
        }
        return true;
    }

    private static @Nullable Instant ended(LoggedSteps.Cursor row) {
        return row.has(StepField.ENDED_AT_MICROS)
                ? Instant.EPOCH.plus(row.value(StepField.ENDED_AT_MICROS), ChronoUnit.MICROS)
                : null;
    }

    /** Takes out of the weights what a new attempt does again. */
    private void goBack(long step) {
        while (!kept.isEmpty() && kept.getLast().first() >= step) {
            Kept gone = kept.removeLast();
            retained = retained.subtract(gone.each().multiply(BigInteger.valueOf(gone.count())));
        }
        if (!kept.isEmpty() && kept.getLast().first() + kept.getLast().count() > step) {
            Kept cut = kept.removeLast();
            long stays = step - cut.first();
            retained = retained.subtract(cut.each().multiply(BigInteger.valueOf(cut.count() - stays)));
            kept.addLast(new Kept(cut.first(), stays, cut.each()));
        }
    }

    /** Leaves out points between others, never one at which an attempt begins or ends. */
    private static List<Point> thinned(List<Point> points) {
        int every = 1 + points.size() / MOST_POINTS;
        List<Point> thinned = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            boolean isEdge = i == 0
                    || i == points.size() - 1
                    || points.get(i).attempt() != points.get(i - 1).attempt()
                    || points.get(i).attempt() != points.get(i + 1).attempt();
            if (isEdge || i % every == 0) {
                thinned.add(points.get(i));
            }
        }
        return thinned;
    }

    /** One price for one input, the same in every part of an account. */
    private record Price(String input, FlopCount each) {

        static @Nullable Price of(List<Arithmetic> parts) {
            Price only = null;
            for (Arithmetic part : parts) {
                if (part.best().size() != 1) {
                    return null;
                }
                Arithmetic.Product product = part.best().get(0);
                var price = new Price(product.input(), product.each());
                if (only != null && !only.equals(price)) {
                    return null;
                }
                only = price;
            }
            return only;
        }

        @Nullable
        BigInteger of(LoggedSteps.Cursor row) {
            StepField field =
                    input.equals("sequences") ? StepField.SEQUENCES : input.equals("tokens") ? StepField.TOKENS : null;
            if (field == null) {
                FlopCount reported = row.reportedFlop();
                return reported == null ? null : reported.toBigInteger();
            }
            return row.has(field) ? BigInteger.valueOf(row.value(field)).multiply(each.toBigInteger()) : null;
        }
    }
}
