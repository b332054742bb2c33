package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.SimulatedJournal;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * A random life of a durable ledger, seen from outside: runs and models that come early or late, steps by batch and by handle,
 * repeats, contradictions, values that are refused, retractions, lines drawn later, a disk that fails, and deaths. After
 * each operation the ledger must say what {@link PlainLedger} says.
 *
 * <p>The law of a death: each commit is there wholly or not at all, none without those before it, and all that were
 * acknowledged. So what is opened again is one of the states since the last acknowledgement.
 *
 * <p>Everything asked of the ledger follows from the seed. At which call the disk fails may differ where a thread of the ledger
 * calls it too.
 */
final class HistorySchedule {

    private static final int MOST_SESSIONS = 4;
    private static final int MOST_OPERATIONS = 9;
    private static final int MOST_LINES = 4;
    private static final Duration NEVER = Duration.ofMinutes(1);
    private static final List<String> RUNS = List.of("orion", "lyra");
    private static final List<String> MODELS = List.of("dense", "wide");
    private static final List<List<CountingMethod>> PRICES = List.of(
            List.of(CountingMethod.PARAMETER_TOKEN),
            List.of(CountingMethod.ARCHITECTURE),
            List.of(CountingMethod.ARCHITECTURE, CountingMethod.PARAMETER_TOKEN));

    /** What a schedule did, to show that the generator reaches what it is for. */
    enum Event {
        FAILURE,
        TOLD_OF_FAILURE,
        KILL,
        CLOSE,
        ROLLBACK,
        RETRACTION,
        LATE_PRICE,
        LATE_REFUSAL,
        LOSS,
        REFUSAL,
        REPEAT,
        CONFLICT,
        CROSSED,
        FOUND_ABOVE,
        ON_THE_LINE,
        PENDING_DEATH
    }

    private final long seed;
    private final Random random;
    private final RandomRows generator;
    private final SimulatedJournal disk;
    private final AtomicReference<@Nullable Journal> journal = new AtomicReference<>();
    private final Map<Event, Integer> events = Collections.synchronizedMap(new EnumMap<>(Event.class));

    /** How each run was described so far, as far as the ledger may know it. */
    private final Map<String, String> modelOfRun = new TreeMap<>();

    private final Map<String, BigInteger> lines = new TreeMap<>();

    /** The states that the disk may hold: the last one acknowledged, and those after it. Never empty. */
    private List<PlainLedger> possible = new ArrayList<>(List.of(new PlainLedger()));

    /** Recorded steps that were taken in since the last acknowledgement: they may be on the disk or not. */
    private int unacknowledged;

    private boolean descriptionsAreSure = true;
    private final List<RunFinding> heardEver = new ArrayList<>();

    HistorySchedule(long seed) {
        this.seed = seed;
        random = new Random(seed);
        generator = new RandomRows(random, RUNS, MODELS);
        disk = new SimulatedJournal(seed ^ 0x5DEE_CE66DL);
    }

    /** Runs to the end; returns how often what happened. */
    Map<Event, Integer> run() {
        int sessions = 1 + random.nextInt(MOST_SESSIONS);
        for (int session = 0; session < sessions; session++) {
            session(true);
        }
        // On a good day.
        disk.newProcess();
        session(false);
        return events;
    }

    private void count(Event event) {
        events.merge(event, 1, Integer::sum);
    }

    private PlainLedger now() {
        return possible.get(possible.size() - 1);
    }

    /** Begins the next state that the disk may come to hold. */
    private PlainLedger next() {
        PlainLedger next = now().copy();
        possible.add(next);
        return next;
    }

    private void acknowledge() {
        unacknowledged = 0;
        possible = new ArrayList<>(List.of(now()));
    }

    private void session(boolean mayFail) {
        if (mayFail && random.nextInt(6) == 0) {
            plantFault();
        }
        Map<String, BigInteger> inForce = drawLines();
        List<RunFinding> heard = new CopyOnWriteArrayList<>();
        ComputeLedger ledger;
        try {
            ledger = builder(inForce, heard).start();
        } catch (LedgerException e) {
            requireStorageFault(e);
            heardEver.addAll(heard);
            openedInVain(inForce);
            return;
        }
        opened(ledger, inForce);
        if (mayFail) {
            plantFault();
        }
        new Session(ledger, heard).live();
    }

