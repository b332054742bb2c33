package org.flopledger.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.account.RunAccount;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What is to be shown of many runs, whatever shows it: figures, verdicts, how each figure was counted, and what was left out.
 *
 * <p>The same content gives the same bytes of {@link #toJson}: no clock is read. Immutable, but for the series' arrays, which nobody
 * changes.
 *
 * <p>Made by anyone who shows runs, as the command does; a page, Markdown and JSON are written from it.
 *
 * @param library version of this library
 * @param origin what was read, in words
 * @param ledgerHead hash of the ledger's last record; null for logs
 * @param profiles the rules that were asked
 * @param runs the runs
 * @param remarks what was rejected, repeated or measured beside the runs
 */
public record ComputeReport(
        String library,
        String origin,
        @Nullable String ledgerHead,
        List<String> profiles,
        List<Run> runs,
        List<Remark> remarks) {

    /** Copies the lists. */
    public ComputeReport {
        profiles = List.copyOf(profiles);
        runs = List.copyOf(runs);
        remarks = List.copyOf(remarks);
    }

    /**
     * One run. What is not known is null.
     *
     * @param number its number in the report, from 1
     * @param name its identity
     * @param source where it was read
     * @param model what was trained
     * @param details names and values of what its log says, in order
     * @param account what it cost
     * @param facts what rules may know of it
     * @param assessments what each rule asked says of it
     * @param findings what was found
     * @param methods every method's figure for the whole run, side by side
     * @param hardware what it ran on
     * @param events when something about the model or its training method changed
     * @param series cumulative FLOP
     * @param prices what one unit of input costs, operation by operation
     * @param warnings what to know about its figures
     */
    public record Run(
            int number,
            String name,
            @Nullable String source,
            @Nullable String model,
            Map<String, String> details,
            RunAccount account,
            Facts facts,
            List<Assessment> assessments,
            List<Finding> findings,
            List<MethodFigure> methods,
            @Nullable Hardware hardware,
            List<Event> events,
            Series series,
            List<Price> prices,
            List<Remark> warnings) {

        /** Copies the lists. */
        public Run {
            assessments = List.copyOf(assessments);
            findings = List.copyOf(findings);
            methods = List.copyOf(methods);
            events = List.copyOf(events);
            prices = List.copyOf(prices);
            warnings = List.copyOf(warnings);
        }

        /** Returns the interval of everything that ran, or null if nothing of it is priced. */
        public @Nullable FlopBounds total() {
            return account.total().covered() == 0 ? null : account.total().bounds();
        }
    }

    /** A figure of the whole run by one method, and under which convention. */
    public record MethodFigure(CountingMethod method, FlopBounds bounds, String convention) {}

    /**
     * What a run ran on.
     *
     * @param devices how many accelerators
     * @param model which
     * @param ceiling the most they could have done in the time of the run
     * @param utilisation the share of their peak rate that the model's operations took
     */
    public record Hardware(
            @Nullable Long devices,
            @Nullable String model,
            @Nullable FlopCount ceiling,
            @Nullable BigDecimal utilisation) {}

    /** Something about experts or a training method that holds for steps of an attempt. */
    public record Event(String what, int attempt, long firstStep, long lastStep) {}

    /**
     * Operations of one shape within the price of a unit of input.
     *
     * @param unit what is priced, in words
     * @param name the operation
     * @param shape its shape
     * @param times how many there are
     * @param forward FLOP of each forward
     * @param backward FLOP of each in the backward pass
     */
    public record Price(String unit, String name, String shape, int times, FlopCount forward, FlopCount backward) {
        /** Returns what all of them cost. */
        public BigInteger all() {
            return forward.toBigInteger().add(backward.toBigInteger()).multiply(BigInteger.valueOf(times));
        }
    }

    /** Something to know: a code, how often, where first or of what, and why. */
    public record Remark(String kind, String code, long count, String what, String why) {}

    /**
     * Cumulative FLOP, point by point in the order in which steps ran.
     *
     * @param points the points; empty where the log does not tell steps
     * @param why what the points are, or why there are none
     */
    public record Series(List<Point> points, String why) {
        /** Copies the list. */
        public Series {
            points = List.copyOf(points);
        }
    }

    /**
     * Where a run stood.
     *
     * @param attempt the attempt
     * @param step the optimizer step that had ended
     * @param ran how many steps had run, repeated ones counted
     * @param at when; null if unknown
     * @param total FLOP of everything that had run
     * @param retained of it, what is still in the weights at that moment
     */
    public record Point(
            int attempt, long step, long ran, @Nullable Instant at, BigInteger total, BigInteger retained) {}

    /** Returns what the runs cost together, by method; sums of unlike methods are no one figure. */
    public Map<CountingMethod, BigInteger> together() {
        Map<CountingMethod, BigInteger> sums = new TreeMap<>();
        runs.forEach(run -> run.account()
                .total()
                .parts()
                .forEach((method, part) ->
                        sums.merge(method, part.bounds().best().toBigInteger(), BigInteger::add)));
        return sums;
    }

    /** Returns the report as canonical JSON of schema {@code flopledger.report/1}, without a final line feed. */
    public String toJson() {
        return new ComputeReportJson(this).text();
    }
}
