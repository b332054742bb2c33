package org.flopledger;

import java.math.BigInteger;
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
import java.util.stream.Collectors;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.Projection;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewRule;
import org.flopledger.review.Verdict;
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

    /** The shipped rule whose tolerance of 30 % is used for claims. */
    private static final String CLAIMS_RULE = "cross-check-methods";

    private static final String PLAUSIBILITY = "plausibility";
    private static final BigInteger THIRTEEN = BigInteger.valueOf(13);

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
        String run = watch.mark().run();
        RunAccount account = book.account(run);
        Facts after = RunFacts.of(watch.known(), account, lastStep(account), lastSeen(account));
        List<RunFinding> fresh = new ArrayList<>();
        for (ReviewRule rule : rules) {
            for (Finding finding : findings(rule, watch.before(), after)) {
                if (isNew(run, rule, finding.kind())) {
                    boolean isOfAmount = isCrossing(finding.kind()) || finding.kind() == FindingKind.ENTERED_MARGIN;
                    add(run, isOfAmount ? located(book, validation, watch, rule, finding) : finding, fresh);
                }
            }
        }
        addClaims(account, fresh);
        return fresh;
    }

    /**
     * Returns what the rules find in a run as it is, though it has no new step, and logs it: a profile, the run, its model or a
     * retraction came after its steps. A line that it had passed by then is found above, with the step at which it was passed.
     */
    List<RunFinding> standing(AccountBook book, String run, @Nullable RunSpec spec) {
        Facts known = spec == null ? Facts.none() : spec.known();
        RunAccount account = book.account(run);
        boolean isEmpty = account.totals().isEmpty();
        List<RunFinding> fresh = new ArrayList<>();
        if (isIdle() || (isEmpty && known.ancestors().isEmpty())) {
            return fresh;
        }
        Facts now = RunFacts.of(known, account, null, null);
        for (ReviewRule rule : rules) {
            for (Finding finding : findings(rule, Facts.none(), now)) {
                if (isNew(run, rule, finding.kind())) {
                    if (isCrossing(finding.kind())) {
                        add(run, foundAbove(book, run, known, rule, finding), fresh);
                    } else if (!isEmpty) {
                        add(run, finding, fresh);
                    }
                }
            }
        }
        addClaims(account, fresh);
        return fresh;
    }

    private static boolean isCrossing(FindingKind kind) {
        return kind == FindingKind.CROSSED || kind == FindingKind.RATIO_CROSSED;
    }

    private boolean isNew(String run, ReviewRule rule, FindingKind kind) {
        return !log.contains(run, rule.id(), kind)
                && !(isCrossing(kind) && log.contains(run, rule.id(), FindingKind.FOUND_ABOVE));
    }

    private void add(String run, Finding finding, List<RunFinding> fresh) {
        RunFinding made = new RunFinding(run, finding);
        if (log.add(made)) {
            fresh.add(made);
        }
    }

    private static Finding foundAbove(AccountBook book, String run, Facts known, ReviewRule rule, Finding finding) {
        AccountBook.Position position = book.firstStep(
                        run,
                        account -> findings(rule, Facts.none(), RunFacts.of(known, account, null, null)).stream()
                                .anyMatch(other -> other.kind() == finding.kind()))
                .orElse(null);
        String when = position == null
                ? "; passed before its first step"
                : "; passed in attempt " + position.attempt() + " at step " + position.step();
        return new Finding(
                rule.id(),
                FindingKind.FOUND_ABOVE,
                finding.verdict(),
                finding.flop(),
                position == null ? null : position.step(),
                null,
                finding.summary().replaceFirst(finding.kind().name(), FindingKind.FOUND_ABOVE.name()) + when);
    }

    /** Says once of each run that steps of it were recorded with figures that cannot have been; whichever rules are in force. */
    List<RunFinding> implausible(Set<String> runs, Set<StepColumn> columns) {
        List<RunFinding> fresh = new ArrayList<>();
        String reasons = columns.stream().map(StepColumn::name).collect(Collectors.joining(", "));
        for (String run : runs) {
            add(
                    run,
                    new Finding(
                            PLAUSIBILITY,
                            FindingKind.IMPLAUSIBLE,
                            Verdict.UNDETERMINED,
                            null,
                            null,
                            null,
                            PLAUSIBILITY + " IMPLAUSIBLE: a step was recorded with figures that cannot have been ("
                                    + reasons + "); it counts as observed, without any figure"),
                    fresh);
        }
        return fresh;
    }

    /** Says once of a run that what was reported is beyond what its model can have needed, on either side. */
    private void addClaims(RunAccount account, List<RunFinding> fresh) {
        if (log.contains(account.run(), CLAIMS_RULE, FindingKind.METHODS_DISAGREE)) {
            return;
        }
        RunAccount.Claims claims = account.claims();
        BigInteger reported = claims.reported().toBigInteger();
        BigInteger high = claims.priced().high().toBigInteger();
        BigInteger low = claims.priced().low().toBigInteger();
        // More than 30 % beyond the interval, in whole numbers.
        boolean isApart = reported.multiply(BigInteger.TEN).compareTo(high.multiply(THIRTEEN)) > 0
                || reported.multiply(THIRTEEN).compareTo(low.multiply(BigInteger.TEN)) < 0;
        if (claims.observations() > 0 && isApart) {
            add(
                    account.run(),
                    new Finding(
                            CLAIMS_RULE,
                            FindingKind.METHODS_DISAGREE,
                            Verdict.UNDETERMINED,
                            claims.reported(),
                            lastStep(account),
                            lastSeen(account),
                            CLAIMS_RULE + " METHODS_DISAGREE: "
                                    + claims.reported().toScientific(4)
                                    + " FLOP reported, "
                                    + claims.priced().low().toScientific(4) + " to "
                                    + claims.priced().high().toScientific(4) + " by the model, for the same "
                                    + claims.observations() + " observations"),
                    fresh);
        }
    }

    private static List<Finding> findings(ReviewRule rule, Facts before, Facts after) {
        return only(rule).findings(before, after);
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
            for (Finding finding : findings(rule, Facts.none(), now)) {
                holding.add(new FindingLog.Key(run, rule.id(), finding.kind()));
                if (isCrossing(finding.kind())) {
                    holding.add(new FindingLog.Key(run, rule.id(), FindingKind.FOUND_ABOVE));
                }
            }
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

    static @Nullable Instant firstSeen(RunAccount account) {
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

    static @Nullable Long lastStep(RunAccount account) {
        return account.totals().cells().stream()
                .map(CellTotals::lastStep)
                .max(Long::compare)
                .orElse(null);
    }

    static @Nullable Instant lastSeen(RunAccount account) {
        return account.totals().cells().stream()
                .flatMap(cell -> cell.lastSeen().stream())
                .max(Instant::compareTo)
                .orElse(null);
    }
}