    private LedgerBuilder builder(Map<String, BigInteger> inForce, List<RunFinding> heard) {
        journal.set(null);
        LedgerBuilder builder = ComputeLedger.open(Path.of("simulated"))
                .journal(JournalOptions.durable()
                        .withSegmentBytes(4_096L << random.nextInt(3))
                        .withSnapshotBytes(1_000 + random.nextInt(20_000)))
                .flushInterval(NEVER)
                .recorderSteps(1 << 10)
                .executor(Runnable::run)
                .onFinding(heard::add)
                .onFailure(failure -> count(Event.TOLD_OF_FAILURE))
                .plausibility(new LedgerBuilder.PlausibilityLimits(
                        FlopCount.of(PlainRow.MOST_FLOP), 1_000_000_000_000_000L, FlopCount.parse("2e16"), 4))
                .opener((path, options, allocator, replay) -> {
                    Journal opened = disk.open(options, allocator, replay);
                    journal.set(opened);
                    return opened;
                });
        inForce.forEach((name, line) -> builder.threshold(name, FlopCount.of(line)));
        return builder;
    }

    /** Some lines are drawn where a run stands now: on its lower bound, one below it, or anywhere. */
    private Map<String, BigInteger> drawLines() {
        if (lines.size() < MOST_LINES && random.nextInt(3) > 0) {
            String run = RUNS.get(random.nextInt(RUNS.size()));
            BigInteger stands = now().figure(now().rowsOf(run)).low();
            BigInteger line = switch (random.nextInt(4)) {
                case 0 -> stands;
                case 1 -> stands.subtract(BigInteger.ONE);
                default -> stands.add(BigInteger.valueOf(random.nextLong(1L << (28 + random.nextInt(8)))));
            };
            lines.put("line-" + lines.size(), line.max(BigInteger.ONE));
        }
        Map<String, BigInteger> inForce = new TreeMap<>(lines);
        inForce.keySet().removeIf(name -> random.nextInt(5) == 0);
        return inForce;
    }

    private void plantFault() {
        switch (random.nextInt(6)) {
            case 0 -> disk.failAfter(random.nextInt(50));
            case 1 -> disk.crashAfter(random.nextInt(50));
            case 2 -> disk.capacity(random.nextInt(20_000));
            default -> {
                // A good day, until the process is killed.
            }
        }
    }

