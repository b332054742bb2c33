package org.flopledger;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.book.StepSpan;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Changes what a ledger holds: registers runs, takes in batches, takes steps back. Each change is one commit, and is
 * durable when the caller has had it {@linkplain LedgerCore#acknowledge acknowledged}. Thread-safe.
 */
final class LedgerWriter {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    private static final String BEYOND_MODEL = "by the model that was registered after them they cannot have been";

    private final LedgerCore core;
    private final Plausibility plausibility;
    private final Syncer syncer;
    private final InstantSource clock;
    private final AtomicLong restarts = new AtomicLong();

    /** The attempts of the runs registered since the ledger was opened; guarded by the ledger's lock. */
    private final Map<String, RunAttempts> attempts = new HashMap<>();

    LedgerWriter(LedgerCore core, Plausibility plausibility, Syncer syncer, InstantSource clock) {
        this.clock = clock;
        this.core = core;
        this.plausibility = plausibility;
        this.syncer = syncer;
    }

    /** A run as the register holds it, and the commit that must be durable first. */
    record Registered(RunSpec spec, RunAttempts attempts, long commit) {}

    /** What became of a batch, and the commit that must be durable before it is acknowledged. */
    record Entered(IngestResult result, long commit) {}

    /** Returns how often an attempt began by itself. */
    long restarts() {
        return restarts.get();
    }

    /** Registers a run, or adds to what was said of it; does not wait for the disk. */
    Registered register(RunSpec spec) {
        return core.locked(() -> registerLocked(spec));
    }

    private Registered registerLocked(RunSpec spec) {
        LedgerState state = core.state();
        LedgerJournal journal = core.journal();
        RunRegister runs = state.runs();
        RunSpec joined = runs.joined(spec);
        long commit = 0;
        if (!runs.holds(joined)) {
            Set<String> changed = new LinkedHashSet<>(Set.of(joined.id()));
            ModelFormulas formulas = runs.formulasWith(joined);
            if (!formulas.equals(runs.formulas())) {
                joined.pricedModels()
                        .forEach(model -> changed.addAll(state.book().runsOf(model)));
                refuse(new TreeSet<>(changed), formulas);
            }
            commit = journal == null ? 0 : journal.run(joined);
            runs.register(joined, formulas);
            commit = Math.max(commit, core.commit(core.standing(changed)));
        }
        RunAttempts own = attempts.computeIfAbsent(spec.id(), id -> attempts(id, state.highestAttempt(id)));
        own.use(joined.model());
        // The register's own, so that a handle keeps no second description of its run.
        return new Registered(Objects.requireNonNull(runs.spec(spec.id())), own, commit);
    }

    /**
     * Takes the figures of steps back of which the formulas that are about to be registered show that they cannot have been, as
     * if the model had come before them.
     */
    private void refuse(Set<String> runs, ModelFormulas formulas) {
        for (String run : runs) {
            long refused = 0;
            for (StepSpan span : plausibility.beyond(core.state().book(), run, formulas)) {
                Retraction wanted = Retraction.of(span, BEYOND_MODEL, clock.instant());
                refused += takeBackLocked(wanted.keepingSteps()).retraction.observations();
            }
            if (refused > 0) {
                countRefused(run, (int) Math.min(refused, Integer.MAX_VALUE));
            }
        }
    }

    private void countRefused(String run, int refused) {
        List<RowRejection> rejections =
                List.of(new RowRejection(StepColumn.TOKENS, RowRejection.Reason.IMPLAUSIBLE, refused, 0));
        List<RunFinding> found = core.screening().implausible(Set.of(run), Set.of(StepColumn.TOKENS));
        LedgerJournal journal = core.journal();
        long commit = journal == null ? 0 : journal.rejected(rejections);
        commit = Math.max(commit, core.commit(found));
        // They were given and accepted before: only what they are now is new.
        core.tally().outcome(commit, new IngestResult(0, 0, rejections, IngestResult.Repeats.NONE, found), Map.of());
    }

    private RunAttempts attempts(String run, int held) {
        return new RunAttempts(held, what -> {
            restarts.incrementAndGet();
            LOG.log(System.Logger.Level.INFO, "run '" + run + "': " + what);
        });
    }

    /** Takes in a batch; does not wait for the disk. */
    Entered ingest(StepBatch batch) {
        core.tally().give(batch.rows());
        try {
            return enter(batch, false);
        } catch (RuntimeException | Error e) {
            if (core.failure() == null) {
                core.tally().takeBack(batch.rows());
            }
            throw e;
        }
    }

    /** Takes in a batch of recorded steps, which are counted as given; does not wait for the disk. */
    IngestResult enterGiven(StepBatch batch) {
        return acknowledgedSoon(enter(batch, true));
    }

    /** Rejects a batch of one recorded step that is counted as given and cannot be taken in. */
    IngestResult rejectGiven(StepBatch batch) {
        var rejection = new RowRejection(StepColumn.TOKENS, RowRejection.Reason.OUT_OF_RANGE, 1, 0);
        return core.locked(() -> {
            Validation validation = batch.validate();
            validation.mask().reject(0);
            LedgerJournal journal = core.journal();
            long firstNumber = core.state().findings().count();
            List<RunFinding> found = new ArrayList<>();
            long commit = journal == null ? 0 : journal.rejected(List.of(rejection));
            try (Plausibility.TakenOut out = takeOut(validation, true)) {
                if (out != null) {
                    commit = takeWithoutFigures(out, found, journal);
                }
            }
            var result = new IngestResult(1, 0, List.of(rejection), IngestResult.Repeats.NONE, found);
            core.queue(firstNumber, commit, found);
            core.tally().outcome(commit, result, Map.of());
            return acknowledgedSoon(new Entered(result, commit));
        });
    }

    private Plausibility.@Nullable TakenOut takeOut(Validation validation, boolean isLive) {
        return plausibility.takeOut(validation, isLive, core.state().runs().formulas(), core.allocator());
    }

    private IngestResult acknowledgedSoon(Entered entered) {
        if (core.journal() == null) {
            core.tally().durable(entered.commit);
            core.tellListenersSoon();
        } else {
            syncer.request(entered.commit);
        }
        return entered.result;
    }

    /**
     * Takes in a batch.
     *
     * @param isLive whether nobody can correct a row that is rejected: then its step counts as observed, without any figure
     */
    private Entered enter(StepBatch batch, boolean isLive) {
        return core.locked(() -> {
            Validation validation = batch.validate();
            LedgerJournal journal = core.journal();
            if (journal != null) {
                journal.requireFits(validation);
            }
            try (Plausibility.TakenOut out = takeOut(validation, isLive)) {
                return enter(validation, out, journal);
            }
        });
    }

    private Entered enter(Validation validation, Plausibility.@Nullable TakenOut out, @Nullable LedgerJournal journal) {
        long firstNumber = core.state().findings().count();
        IngestResult result = fold(validation, journal);
        long commit = journal == null ? 0 : journal.batch(validation, result.accepted(), result.findings());
        if (out != null) {
            List<RunFinding> found = new ArrayList<>(result.findings());
            commit = takeWithoutFigures(out, found, journal);
            List<RowRejection> rejections = new ArrayList<>(result.rejections());
            rejections.addAll(out.rejections());
            result = new IngestResult(result.rows(), result.accepted(), rejections, result.repeats(), found);
        }
        core.queue(firstNumber, commit, result.findings());
        core.tally().outcome(commit, result, reached(validation));
        if (journal != null) {
            // After the batch is counted: it stays written, and may be on the disk, where this fails.
            journal.snapshotIfDue();
        }
        return new Entered(result, commit);
    }

    /** Returns where a batch brought its runs, after telling their attempts. */
    private Map<String, Tally.Reached> reached(Validation validation) {
        Map<String, Tally.Reached> reached = Tally.reached(validation);
        reached.forEach((run, last) -> {
            RunAttempts own = attempts.get(run);
            if (own != null) {
                own.seen(last.attempt());
            }
        });
        return reached;
    }

    /** Takes in steps of which the figures were refused, adds what is found, and returns the commit. */
    private long takeWithoutFigures(
            Plausibility.TakenOut out, List<RunFinding> found, @Nullable LedgerJournal journal) {
        Validation validation = out.steps().validate();
        IngestResult taken = fold(validation, journal);
        Map<String, Tally.Reached> unused = reached(validation);
        List<RunFinding> besides = new ArrayList<>(taken.findings());
        besides.addAll(core.screening().implausible(out.runs(), out.columns()));
        found.addAll(besides);
        return journal == null ? 0 : journal.batch(validation, taken.accepted(), out.rejections(), besides);
    }

    /** Adds a batch to the accounts, or leaves them as they were. */
    private IngestResult fold(Validation validation, @Nullable LedgerJournal journal) {
        try {
            IngestResult result = core.intake().take(validation);
            SumRange.require(validation, core.state().book());
            return result;
        } catch (ArithmeticException e) {
            if (journal == null) {
                throw core.fail("a sum is out of range, and a ledger in memory cannot go back: " + e.getMessage(), e);
            }
            // The accounts may hold some of it: what they held before is in the journal.
            core.restore(journal);
            throw new LedgerException(
                    LedgerException.Code.TOO_LARGE,
                    "a batch of " + validation.batch().rows()
                            + " rows was not taken in, the ledger goes on: with it a sum would be out of range ("
                            + e.getMessage() + ")",
                    e);
        } catch (RuntimeException | Error e) {
            throw core.fail("a batch could not be taken in: " + e, e);
        }
    }

    /** Takes steps back, and returns what that came to: of no observations if none are held. */
    Retraction takeBack(Retraction wanted) {
        Taken taken = core.locked(() -> takeBackLocked(wanted));
        core.acknowledge(taken.commit);
        return taken.retraction;
    }

    private record Taken(Retraction retraction, long commit) {}

    private Taken takeBackLocked(Retraction wanted) {
        AccountBook book = core.state().book();
        FlopCount before = bestOf(book, wanted.run());
        long observations = core.state().takeBack(wanted);
        FlopCount after = bestOf(book, wanted.run());
        Retraction made =
                wanted.taking(observations, before.compareTo(after) > 0 ? before.minus(after) : FlopCount.ZERO);
        return new Taken(made, observations > 0 ? remember(made) : 0);
    }

    private static FlopCount bestOf(AccountBook book, String run) {
        return book.account(run).total().bounds().best();
    }

    private long remember(Retraction made) {
        LedgerState state = core.state();
        LedgerJournal journal = core.journal();
        var entry = new RetractionJson.Entry(
                made,
                core.screening().lapsed(state.book(), made.run(), state.runs().spec(made.run())));
        state.remember(entry);
        long commit = journal == null ? 0 : journal.retraction(entry);
        return Math.max(commit, core.commit(core.standing(Set.of(made.run()))));
    }
}
