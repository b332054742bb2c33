package org.flopledger;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.account.CellTotals;
import org.flopledger.account.Repeats;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.kernel.Kernels;
import org.flopledger.report.Statement;
import org.flopledger.review.Assessment;
import org.flopledger.review.Evaluation;
import org.flopledger.review.Facts;
import org.flopledger.review.Projection;
import org.flopledger.review.ReviewProfile;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.telemetry.Rejection;
import org.flopledger.telemetry.RejectionReason;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * A ledger of training compute: takes in what was observed of training steps, keeps exact totals, and says when a review
 * rule is met.
 *
 * <p>One batch goes one way: it is validated, repeats are taken out, what is left is added to the accounts, the rules read the
 * accounts before and after, findings are committed, and only then, outside the lock that guards totals, listeners are told.
 *
 * <p>Thread-safe. Batches are taken in one at a time.
 */
public final class ComputeLedger implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final BufferAllocator allocator = new RootAllocator();
    private final Map<String, ReviewProfile> profiles;
    private final InstantSource clock;
    private final Plausibility plausibility;
    private final Deliveries deliveries;
    private final @Nullable LedgerJournal journal;
    private final Recording recording;
    private final Syncer syncer = new Syncer(this);
    private final Tally tally = new Tally();
    private final Failures failures;
    private final @Nullable LenientArrow lenient;

    /** The attempts of the runs registered since the ledger was opened; guarded by the lock, like all below. */
    private final Map<String, RunAttempts> attempts = new HashMap<>();

    private LedgerState state = new LedgerState(fault -> LOG.log(System.Logger.Level.WARNING, fault));
    private Screening screening;
    private Intake intake;

    /** After a failure, what was on the disk when it came, once somebody has asked. */
    private @Nullable LedgerState durableState;

    private volatile boolean isClosed;

    ComputeLedger(LedgerBuilder builder) {
        profiles = new LinkedHashMap<>(builder.profiles());
        clock = builder.clock();
        lenient = builder.lenientArrow();
        plausibility = new Plausibility(builder.plausibility());
        recording = new Recording(this, builder);
        failures = new Failures(builder.failureListeners(), builder.executor());
        Path directory = builder.directory();
        if (directory == null) {
            journal = null;
            screening = new Screening(profiles, state.findings());
            intake = new Intake(state, screening);
            deliveries = new Deliveries(builder.listeners(), builder.executor(), number -> {});
            return;
        }
        LedgerJournal opened = open(builder, directory);
        journal = opened;
        screening = new Screening(profiles, state.findings());
        intake = new Intake(state, screening);
        tally.begin(state.book());
        opened.onFailure(this::fail);
        cut().ifPresent(torn -> LOG.log(System.Logger.Level.WARNING, "cut off on opening: " + torn));
        state.putInForce(profiles.keySet(), opened);
        // What stands before anybody asked is found now; listeners are told of it with the rest.
        Set<String> known = new LinkedHashSet<>(state.book().runs());
        known.addAll(state.runs().all().keySet());
        opened.await(opened.findings(standing(known)));
        deliveries = new Deliveries(builder.listeners(), builder.executor(), number -> markTold(opened, number));
        state.untold(deliveries);
    }

    private List<RunFinding> standing(Set<String> runs) {
        List<RunFinding> found = new ArrayList<>();
        for (String run : runs) {
            found.addAll(screening.standing(state.book(), run, state.runs().spec(run)));
        }
        return found;
    }

    private LedgerJournal open(LedgerBuilder builder, Path directory) {
        try {
            return LedgerJournal.open(builder.opener(), directory, builder.options(), allocator, state);
        } catch (LedgerException e) {
            allocator.close();
            throw e;
        }
    }

    /** Under the lock, so that no snapshot comes between the mark and the state that says so. */
    private void markTold(LedgerJournal opened, long number) {
        lock.lock();
        try {
            opened.delivered(number);
            state.recallTold(number);
        } finally {
            lock.unlock();
        }
    }

    /** Begins a ledger that lives in memory and is gone when it is closed. */
    public static LedgerBuilder inMemory() {
        return new LedgerBuilder(null);
    }

    /**
     * Begins a durable ledger. Its directory is made if it is not there; what it holds is read back when it is started.
     *
     * <p>{@link #ingest} then returns after the journal is on the disk. One process writes a directory at a time.
     */
    public static LedgerBuilder open(Path directory) {
        return new LedgerBuilder(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Returns the form of the column kernels in use, {@code segment} or {@code scalar}, and why. Totals are the same bytes
     * with either.
     */
    public static String kernelForm() {
        return Kernels.form() + " (" + Kernels.reason() + ")";
    }

    /**
     * Registers a run, so that its steps can be priced and rules know of it. Steps of a run that is not registered are kept
     * too, but only a reported figure prices them.
     *
     * @throws LedgerException if a run of this identity was registered with another model or stage, or the ledger is closed
     */
    public LedgerRun run(RunSpec spec) {
        RunAttempts runAttempts;
        RunSpec joined;
        long commit = 0;
        lock.lock();
        try {
            requireOpen();
            RunRegister runs = state.runs();
            joined = runs.joined(spec);
            if (!runs.holds(joined)) {
                commit = journal == null ? 0 : journal.run(joined);
                String model = joined.model();
                Set<String> changed = new LinkedHashSet<>(Set.of(joined.id()));
                if (runs.register(joined) && model != null) {
                    changed.addAll(state.book().runsOf(model));
                }
                commit = Math.max(commit, commit(standing(changed)));
            }
            // The register's own, so that a handle keeps no second description of its run.
            joined = Objects.requireNonNull(runs.spec(spec.id()));
            runAttempts = attempts.computeIfAbsent(spec.id(), id -> recording.attempts(id, highestHeld(id)));
        } finally {
            lock.unlock();
        }
        awaitDurable(commit);
        tellListeners();
        return new LedgerRun(this, joined, runAttempts.present());
    }

    /** Returns the attempts of a registered run. */
    RunAttempts attempts(String run) {
        lock.lock();
        try {
            requireOpen();
            return Objects.requireNonNull(attempts.get(run));
        } finally {
            lock.unlock();
        }
    }

    /** Returns the highest attempt of which the ledger holds a step, or -1. */
    int highestAttempt(String run) {
        lock.lock();
        try {
            return highestHeld(run);
        } finally {
            lock.unlock();
        }
    }

    private int highestHeld(String run) {
        return state.book().account(run).totals().cells().stream()
                .mapToInt(CellTotals::attempt)
                .max()
                .orElse(-1);
    }

    Tally tally() {
        return tally;
    }

    /** Writes what was just found and has listeners told of it when it is durable; under the lock. Returns the commit. */
    private long commit(List<RunFinding> found) {
        long commit = journal == null ? 0 : journal.findings(found);
        deliveries.queue(state.findings().count() - found.size(), commit, found);
        return commit;
    }

    Recording recording() {
        return recording;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /**
     * Takes in the steps that were recorded one by one, and returns when they are on the disk. They are taken in without this
     * call too, soon after they were recorded, before totals or findings are read, and at the end.
     *
     * @return what became of all that was taken in since the last call; counts end at 2^31 - 1, see {@link #status}
     * @throws LedgerException as {@link #ingest}
     */
    public IngestResult flush() {
        requireUsable();
        IngestResult result = recording.flush();
        awaitDurable(lastCommit());
        // A failure meanwhile may have left steps behind in the recorder.
        requireUsable();
        // Without a lock: this may wait for a listener, and the listener may be reading totals.
        tellListeners();
        return result;
    }

    /**
     * Returns what was cut off the end of the journal when the ledger was opened: file, offset, bytes and the first record of
     * a commit that its writer never finished and never acknowledged; nothing if the journal ended with a whole commit.
     */
    public Optional<String> cut() {
        return Optional.ofNullable(journal == null ? null : journal.cut());
    }

    /** Returns how the ledger stands, at once: it waits for no disk. */
    public LedgerStatus status() {
        LedgerException failure = failures.first();
        if (failure != null && journal != null) {
            // Of the last commits nobody may have waited to see that they reached the disk.
            tally.durable(journal.durableCommit());
        }
        return recording.status(failure);
    }

    /** Returns a builder of a batch in the ledger's memory; close the batch after {@link #ingest}. */
    public StepBatchBuilder newBatch() {
        lock.lock();
        try {
            requireOpen();
            return StepBatch.builder(allocator);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes in the columns of an Arrow root: without copying them, unless the ledger was asked to be {@link
     * LedgerBuilder#lenient}.
     *
     * @throws IllegalArgumentException as {@link StepBatch#wrap}, or {@link LenientArrow#read}
     */
    public IngestResult ingest(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        try (StepBatch batch = batchOf(root, dictionaries)) {
            return ingest(batch);
        }
    }

    private StepBatch batchOf(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        return lenient == null
                ? StepBatch.wrap(root, dictionaries)
                : lenient.read(root, dictionaries, allocator, this::modelOf);
    }

    private @Nullable String modelOf(String run) {
        lock.lock();
        try {
            requireOpen();
            RunSpec spec = state.runs().spec(run);
            return spec == null ? null : spec.model();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes in a batch. Bad rows and repeats are counted, never thrown. Returns after the accounts hold it and, in a durable
     * ledger, after it is on the disk. Listeners are told after that, on a thread of their own; when very many findings wait
     * for a slow listener, this call waits with them.
     *
     * @param batch stays the caller's to close
     * @throws LedgerException if the ledger is closed, or the disk failed: then nothing more is taken in, and what was
     *     acknowledged before is safe; or, in a durable ledger, if the batch is too large to be written as one: then nothing
     *     of it is taken in, and the ledger goes on
     */
    public IngestResult ingest(StepBatch batch) {
        Entered entered;
        tally.give(batch.rows());
        try {
            entered = enter(batch);
        } catch (RuntimeException | Error e) {
            if (failures.first() == null) {
                tally.takeBack(batch.rows());
            }
            throw e;
        }
        awaitDurable(entered.commit);
        tellListeners();
        return entered.result;
    }

    /** What became of a batch, and the commit that must be durable before it is acknowledged. */
    private record Entered(IngestResult result, long commit) {}

    /** Takes in a batch of recorded steps, which are counted as given; does not wait for the disk. */
    IngestResult enterGiven(StepBatch batch) {
        return entered(enter(batch));
    }

    /** Rejects a batch of one recorded step that is counted as given and cannot be taken in. */
    IngestResult rejectGiven(StepBatch batch) {
        Validation validation = batch.validate();
        validation.mask().reject(0);
        var rejection = new Rejection(StepColumn.TOKENS, RejectionReason.OUT_OF_RANGE, 1, 0);
        var result = new IngestResult(1, 0, List.of(rejection), Repeats.NONE, List.of());
        lock.lock();
        try {
            requireOpen();
            long commit = journal == null ? 0 : journal.rejected(result.rejections());
            tally.outcome(commit, validation, result);
            return entered(new Entered(result, commit));
        } finally {
            lock.unlock();
        }
    }

    private IngestResult entered(Entered entered) {
        if (journal == null) {
            tally.durable(entered.commit);
            tellListenersSoon();
        } else {
            syncer.request(entered.commit);
        }
        return entered.result;
    }

    private Entered enter(StepBatch batch) {
        lock.lock();
        try {
            requireOpen();
            Validation validation = batch.validate();
            if (journal != null) {
                journal.requireFits(validation);
            }
            try (Plausibility.TakenOut out =
                    plausibility.takeOut(validation, state.runs().formulas(), allocator)) {
                return enter(validation, out);
            }
        } finally {
            lock.unlock();
        }
    }

    private Entered enter(Validation validation, Plausibility.@Nullable TakenOut out) {
        long firstNumber = state.findings().count();
        IngestResult result = fold(validation);
        long commit = journal == null ? 0 : journal.batch(validation, result.accepted(), result.findings());
        if (out != null) {
            List<RunFinding> found = new ArrayList<>(result.findings());
            commit = takeWithoutFigures(out, found);
            List<Rejection> rejections = new ArrayList<>(result.rejections());
            rejections.addAll(out.rejections());
            result = new IngestResult(result.rows(), result.accepted(), rejections, result.repeats(), found);
        }
        if (journal != null) {
            journal.snapshotIfDue();
        }
        deliveries.queue(firstNumber, commit, result.findings());
        tally.outcome(commit, validation, result);
        return new Entered(result, commit);
    }

    /** Adds a batch to the accounts, or leaves them as they were. */
    private IngestResult fold(Validation validation) {
        try {
            IngestResult result = intake.take(validation);
            SumRange.require(validation, state.book());
            return result;
        } catch (ArithmeticException e) {
            if (journal == null) {
                throw fail("a sum is out of range, and a ledger in memory cannot go back: " + e.getMessage(), e);
            }
            // The accounts may hold some of it: what they held before is in the journal.
            restore(journal);
            throw new LedgerException(
                    ErrorCode.TOO_LARGE,
                    "a batch of " + validation.batch().rows()
                            + " rows was not taken in, the ledger goes on: with it a sum" + " would be out of range ("
                            + e.getMessage() + ")",
                    e);
        } catch (RuntimeException | Error e) {
            throw fail("a batch could not be taken in: " + e, e);
        }
    }

    private void restore(LedgerJournal opened) {
        state = opened.replay(false, allocator);
        opened.use(state);
        screening = new Screening(profiles, state.findings());
        intake = new Intake(state, screening);
    }

    private LedgerException fail(String what, Throwable cause) {
        LedgerException failure = new LedgerException(ErrorCode.INTERNAL, what, cause);
        fail(failure);
        return failure;
    }

    /** Stops the ledger, the first time, and has it told. Called anywhere, under any lock. */
    void fail(LedgerException failure) {
        if (failures.isFirst(failure)) {
            recording.stop();
            failures.tell();
        }
    }

    /** Returns what to throw at whoever uses a ledger that was closed or has failed. */
    LedgerException unusable() {
        LedgerException failure = failures.first();
        return failure == null ? new LedgerException(ErrorCode.CLOSED, "the ledger is closed") : again(failure);
    }

    private static LedgerException again(LedgerException failure) {
        return new LedgerException(
                failure.code(),
                "the ledger has stopped after a failure; open it again: " + failure.getMessage(),
                failure);
    }

    private long lastCommit() {
        return journal == null ? 0 : journal.lastCommit();
    }

    /** Waits until a commit is on the disk; no effect in memory. */
    void awaitDurable(long commit) {
        if (journal != null) {
            journal.await(commit);
        }
        tally.durable(acknowledged());
    }

    /** Takes in steps of which the figures were refused, adds what is found, and returns the commit. */
    private long takeWithoutFigures(Plausibility.TakenOut out, List<RunFinding> found) {
        Validation validation = out.steps().validate();
        IngestResult taken = fold(validation);
        List<RunFinding> besides = new ArrayList<>(taken.findings());
        besides.addAll(screening.implausible(out.runs(), out.rejections()));
        found.addAll(besides);
        return journal == null ? 0 : journal.batch(validation, taken.accepted(), out.rejections(), besides);
    }

    /** Has listeners told of what is durable; waits while very many findings wait. To be called without a lock. */
    void tellListeners() {
        deliveries.release(acknowledged());
    }

    /** Has listeners told of what is durable, without waiting for any of them. */
    void tellListenersSoon() {
        deliveries.releaseWithoutWaiting(acknowledged());
    }

    private long acknowledged() {
        return journal == null ? 0 : journal.acknowledged();
    }

    /**
     * Takes back steps of which something wrong was recorded, so that they count nowhere; they may then be recorded anew. That
     * it was done, why and how much it was stays on record, see {@link #retractions}. Findings stay on record too; one that no
     * longer holds is made again when it holds once more.
     *
     * @param firstStep first step to take back
     * @param lastStep last step to take back
     * @param source whose observations to take back, or null for those of every source
     * @param reason why, in 1 to 200 characters; it is kept
     * @return the record of it, durable as {@link #ingest} is
     * @throws LedgerException if the ledger holds no observation of these steps, or as {@link #ingest}
     */
    public Retraction retract(
            String run, int attempt, long firstStep, long lastStep, @Nullable String source, String reason) {
        Retraction wanted =
                new Retraction(run, attempt, firstStep, lastStep, source, reason, clock.instant(), 0, FlopCount.ZERO);
        Retraction done = takeBack(wanted);
        if (done.observations() == 0) {
            throw new LedgerException(
                    ErrorCode.NOTHING_TO_RETRACT,
                    "nothing is held of run '" + run + "', attempt " + attempt + ", steps " + firstStep + " to "
                            + lastStep);
        }
        return done;
    }

    /** Takes back here what another ledger took back, if it is here. */
    void retractAgain(Retraction retraction) {
        takeBack(retraction);
    }

    private Retraction takeBack(Retraction wanted) {
        recording.takePending();
        Retraction done;
        long commit = 0;
        lock.lock();
        try {
            requireOpen();
            AccountBook book = state.book();
            FlopCount before = book.account(wanted.run()).total().bounds().best();
            long taken = book.retract(
                    wanted.run(), wanted.attempt(), wanted.firstStep(), wanted.lastStep(), wanted.source());
            FlopCount after = book.account(wanted.run()).total().bounds().best();
            done = new Retraction(
                    wanted.run(),
                    wanted.attempt(),
                    wanted.firstStep(),
                    wanted.lastStep(),
                    wanted.source(),
                    wanted.reason(),
                    wanted.at(),
                    taken,
                    before.compareTo(after) > 0 ? before.minus(after) : FlopCount.ZERO);
            if (taken > 0) {
                RunSpec spec = state.runs().spec(wanted.run());
                var entry = new RetractionJson.Entry(done, screening.lapsed(book, wanted.run(), spec));
                state.remember(entry);
                commit = journal == null ? 0 : journal.retraction(entry);
                commit = Math.max(commit, commit(standing(Set.of(wanted.run()))));
            }
        } finally {
            lock.unlock();
        }
        awaitDurable(commit);
        tellListeners();
        return done;
    }

    /** Returns what was taken back so far, in order. */
    public List<Retraction> retractions() {
        return read(LedgerState::retractions);
    }

    /**
     * Returns what a run has cost so far: of a durable ledger only what is on the disk, for which it waits. After a failure,
     * what was on the disk when it came.
     *
     * @throws LedgerException if the run was neither registered nor observed: nothing is known of it, which is not zero
     */
    public RunAccount totals(String run) {
        return read(current -> account(current, run));
    }

    private static RunAccount account(LedgerState current, String run) {
        if (current.runs().spec(run) == null && !current.book().runs().contains(run)) {
            throw new LedgerException(ErrorCode.UNKNOWN_RUN, "run '" + run + "' was neither registered nor observed");
        }
        return current.book().account(run);
    }

    /**
     * Returns what rules may know of a run now: what was said of it, and what it has cost.
     *
     * @throws LedgerException if nothing is known of the run
     */
    public Facts facts(String run) {
        return read(
                current -> RunReview.facts(account(current, run), current.runs().spec(run)));
    }

    /**
     * Returns what each rule of a profile says of a run now, whether or not the profile is in force.
     *
     * @throws LedgerException if nothing is known of the run
     */
    public List<Assessment> assess(String run, ReviewProfile profile) {
        return Evaluation.assess(profile, facts(run));
    }

    /**
     * Returns a statement of what a run has cost and what a profile's rules say of it, with the findings on record.
     *
     * @throws LedgerException if nothing is known of the run
     */
    public Statement statement(String run, ReviewProfile profile) {
        return read(current -> RunReview.statement(
                account(current, run),
                current.runs().spec(run),
                profile,
                current.findings().all()));
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        return read(current -> current.book().runs());
    }

    /** Returns every finding so far, in order. */
    public List<RunFinding> findings() {
        return read(current -> current.findings().all());
    }

    /** Reads the state after everything recorded was taken in, and returns when what was read is on the disk. */
    private <T> T read(Function<LedgerState, T> reader) {
        if (failures.first() == null) {
            try {
                recording.takePending();
                long commit;
                T result;
                lock.lock();
                try {
                    result = reader.apply(state);
                    commit = lastCommit();
                } finally {
                    lock.unlock();
                }
                if (!isClosed) {
                    awaitDurable(commit);
                }
                if (failures.first() == null) {
                    return result;
                }
            } catch (LedgerException e) {
                if (failures.first() == null) {
                    throw e;
                }
            }
        }
        lock.lock();
        try {
            return reader.apply(durableState());
        } finally {
            lock.unlock();
        }
    }

    private LedgerState durableState() {
        if (journal == null) {
            return state;
        }
        LedgerState known = durableState;
        if (known == null) {
            // The ledger's own memory may be closed by now.
            try (BufferAllocator memory = new RootAllocator()) {
                known = journal.replay(true, memory);
            }
            durableState = known;
        }
        return known;
    }

    /**
     * Returns the lines of the rules in force that a run has not passed and will pass at its pace so far: at which step, and
     * when, with a band. Steps count as many as the greatest step number seen; dates need steps that say when they ended.
     *
     * @param plannedSteps steps of the whole run, or null if there is no plan
     * @return empty if nothing of the run can be priced yet
     * @throws LedgerException if nothing is known of the run
     */
    public List<Projection.Crossing> project(String run, @Nullable Long plannedSteps) {
        return read(current -> screening.project(current.runs().spec(run), account(current, run), plannedSteps, clock));
    }

    /** Returns when listeners were told of everything found by batches taken in before this call. */
    public void awaitListeners() throws InterruptedException {
        recording.takePending();
        awaitDurable(lastCommit());
        tellListeners();
        deliveries.awaitTold();
    }

    /**
     * Writes a snapshot of the whole state of a durable ledger, then deletes the files with the records before it. What the
     * ledger says and finds stays the same; gone are the records: {@link LedgerAudit} can check no more than the snapshot
     * and what follows it, and the ledger cannot be copied into another. Files kept elsewhere still prove what they held.
     *
     * <p>Costs time and memory linear in the intervals of equal steps, and holds up {@link #ingest} meanwhile.
     *
     * @return how many files were deleted; 0 for a ledger in memory
     * @throws LedgerException if the ledger is closed or stopped or the disk fails, or if the state is too large for a
     *     snapshot: then nothing is deleted and the ledger goes on
     */
    public int compact() {
        lock.lock();
        try {
            requireOpen();
            return journal == null ? 0 : journal.compact();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        requireUsable();
        if (journal != null) {
            journal.requireRunning();
        }
    }

    private void requireUsable() {
        if (isClosed || failures.first() != null) {
            throw unusable();
        }
    }

    /**
     * Takes in what was recorded, and ends the ledger: from then on {@code record} throws. Listeners are told of what waits, for
     * at most ten seconds. No effect the second time, unless the ledger has failed.
     *
     * @throws LedgerException if the ledger has failed, now or before: what is pending in its {@link #status} may be lost
     * @throws IllegalStateException if a batch made by {@link #newBatch} was not closed
     */
    @Override
    public void close() {
        LedgerException unflushed = recording.close();
        if (begunClosing()) {
            try {
                end();
            } catch (LedgerException e) {
                unflushed = unflushed == null ? e : unflushed;
            }
        }
        LedgerException failure = failures.first();
        if (failure != null) {
            throw again(failure);
        }
        if (unflushed != null) {
            throw unflushed;
        }
    }

    private boolean begunClosing() {
        lock.lock();
        try {
            boolean isFirst = !isClosed;
            isClosed = true;
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        try (allocator) {
            syncer.close();
            if (failures.first() == null) {
                awaitDurable(lastCommit());
            }
            deliveries.close(acknowledged());
        } finally {
            if (journal != null) {
                journal.close();
            }
        }
    }

    /** Returns whether the ledger is open, and how much is pending. */
    @Override
    public String toString() {
        LedgerStatus status = status();
        String stands = status.failure() != null ? "failed" : isClosed ? "closed" : "open";
        return "ComputeLedger[" + (journal == null ? "in memory, " : "durable, ") + stands + ", " + status.accepted()
                + " observations accepted, " + status.pending() + " pending]";
    }
}
