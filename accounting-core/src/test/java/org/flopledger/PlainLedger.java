package org.flopledger;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flopledger.review.FindingKind;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger must say, in the plainest way: a list of rows, from which every figure is added up anew, and the findings made so
 * far.
 */
final class PlainLedger {

    /** A finding; step and FLOP are held where a line was crossed, where they are exact. */
    record Found(
            String run,
            String rule,
            FindingKind kind,
            @Nullable Long step,
            @Nullable BigInteger flop) {

        boolean isOf(String otherRun, String otherRule, FindingKind otherKind) {
            return run.equals(otherRun) && rule.equals(otherRule) && kind == otherKind;
        }

        boolean isCrossing() {
            return kind == FindingKind.CROSSED || kind == FindingKind.FOUND_ABOVE;
        }
    }

    /** What became of rows. */
    record Outcome(int accepted, int duplicates, int conflicts, Map<String, Integer> refused) {}

    /** What some rows cost, and how many of them have a figure. */
    record Figure(
            BigInteger low, BigInteger best, BigInteger high, BigInteger executed, Map<CountingMethod, Long> covered) {

        long coveredRows() {
            return covered.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final Map<PlainRow.Key, PlainRow> rows = new LinkedHashMap<>();
    private final Map<String, Set<CountingMethod>> formulas = new HashMap<>();
    private final Set<String> registered = new TreeSet<>();
    private final List<Found> findings = new ArrayList<>();
    private final List<Found> standing = new ArrayList<>();
    private final List<String> retractions = new ArrayList<>();
    private Map<String, BigInteger> lines = Map.of();

    PlainLedger copy() {
        PlainLedger copy = new PlainLedger();
        copy.rows.putAll(rows);
        formulas.forEach((model, methods) -> copy.formulas.put(model, EnumSet.copyOf(methods)));
        copy.registered.addAll(registered);
        copy.findings.addAll(findings);
        copy.standing.addAll(standing);
        copy.retractions.addAll(retractions);
        copy.lines = lines;
        return copy;
    }

    /** Has other lines in force, by name. */
    void open(Map<String, BigInteger> linesInForce) {
        lines = Map.copyOf(linesInForce);
    }

    /** Finds what holds of every run, as on opening. */
    void findStanding() {
        runs().forEach(this::findStanding);
    }

    void register(String run, @Nullable String model, Collection<CountingMethod> methods) {
        registered.add(run);
        if (model != null) {
            formulas.computeIfAbsent(model, key -> EnumSet.noneOf(CountingMethod.class))
                    .addAll(methods);
        }
    }

    /** Returns whether the same was said of runs and models. */
    boolean isToldAs(PlainLedger other) {
        return formulas.equals(other.formulas) && registered.equals(other.registered);
    }

    /** Returns the runs that were described. */
    Set<String> registered() {
        return Set.copyOf(registered);
    }

    /** Returns the methods that price a model. */
    Set<CountingMethod> pricesOf(String model) {
        return Set.copyOf(formulas.getOrDefault(model, Set.of()));
    }

    private Set<CountingMethod> pricesOf(PlainRow row) {
        return row.model() == null ? Set.of() : formulas.getOrDefault(row.model(), Set.of());
    }

    /** Steps of one source that follow one another and cannot have been. */
    record Absurd(String run, int attempt, String source, long first, long last) {}

    /** Returns the steps held that cannot have been once a model has these prices too, by run, attempt, source and step. */
    List<Absurd> absurdWith(String model, Collection<CountingMethod> methods) {
        Set<CountingMethod> all = EnumSet.noneOf(CountingMethod.class);
        all.addAll(formulas.getOrDefault(model, Set.of()));
        all.addAll(methods);
        List<Absurd> absurd = new ArrayList<>();
        rows.values().stream()
                .filter(row -> model.equals(row.model()) && row.isBeyond(all))
                .sorted(Comparator.comparing(PlainRow::run)
                        .thenComparing(PlainRow::attempt)
                        .thenComparing(PlainRow::source)
                        .thenComparing(PlainRow::step))
                .forEach(row -> {
                    Absurd one = new Absurd(row.run(), row.attempt(), row.source(), row.step(), row.step());
                    Absurd last = absurd.isEmpty() ? null : absurd.get(absurd.size() - 1);
                    if (last != null
                            && last.equals(new Absurd(one.run, one.attempt, one.source, last.first, one.first - 1))) {
                        absurd.set(
                                absurd.size() - 1, new Absurd(one.run, one.attempt, one.source, last.first, one.first));
                    } else {
                        absurd.add(one);
                    }
                });
        return absurd;
    }

    /** Takes the figures of steps back; they stay. Returns of how many. */
    int strip(Absurd steps) {
        rows.replaceAll((key, row) -> isOf(row, steps.run, steps.attempt, steps.first, steps.last, steps.source)
                ? row.withoutFigures(row.source())
                : row);
        int stripped = (int) (steps.last - steps.first + 1);
        lapse(steps.run);
        retractions.add(steps.run + " " + steps.attempt + " " + steps.first + " " + steps.last + " " + steps.source
                + " " + stripped);
        return stripped;
    }

    /** Says once of a run that steps of it cannot have been. */
    void findImplausible(String run) {
        find(run, "plausibility", FindingKind.IMPLAUSIBLE, null, null);
    }

    /** Returns all runs that are known. */
    Set<String> runs() {
        Set<String> all = new TreeSet<>(registered);
        rows.values().forEach(row -> all.add(row.run()));
        return all;
    }

    List<PlainRow> rowsOf(String run) {
        return rows.values().stream().filter(row -> row.run().equals(run)).toList();
    }

    int highestAttempt(String run) {
        return rowsOf(run).stream().mapToInt(PlainRow::attempt).max().orElse(-1);
    }

    List<Found> findings() {
        return findings;
    }

    /** Takes the rows that have nothing wrong with them; the others are only counted. */
    Outcome takeGood(List<PlainRow> offered) {
        Map<String, Integer> refused = new TreeMap<>();
        List<PlainRow> good = new ArrayList<>();
        for (PlainRow row : offered) {
            String fault = row.fault(pricesOf(row));
            if (fault == null) {
                good.add(row);
            } else {
                refused.merge(fault, 1, Integer::sum);
            }
        }
        return take(good, refused);
    }

    /**
     * Takes what was refused, without its figures: what is implausible, and of recorded steps whatever is wrong with them, as
     * of a source of its own. Returns whether there was anything.
     */
    boolean takeRefused(List<PlainRow> offered, boolean isLive) {
        List<PlainRow> bare = new ArrayList<>();
        List<PlainRow> implausible = new ArrayList<>();
        for (PlainRow row : offered) {
            String fault = row.fault(pricesOf(row));
            if (fault != null && fault.endsWith("IMPLAUSIBLE")) {
                implausible.add(row.withoutFigures(row.source()));
            } else if (fault != null && isLive) {
                bare.add(row.withoutFigures("(rejected)"));
            }
        }
        bare.addAll(implausible);
        Outcome unused = take(bare, Map.of());
        for (PlainRow row : bare) {
            findImplausible(row.run());
        }
        return !bare.isEmpty();
    }

    private Outcome take(List<PlainRow> good, Map<String, Integer> refused) {
        PlainLedger before = copy();
        Map<String, List<PlainRow>> added = new LinkedHashMap<>();
        int duplicates = 0;
        int conflicts = 0;
        for (PlainRow row : good) {
            PlainRow held = rows.putIfAbsent(row.key(), row);
            if (held == null) {
                added.computeIfAbsent(row.run(), run -> new ArrayList<>()).add(row);
            } else if (held.equals(row)) {
                duplicates++;
            } else {
                conflicts++;
            }
        }
        added.forEach((run, fresh) -> findAfter(before, run, fresh));
        int accepted = added.values().stream().mapToInt(List::size).sum();
        return new Outcome(accepted, duplicates, conflicts, refused);
    }

    private void findAfter(PlainLedger before, String run, List<PlainRow> fresh) {
        lines.forEach((rule, line) -> {
            boolean wasPassed = before.isPassed(run, line);
            if (!wasPassed && isPassed(run, line)) {
                List<PlainRow> prefix = new ArrayList<>(before.rowsOf(run));
                for (PlainRow row : fresh) {
                    prefix.add(row);
                    Figure there = figure(prefix);
                    if (there.low.compareTo(line) > 0) {
                        find(run, rule, FindingKind.CROSSED, row.step(), there.best);
                        break;
                    }
                }
            }
            if (isInMargin(run, line) && !before.isInMargin(run, line) && !wasPassed) {
                find(run, rule, FindingKind.ENTERED_MARGIN, null, null);
            }
        });
        findClaims(run);
    }

    /** Finds what holds of a run though it has no new row. */
    void findStanding(String run) {
        lines.forEach((rule, line) -> {
            if (isPassed(run, line)) {
                find(run, rule, FindingKind.FOUND_ABOVE, firstStepAbove(run, line), figure(rowsOf(run)).best);
            }
            if (isInMargin(run, line)) {
                find(run, rule, FindingKind.ENTERED_MARGIN, null, null);
            }
        });
        findClaims(run);
    }

    private Long firstStepAbove(String run, BigInteger line) {
        List<PlainRow> all = rowsOf(run);
        List<PlainRow> ends = new ArrayList<>(all);
        ends.sort((a, b) -> a.attempt() != b.attempt()
                ? Integer.compare(a.attempt(), b.attempt())
                : Long.compare(a.step(), b.step()));
        for (PlainRow end : ends) {
            List<PlainRow> until = all.stream()
                    .filter(row -> row.attempt() < end.attempt()
                            || (row.attempt() == end.attempt() && row.step() <= end.step()))
                    .toList();
            if (figure(until).low.compareTo(line) > 0) {
                return end.step();
            }
        }
        throw new AssertionError("the run is above the line");
    }

    private void find(String run, String rule, FindingKind kind, @Nullable Long step, @Nullable BigInteger flop) {
        Found made = new Found(run, rule, kind, step, flop);
        boolean isKnown = standing.stream()
                .anyMatch(one -> one.isOf(run, rule, kind)
                        || (made.isCrossing() && one.isCrossing() && one.isOf(run, rule, one.kind)));
        if (!isKnown) {
            findings.add(made);
            standing.add(made);
        }
    }

    /** Claims beyond the interval of the same rows by more than 30 %. */
    private void findClaims(String run) {
        BigInteger low = BigInteger.ZERO;
        BigInteger high = BigInteger.ZERO;
        BigInteger claimed = BigInteger.ZERO;
        for (List<PlainRow> cell : cells(rowsOf(run)).values()) {
            boolean isPriced = isModel(methodOf(cell.get(0)));
            if (isPriced && cell.stream().allMatch(row -> row.reported() != null)) {
                for (PlainRow row : cell) {
                    low = low.add(row.low(methodOf(row)));
                    high = high.add(row.high(methodOf(row)));
                    claimed = claimed.add(row.claim());
                }
            }
        }
        BigInteger ten = BigInteger.TEN;
        BigInteger thirteen = BigInteger.valueOf(13);
        boolean isApart = claimed.multiply(ten).compareTo(high.multiply(thirteen)) > 0
                || claimed.multiply(thirteen).compareTo(low.multiply(ten)) < 0;
        if (isApart && !lines.isEmpty()) {
            find(run, "cross-check-methods", FindingKind.METHODS_DISAGREE, null, null);
        }
    }

    private static boolean isModel(@Nullable CountingMethod method) {
        return method == CountingMethod.ARCHITECTURE || method == CountingMethod.PARAMETER_TOKEN;
    }

    private static Map<PlainRow.Cell, List<PlainRow>> cells(List<PlainRow> some) {
        Map<PlainRow.Cell, List<PlainRow>> cells = new LinkedHashMap<>();
        some.forEach(row ->
                cells.computeIfAbsent(row.cell(), cell -> new ArrayList<>()).add(row));
        return cells;
    }

    /** Takes rows back; returns how many. */
    int retract(String run, int attempt, long first, long last, @Nullable String source) {
        int before = rows.size();
        rows.values().removeIf(row -> isOf(row, run, attempt, first, last, source));
        lapse(run);
        retractions.add(run + " " + attempt + " " + first + " " + last + " " + source + " " + (before - rows.size()));
        return before - rows.size();
    }

    private static boolean isOf(PlainRow row, String run, int attempt, long first, long last, @Nullable String source) {
        return row.run().equals(run)
                && row.attempt() == attempt
                && row.step() >= first
                && row.step() <= last
                && (source == null || source.equals(row.source()));
    }

    private void lapse(String run) {
        standing.removeIf(found -> found.run.equals(run) && lapsed(found));
    }

    private boolean lapsed(Found found) {
        BigInteger line = lines.get(found.rule);
        if (line == null) {
            return false;
        }
        return found.isCrossing() ? !isPassed(found.run, line) : !isInMargin(found.run, line);
    }

    private boolean isPassed(String run, BigInteger line) {
        return figure(rowsOf(run)).low.compareTo(line) > 0;
    }

    private boolean isInMargin(String run, BigInteger line) {
        List<PlainRow> all = rowsOf(run);
        Figure figure = figure(all);
        return !all.isEmpty()
                && figure.coveredRows() == all.size()
                && figure.low.compareTo(line) <= 0
                && figure.high.compareTo(line) > 0;
    }

    @Nullable
    CountingMethod methodOf(PlainRow row) {
        return row.method(pricesOf(row));
    }

    Figure figure(List<PlainRow> some) {
        BigInteger low = BigInteger.ZERO;
        BigInteger best = BigInteger.ZERO;
        BigInteger executed = BigInteger.ZERO;
        BigInteger high = BigInteger.ZERO;
        Map<CountingMethod, Long> covered = new EnumMap<>(CountingMethod.class);
        for (List<PlainRow> cell : cells(some).values()) {
            BigInteger most = BigInteger.ZERO;
            BigInteger claimed = BigInteger.ZERO;
            for (PlainRow row : cell) {
                CountingMethod method = methodOf(row);
                low = low.add(row.low(method));
                best = best.add(row.best(method));
                executed = executed.add(row.executed(method));
                most = most.add(row.high(method));
                claimed = claimed.add(row.claim());
                if (method != null) {
                    covered.merge(method, 1L, Long::sum);
                }
            }
            high = high.add(most.max(claimed));
        }
        return new Figure(low, best, high, executed, covered);
    }

    /** Returns the rows that a later attempt threw away: those from its first step that updates weights. */
    private List<PlainRow> discarded(List<PlainRow> all) {
        return all.stream()
                .filter(row -> all.stream()
                        .anyMatch(later -> later.attempt() > row.attempt()
                                && later.stage() != Stage.EVALUATION
                                && later.step() <= row.step()))
                .toList();
    }

    /** Returns all that a ledger shows of this. */
    Map<String, Object> view() {
        Map<String, Object> view = new TreeMap<>();
        view.put("findings", sorted(findings));
        view.put("retractions", List.copyOf(retractions));
        for (String run : runs()) {
            List<PlainRow> all = rowsOf(run);
            Figure total = figure(all);
            List<PlainRow> discarded = discarded(all);
            Figure thrownAway = figure(discarded);
            view.put("run " + run, List.of(total, all.size(), thrownAway.best, thrownAway.executed, discarded.size()));
            Set<Stage> stages = new LinkedHashSet<>();
            all.forEach(row -> stages.add(row.stage()));
            for (Stage stage : stages) {
                Figure part =
                        figure(all.stream().filter(row -> row.stage() == stage).toList());
                view.put("run " + run + " " + stage, part);
            }
        }
        return view;
    }

    static List<String> sorted(List<Found> some) {
        return some.stream().map(Objects::toString).sorted().toList();
    }
}