    private void requireStorageFault(LedgerException e) {
        if (e.code() != LedgerException.Code.STORAGE_FAILED
                || String.valueOf(e.getMessage()).contains("damaged")) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static PlainLedger opened(PlainLedger held, Map<String, BigInteger> inForce) {
        PlainLedger opened = held.copy();
        opened.open(inForce);
        opened.findStanding();
        return opened;
    }

    private void openedInVain(Map<String, BigInteger> inForce) {
        count(Event.FAILURE);
        List<PlainLedger> after = new ArrayList<>(possible);
        possible.forEach(held -> after.add(opened(held, inForce)));
        possible = after;
        Journal open = journal.get();
        if (open == null) {
            disk.newProcess();
        } else {
            disk.kill(open, random.nextBoolean());
        }
    }

    private void opened(ComputeLedger ledger, Map<String, BigInteger> inForce) {
        List<PlainLedger> candidates =
                possible.stream().map(held -> opened(held, inForce)).toList();
        narrow(ledger, candidates, "opened");
        Map<String, Object> shown = possible.get(0).view();
        if (!now().view().equals(shown)) {
            count(Event.LOSS);
        }
        possible.removeIf(other -> !other.view().equals(shown));
        // What no row shows yet, a price or a run, may have been lost unseen: it is told again.
        descriptionsAreSure = possible.stream().allMatch(other -> other.isToldAs(now()));
        if (descriptionsAreSure) {
            acknowledge();
        }
    }

    /** Leaves the states that the ledger may have shown, and those after them. */
    private void narrow(ComputeLedger ledger, List<PlainLedger> candidates, String when) {
        Map<String, Object> shown = view(ledger);
        int first = 0;
        while (first < candidates.size() && !candidates.get(first).view().equals(shown)) {
            first++;
        }
        if (first == candidates.size()) {
            assertThat(shown)
                    .as("seed %d: %s, none of %d states", seed, when, candidates.size())
                    .isEqualTo(candidates.get(candidates.size() - 1).view());
        }
        possible = new ArrayList<>(candidates.subList(first, candidates.size()));
    }

    private static Map<String, Object> view(ComputeLedger ledger) {
        Map<String, Object> view = new TreeMap<>();
        List<RunFinding> findings = ledger.findings();
        view.put(
                "findings",
                PlainLedger.sorted(findings.stream().map(HistorySchedule::plain).toList()));
        view.put(
                "retractions",
                ledger.retractions().stream()
                        .map(one -> one.run() + " " + one.attempt() + " " + one.firstStep() + " " + one.lastStep() + " "
                                + one.source() + " " + one.observations())
                        .toList());
        for (String run : RUNS) {
            RunAccount account = account(ledger, run);
            if (account == null) {
                continue;
            }
            ComputeFigure total = account.total();
            ComputeFigure discarded = account.discarded();
            assertThat(account.retained()
                            .bounds()
                            .best()
                            .plus(discarded.bounds().best()))
                    .isEqualTo(total.bounds().best());
            assertThat(account.retained().executed().plus(discarded.executed())).isEqualTo(total.executed());
            assertThat(account.retained().observations() + discarded.observations())
                    .isEqualTo(total.observations());
            assertThat(account.retained().covered() + discarded.covered()).isEqualTo(total.covered());
            view.put(
                    "run " + run,
                    List.of(
                            plain(total),
                            (int) total.observations(),
                            discarded.bounds().best().toBigInteger(),
                            discarded.executed().toBigInteger(),
                            (int) discarded.observations()));
            account.totalByStage().forEach((stage, figure) -> view.put("run " + run + " " + stage, plain(figure)));
        }
        return view;
    }

    private static @Nullable RunAccount account(ComputeLedger ledger, String run) {
        try {
            return ledger.totals(run);
        } catch (LedgerException e) {
            if (e.code() == LedgerException.Code.UNKNOWN_RUN) {
                return null;
            }
            throw e;
        }
    }

    private static PlainLedger.Figure plain(ComputeFigure figure) {
        Map<CountingMethod, Long> covered = new EnumMap<>(CountingMethod.class);
        figure.parts().forEach((method, part) -> covered.put(method, part.covered()));
        return new PlainLedger.Figure(
                figure.bounds().low().toBigInteger(),
                figure.bounds().best().toBigInteger(),
                figure.bounds().high().toBigInteger(),
                figure.executed().toBigInteger(),
                covered);
    }

    private static PlainLedger.Found plain(RunFinding finding) {
        PlainLedger.Found plain = new PlainLedger.Found(
                finding.run(), finding.finding().rule(), finding.finding().kind(), null, null);
        FlopCount flop = finding.finding().flop();
        return plain.isCrossing()
                ? new PlainLedger.Found(
                        plain.run(),
                        plain.rule(),
                        plain.kind(),
                        finding.finding().step(),
                        flop == null ? null : flop.toBigInteger())
                : plain;
    }

    private static RunSpec spec(String run, @Nullable String model, Collection<CountingMethod> methods) {
        RunSpec.Builder spec = RunSpec.pretraining(run);
        if (model != null) {
            spec.model(
                    model,
                    methods.stream().map(PlainRow::formula).toArray(org.flopledger.estimation.StepFormula[]::new));
        }
        return spec.build();
    }

    /** One life of the ledger. */
    private final class Session {

        private final ComputeLedger ledger;
        private final List<RunFinding> heard;
        private final Map<String, LiveRun> liveRuns = new TreeMap<>();
        private final List<PlainRow> pending = new ArrayList<>();

        /** Whether a run went back without saying so, and that may not be taken in yet. */
        private boolean rolledBack;

        private final Map<String, Long> refused = new TreeMap<>();
        private long accepted;
        private long duplicates;
        private long conflicts;
        private long restarts;

        Session(ComputeLedger ledger, List<RunFinding> heard) {
            this.ledger = ledger;
            this.heard = heard;
        }

        void live() {
            boolean hasFailed = false;
            try {
                if (!descriptionsAreSure) {
                    for (String run : now().registered()) {
                        String model = modelOfRun.get(run);
                        register(run, model, model == null ? List.of() : now().pricesOf(model));
                    }
                    acknowledge();
                }
                int operations = random.nextInt(MOST_OPERATIONS);
                for (int i = 0; i < operations; i++) {
                    operation();
                    check(i);
                }
                if (random.nextBoolean()) {
                    listen();
                    closeCleanly();
                    return;
                }
            } catch (LedgerException e) {
                requireStorageFault(e);
                hasFailed = true;
            }
            die(hasFailed);
        }

        private void closeCleanly() {
            takePending();
            ledger.close();
            acknowledge();
            count(Event.CLOSE);
        }

        private void die(boolean hasFailed) {
            count(hasFailed ? Event.FAILURE : Event.KILL);
            if (!pending.isEmpty()) {
                count(Event.PENDING_DEATH);
            }
            // A take that failed may have come so far, or further.
            if (hasFailed) {
                assertThat(ledger.status().failure()).as("seed %d", seed).isNotNull();
                narrow(ledger, possible, "after a failure");
            }
            Journal open = journal.get();
            assertThat(open).isNotNull();
            disk.kill(open, random.nextBoolean());
            try {
                ledger.close();
            } catch (LedgerException e) {
                // Its journal was killed under it.
            }
            heardEver.addAll(heard);
        }

        private void operation() {
            switch (random.nextInt(12)) {
                case 0, 1 -> register();
                case 2, 3, 4 -> batch(generator.rows(now()));
                case 5, 6 -> record();
                case 7 -> rollBack();
                case 8 -> flush();
                case 9 -> retract();
                case 10 -> toTheLine();
                default -> {
                    if (random.nextInt(3) == 0) {
                        int unused = ledger.compact();
                    } else {
                        repeat();
                    }
                }
            }
        }

        private void register() {
            String run = RUNS.get(random.nextInt(RUNS.size()));
            String model = modelOfRun.get(run);
            if (model == null && random.nextInt(4) > 0) {
                model = MODELS.get(random.nextInt(MODELS.size()));
                modelOfRun.put(run, model);
            }
            register(run, model, PRICES.get(random.nextInt(PRICES.size())));
        }

        /** Describes a run; what is new is on the disk then, and with it everything before. */
        private void register(String run, @Nullable String model, Collection<CountingMethod> methods) {
            LiveRun live = liveRuns.get(run);
            if (live != null && !Objects.equals(live.model, model)) {
                settle();
            }
            PlainLedger before = now();
            refuseBy(model, methods);
            PlainLedger described = next();
            described.register(run, model, methods);
            if (!described.isToldAs(before)) {
                count(Event.LATE_PRICE);
            }
            PlainLedger found = next();
            found.findStanding();
            int held = now().highestAttempt(run);
            LedgerRun handle = ledger.run(spec(run, model, methods));
            LiveRun known = liveRuns.get(run);
            if (known == null) {
                liveRuns.put(run, new LiveRun(handle, held + 1, model));
            } else {
                // The handle made before the model was known goes on with it.
                known.handle = random.nextBoolean() ? handle.attempt(known.first) : known.handle;
                known.model = model;
            }
            if (!described.isToldAs(before)) {
                acknowledge();
            }
        }

        /** What a model shows to have been impossible is refused as if the model had come first. */
        private void refuseBy(@Nullable String model, Collection<CountingMethod> methods) {
            if (model == null) {
                return;
            }
            Set<String> stripped = new TreeSet<>();
            for (PlainLedger.Absurd steps : now().absurdWith(model, methods)) {
                if (!stripped.contains(steps.run()) && !stripped.isEmpty()) {
                    next().findImplausible(stripped.iterator().next());
                    stripped.clear();
                }
                stripped.add(steps.run());
                long count = next().strip(steps);
                next().findStanding(steps.run());
                refused.merge("TOKENS_IMPLAUSIBLE", count, Long::sum);
                count(Event.LATE_REFUSAL);
            }
            stripped.forEach(run -> next().findImplausible(run));
        }

        private void batch(List<PlainRow> rows) {
            if (rolledBack) {
                // Else the attempt it begins would come after those that the batch brings.
                settle();
            }
            PlainLedger.Outcome outcome = take(rows, false);
            IngestResult result;
            try (StepBatchBuilder builder = ledger.newBatch()) {
                rows.forEach(row -> row.appendTo(builder));
                try (StepBatch batch = builder.build()) {
                    result = ledger.ingest(batch);
                }
            }
            acknowledge();
            assertThat(result.rows()).as("seed %d", seed).isEqualTo(rows.size());
            assertThat(result.accepted()).as("seed %d", seed).isEqualTo(outcome.accepted());
            assertThat(result.repeats().duplicates()).as("seed %d", seed).isEqualTo(outcome.duplicates());
            assertThat(result.repeats().conflicts()).as("seed %d", seed).isEqualTo(outcome.conflicts());
            Map<String, Integer> reasons = new TreeMap<>();
            for (RowRejection rejection : result.rejections()) {
                reasons.merge(rejection.code(), rejection.count(), Integer::sum);
            }
            assertThat(reasons).as("seed %d", seed).isEqualTo(outcome.refused());
        }

        private PlainLedger.Outcome take(List<PlainRow> rows, boolean isLive) {
            PlainLedger.Outcome outcome = next().takeGood(rows);
            boolean unused = next().takeRefused(rows, isLive);
            // Known from then on, though it may be taken back.
            liveRuns.values()
                    .forEach(live -> live.highest = Math.max(live.highest, now().highestAttempt(live.handle.id())));
            accepted += outcome.accepted();
            duplicates += outcome.duplicates();
            conflicts += outcome.conflicts();
            outcome.refused().forEach((reason, rowCount) -> refused.merge(reason, (long) rowCount, Long::sum));
            countIf(outcome.duplicates() > 0, Event.REPEAT);
            countIf(outcome.conflicts() > 0, Event.CONFLICT);
            countIf(!outcome.refused().isEmpty(), Event.REFUSAL);
            return outcome;
        }

        private void countIf(boolean happened, Event event) {
            if (happened) {
                count(event);
            }
        }

        private void takePending() {
            if (!pending.isEmpty()) {
                PlainLedger.Outcome unused = take(List.copyOf(pending), true);
                unacknowledged += pending.size();
                pending.clear();
            }
        }

        /** Has everything recorded taken in now. */
        private void settle() {
            takePending();
            rolledBack = false;
            List<String> unused = ledger.runs();
            requireRunning();
            acknowledge();
        }

        private @Nullable LiveRun anyLive() {
            List<LiveRun> all = List.copyOf(liveRuns.values());
            return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        }

        private void record() {
            LiveRun live = anyLive();
            if (live == null) {
                register();
                return;
            }
            // Sometimes the last step once more: a repeat, or a contradiction.
            long from = live.last >= 0 && random.nextInt(4) == 0 ? live.last : live.last + 1;
            record(live, from, 1 + random.nextInt(5));
        }

        private void record(LiveRun live, long from, int steps) {
            for (long step = from; step < from + steps; step++) {
                for (int rank = 0; rank < 2; rank++) {
                    PlainRow row = generator.live(live.handle.id(), live.attempt, step, "rank-" + rank, live.model);
                    // Known to be on its way first: where record throws, the step may or may not be there.
                    pending.add(row);
                    RandomRows.record(live.handle.source(row.source()), row);
                }
                live.last = step;
            }
        }

        /** Goes back to a checkpoint: silently, or said before. */
        private void rollBack() {
            LiveRun live = anyLive();
            if (live == null || live.last < 1) {
                record();
                return;
            }
            count(Event.ROLLBACK);
            long to = random.nextLong(live.last);
            if (random.nextBoolean()) {
                settle();
                live.highest++;
                live.attempt = live.highest;
                restarts++;
                rolledBack = true;
            } else {
                takePending();
                live.highest++;
                live.first = live.highest;
                live.attempt = live.highest;
                live.handle = live.handle.newAttempt();
            }
            record(live, to, 1 + random.nextInt(4));
        }

        private void flush() {
            takePending();
            IngestResult unused = ledger.flush();
            acknowledge();
        }

        private void retract() {
            List<PlainRow> rows = new ArrayList<>();
            RUNS.forEach(run -> rows.addAll(now().rowsOf(run)));
            if (rows.isEmpty()) {
                return;
            }
            takePending();
            PlainRow row = rows.get(random.nextInt(rows.size()));
            long last = row.step() + random.nextInt(4);
            String source = random.nextBoolean() ? row.source() : null;
            int taken = next().retract(row.run(), row.attempt(), row.step(), last, source);
            next().findStanding();
            Retraction done = ledger.retract(row.run(), row.attempt(), row.step(), last, source, "wrong");
            acknowledge();
            assertThat(done.observations()).as("seed %d", seed).isEqualTo(taken);
            count(Event.RETRACTION);
        }

        /** Fills a run up to a line, exactly: that is not above it yet. */
        private void toTheLine() {
            String run = RUNS.get(random.nextInt(RUNS.size()));
            BigInteger stands = now().figure(now().rowsOf(run)).low();
            for (BigInteger line : lines.values()) {
                if (line.compareTo(stands) > 0) {
                    count(Event.ON_THE_LINE);
                    batch(List.of(generator.claim(run, line.subtract(stands))));
                    if (random.nextBoolean()) {
                        batch(List.of(generator.claim(run, BigInteger.ONE)));
                    }
                    return;
                }
            }
        }

        private void repeat() {
            List<PlainRow> rows = new ArrayList<>();
            RUNS.forEach(run -> rows.addAll(now().rowsOf(run)));
            if (!rows.isEmpty()) {
                batch(generator.again(rows));
            }
        }

        private void check(int operation) {
            LedgerStatus status = ledger.status();
            if (!pending.isEmpty()) {
                assertThat(status.pending())
                        .as("seed %d: pending", seed)
                        .isBetween((long) pending.size(), (long) pending.size() + unacknowledged);
                if (random.nextBoolean()) {
                    return;
                }
            }
            takePending();
            Map<String, Object> shown = view(ledger);
            requireRunning();
            assertThat(shown).as("seed %d, operation %d", seed, operation).isEqualTo(now().view());
            acknowledge();
            LedgerStatus after = ledger.status();
            assertThat(after.pending()).as("seed %d", seed).isZero();
            assertThat(after.accepted()).as("seed %d", seed).isEqualTo(accepted);
            assertThat(after.duplicates()).as("seed %d", seed).isEqualTo(duplicates);
            assertThat(after.conflicts()).as("seed %d", seed).isEqualTo(conflicts);
            assertThat(after.rejected()).as("seed %d", seed).isEqualTo(refused);
            assertThat(after.restarts()).as("seed %d", seed).isEqualTo(restarts);
        }

        /** A ledger that fails while it is read shows what is on the disk. */
        private void requireRunning() {
            LedgerException failure = ledger.status().failure();
            if (failure != null) {
                throw failure;
            }
        }

        /** Every finding on record was heard in one life or another, in none of them twice. */
        private void listen() {
            takePending();
            try {
                ledger.awaitListeners();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            List<RunFinding> all = ledger.findings();
            requireRunning();
            acknowledge();
            List<RunFinding> rest = new ArrayList<>(all);
            heard.forEach(finding -> assertThat(rest.remove(finding))
                    .as("seed %d: heard %s", seed, finding)
                    .isTrue());
            heardEver.addAll(heard);
            assertThat(heardEver).as("seed %d", seed).containsAll(all);
            for (PlainLedger.Found found : now().findings()) {
                countIf(found.kind() == org.flopledger.review.FindingKind.CROSSED, Event.CROSSED);
                countIf(found.kind() == org.flopledger.review.FindingKind.FOUND_ABOVE, Event.FOUND_ABOVE);
            }
        }
    }

    /** A run that records step by step. */
    private static final class LiveRun {
        private LedgerRun handle;
        private @Nullable String model;
        private int first;
        private int attempt;
        private int highest;
        private long last = -1;

        LiveRun(LedgerRun handle, int attempt, @Nullable String model) {
            this.handle = handle;
            this.model = model;
            first = attempt;
            this.attempt = attempt;
            highest = attempt;
        }
    }
}
