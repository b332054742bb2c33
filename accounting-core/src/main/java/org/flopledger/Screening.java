package org.flopledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.flopledger.account.AccountBook;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.review.Evaluation;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.Projection;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewRule;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the accounts of runs by the rules in force, before and after a batch, and logs what was found.
 *
 * <p>Each (run, rule, kind) is found once. Until a rule has something to say of a whole batch nothing is searched; then the
 * exact row is found by bisection. Confined to the ledger's lock.
 */
final class Screening {

    private final List<ReviewRule> rules;
    private final FindingLog log;

    /**
     * A run that a batch is about to change.
     *
     * @param mark its account as it was
     * @param known what was said of it beforehand
     * @param before the facts as they were
     */
    record Watch(AccountBook.Mark mark, Facts known, Facts before) {}

    /** Reads accounts by the rules of the profiles, and adds what is found to a log. */
    Screening(Map<String, ReviewProfile> profiles, FindingLog log) {
        this.log = log;
        Set<String> names = new HashSet<>();
        rules = profiles.values().stream()
                .flatMap(profile -> profile.rules().stream())
                .filter(rule -> names.add(rule.id()))
                .toList();
    }

    /** Returns whether no rule is in force, so that nothing is ever found. */
    boolean isIdle() {
        return rules.isEmpty();
    }

    /** Returns the runs that a batch may change, as they are now, before any of its rows is admitted. */
    List<Watch> before(AccountBook book, Validation validation, Function<String, @Nullable RunSpec> specs) {
        if (isIdle()) {
            return List.of();
        }
        List<Watch> watches = new ArrayList<>();
        for (String run : touched(validation)) {
            RunSpec spec = specs.apply(run);
            Facts known = spec == null ? Facts.none() : spec.known();
            AccountBook.Mark mark = book.mark(run);
            RunAccount account = mark.account();
            Facts before = account.totals().isEmpty() ? Facts.none() : RunFacts.of(known, account, null, null);
            watches.add(new Watch(mark, known, before));
        }
        return watches;
    }

    /** Returns the runs of which a batch has accepted rows. */
    static Set<String> touched(Validation validation) {
        StepBatch batch = validation.batch();
        Set<String> runs = new LinkedHashSet<>();
        int last = -1;
        for (int row = 0; row < batch.rows(); row++) {
            if (validation.mask().isAccepted(row) && batch.runIndex(row) != last) {
                last = batch.runIndex(row);
                runs.add(batch.runs().get(last));
            }
        }
        return runs;
    }

    /** Returns what the rules find in a run after a batch was added, and logs it. */
    List<RunFinding> after(AccountBook book, Validation validation, Watch watch) {
        RunAccount account = book.account(watch.mark().run());
        Facts after = RunFacts.of(watch.known(), account, lastStep(account), lastSeen(account));
        List<RunFinding> fresh = new ArrayList<>();
        for (ReviewRule rule : rules) {
            for (Finding finding : findings(rule, watch.before(), after)) {
                if (!log.contains(watch.mark().run(), rule.id(), finding.kind())) {
                    var made = new RunFinding(watch.mark().run(), located(book, validation, watch, rule, finding));
                    log.add(made);
                    fresh.add(made);
                }
            }
        }
        return fresh;
    }

    private static List<Finding> findings(ReviewRule rule, Facts before, Facts after) {
        return Evaluation.findings(only(rule), before, after);
    }

    /** Returns what was found of a run and, by the rules in force, does not hold of it any more. */
    List<FindingLog.Key> lapsed(AccountBook book, String run, @Nullable RunSpec spec) {
        RunAccount account = book.account(run);
        Facts now = account.totals().isEmpty()
                ? Facts.none()
                : RunFacts.of(spec == null ? Facts.none() : spec.known(), account, null, null);
        Set<FindingLog.Key> holding = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (ReviewRule rule : rules) {
            ids.add(rule.id());
            findings(rule, Facts.none(), now)
                    .forEach(finding -> holding.add(new FindingLog.Key(run, rule.id(), finding.kind())));
        }
        return log.standing(run).stream()
                .filter(key -> ids.contains(key.rule()) && !holding.contains(key))
                .toList();
    }

    /** Returns the finding as it stood at the first row that brings it about. */
    private static Finding located(
            AccountBook book, Validation validation, Watch watch, ReviewRule rule, Finding atEnd) {
        OptionalInt row = book.firstRow(
                validation,
                watch.mark(),
                account -> same(rule, watch, RunFacts.of(watch.known(), account, null, null), atEnd.kind()) != null);
        if (row.isEmpty()) {
            // What the batch threw away decides, not a row of it: the finding belongs to the whole batch.
            return atEnd;
        }
        StepBatch batch = validation.batch();
        Facts there = RunFacts.of(
                watch.known(),
                book.accountAt(validation, watch.mark(), row.getAsInt()),
                batch.step(row.getAsInt()),
                endedAt(batch, row.getAsInt()));
        Finding finding = same(rule, watch, there, atEnd.kind());
        return finding == null ? atEnd : finding;
    }

    private static @Nullable Finding same(ReviewRule rule, Watch watch, Facts facts, FindingKind kind) {
        return findings(rule, watch.before(), facts).stream()
                .filter(finding -> finding.kind() == kind)
                .findFirst()
                .orElse(null);
    }

    /** Returns what the rules in force will say of a run that goes on as it did. */
    List<Projection.Crossing> project(
            @Nullable RunSpec spec, RunAccount account, @Nullable Long plannedSteps, InstantSource clock) {
        Long last = lastStep(account);
        ComputeFigure total = account.total();
        if (last == null || last < 1 || total.covered() == 0) {
            return List.of();
        }
        Stage stage = spec == null ? Stage.UNKNOWN : spec.stage();
        Instant begin = firstSeen(account);
        Instant end = lastSeen(account);
        Duration elapsed = begin == null || end == null ? null : Duration.between(begin, end);
        Facts facts = RunFacts.of(spec == null ? Facts.none() : spec.known(), account, last, end);
        var pace = Projection.Pace.soFar(stage, total.bounds(), last, elapsed, plannedSteps);
        return rules.stream()
                .flatMap(rule -> Projection.of(only(rule), facts, pace, clock).stream())
                .toList();
    }

    private static ReviewProfile only(ReviewRule rule) {
        return new ReviewProfile(rule.id(), rule.title(), List.of(rule));
    }

    private static @Nullable Instant firstSeen(RunAccount account) {
        return account.totals().cells().stream()
                .flatMap(cell -> cell.firstSeen().stream())
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static @Nullable Instant endedAt(StepBatch batch, int row) {
        if (batch.data(StepColumn.ENDED_AT) == 0 || !batch.isKnown(StepColumn.ENDED_AT, row)) {
            return null;
        }
        return Instant.EPOCH.plus(batch.longAt(StepColumn.ENDED_AT, row), ChronoUnit.MICROS);
    }

    private static @Nullable Long lastStep(RunAccount account) {
        return account.totals().cells().stream()
                .map(CellTotals::lastStep)
                .max(Long::compare)
                .orElse(null);
    }

    private static @Nullable Instant lastSeen(RunAccount account) {
        return account.totals().cells().stream()
                .flatMap(cell -> cell.lastSeen().stream())
                .max(Instant::compareTo)
                .orElse(null);
    }
}
