package org.flopledger;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.account.AccountBook;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.kernel.Kernels;
import org.flopledger.journal.JournalOptions;
import org.flopledger.report.Statement;
import org.flopledger.review.Assessment;
import org.flopledger.review.Evaluation;
import org.flopledger.review.Facts;
import org.flopledger.review.Projection;
import org.flopledger.review.ReviewProfile;
import org.flopledger.telemetry.Rejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
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
    private final LedgerState state = new LedgerState(fault -> LOG.log(System.Logger.Level.WARNING, fault));
    private final AccountBook book = state.book();
    private final InstantSource clock;
    private final Screening screening;
    private final Intake intake;
    private final Plausibility plausibility;
    private final Deliveries deliveries;
    private final @Nullable LedgerJournal journal;
    private final Recording recording = new Recording(this);
    private boolean isClosed;

    ComputeLedger(LedgerBuilder builder) {
        clock = builder.clock();
        screening = new Screening(builder.profiles(), state.findings());
        intake = new Intake(state, screening);
        plausibility = new Plausibility(builder.plausibility());
        Path directory = builder.directory();
        if (directory == null) {
            journal = null;
            deliveries = new Deliveries(builder.listeners(), number -> {});
            return;
        }
        LedgerJournal opened = open(directory, builder.options());
        journal = opened;
        state.putInForce(builder.profiles().keySet(), opened);
        // What stands before anybody asked is found now; listeners are told of it with the rest.
        Set<String> known = new LinkedHashSet<>(book.runs());
        known.addAll(state.runs().all().keySet());
        opened.await(opened.findings(standing(known)));
        deliveries = new Deliveries(builder.listeners(), number -> markTold(opened, number));
        state.untold(deliveries);
    }

    private List<RunFinding> standing(Set<String> runs) {
        List<RunFinding> found = new ArrayList<>();
        for (String run : runs) {
            found.addAll(screening.standing(book, run, state.runs().spec(run)));
        }
        return found;
    }

    private LedgerJournal open(Path directory, JournalOptions options) {
        try {
            return LedgerJournal.open(directory, options, allocator, state);
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
        return new LedgerBuilder(directory);
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
        LedgerRun run;
        long commit = 0;
        lock.lock();
        try {
            requireOpen();
            RunRegister runs = state.runs();
            RunSpec joined = runs.joined(spec);
            if (!runs.holds(joined)) {
                commit = journal == null ? 0 : journal.run(joined);
                String model = joined.model();
                Set<String> changed = new LinkedHashSet<>(Set.of(joined.id()));
                if (runs.register(joined) && model != null) {
                    changed.addAll(book.runsOf(model));
                }
                commit = Math.max(commit, commit(standing(changed)));
            }
            run = new LedgerRun(this, joined, runs.attempt(spec.id()));
        } finally {
            lock.unlock();
        }
        if (journal != null) {
            journal.await(commit);
        }
        tellListeners();
        return run;
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
     * Takes in the steps that were recorded one by one since the last time. Happens by itself every second, when the
     * recorder is full, before totals or findings are read, and at the end.
     *
     * @return what became of them
     * @throws LedgerException as {@link #ingest}
     */
    public IngestResult flush() {
        return recording.flush();
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
     * Takes in the columns of an Arrow root, without copying them.
     *
     * @see StepBatch#wrap
     */
    public IngestResult ingest(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        try (StepBatch batch = StepBatch.wrap(root, dictionaries)) {
            return ingest(batch);
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
        IngestResult result = takeIn(batch);
        tellListeners();
        return result;
    }

    /** Takes in a batch as {@link #ingest} does, but for {@link #tellListeners}. */
    IngestResult takeIn(StepBatch batch) {
        IngestResult result;
        long commit = 0;
        lock.lock();
        try {
            requireOpen();
            Validation validation = batch.validate();
            if (journal != null) {
                journal.requireFits(validation);
            }
            long firstNumber = state.findings().count();
            Plausibility.TakenOut out =
                    plausibility.takeOut(validation, state.runs().formulas(), allocator);
            result = intake.take(validation);
            commit = journal == null ? 0 : journal.batch(validation, result.accepted(), result.findings());
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
        } finally {
            lock.unlock();
        }
        if (journal != null) {
            journal.await(commit);
        }
        return result;
    }

    /** Takes in steps of which the figures were refused, adds what is found, and returns the commit. */
    private long takeWithoutFigures(Plausibility.TakenOut out, List<RunFinding> found) {
        try (StepBatch steps = out.steps()) {
            Validation validation = steps.validate();
            IngestResult taken = intake.take(validation);
            List<RunFinding> besides = new ArrayList<>(taken.findings());
            besides.addAll(screening.implausible(out.runs(), out.rejections()));
            found.addAll(besides);
            return journal == null ? 0 : journal.batch(validation, taken.accepted(), out.rejections(), besides);
        }
    }

    /** Has listeners told of what is durable; waits while very many findings wait. To be called without a lock. */
    void tellListeners() {
        deliveries.release(acknowledged());
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
        recording.flushIfPending();
        Retraction done;
        long commit = 0;
        lock.lock();
        try {
            requireOpen();
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
        if (journal != null) {
            journal.await(commit);
        }
        tellListeners();
        return done;
    }

    /** Returns what was taken back so far, in order. */
    public List<Retraction> retractions() {
        lock.lock();
        try {
            return state.retractions();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns what a run has cost so far.
     *
     * @throws LedgerException if the run was neither registered nor observed: nothing is known of it, which is not zero
     */
    public RunAccount totals(String run) {
        recording.flushIfPending();
        lock.lock();
        try {
            if (state.runs().spec(run) == null && !book.runs().contains(run)) {
                throw new LedgerException(
                        ErrorCode.UNKNOWN_RUN, "run '" + run + "' was neither registered nor observed");
            }
            return book.account(run);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns what rules may know of a run now: what was said of it, and what it has cost.
     *
     * @throws LedgerException if nothing is known of the run
     */
    public Facts facts(String run) {
        RunAccount account = totals(run);
        lock.lock();
        try {
            return RunReview.facts(account, state.runs().spec(run));
        } finally {
            lock.unlock();
        }
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
        RunAccount account = totals(run);
        lock.lock();
        try {
            return RunReview.statement(
                    account, state.runs().spec(run), profile, state.findings().all());
        } finally {
            lock.unlock();
        }
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        recording.flushIfPending();
        lock.lock();
        try {
            return book.runs();
        } finally {
            lock.unlock();
        }
    }

    /** Returns every finding so far, in order. */
    public List<RunFinding> findings() {
        recording.flushIfPending();
        lock.lock();
        try {
            return state.findings().all();
        } finally {
            lock.unlock();
        }
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
        RunAccount account = totals(run);
        lock.lock();
        try {
            return screening.project(state.runs().spec(run), account, plannedSteps, clock);
        } finally {
            lock.unlock();
        }
    }

    /** Returns when listeners were told of everything found by batches taken in before this call. */
    public void awaitListeners() throws InterruptedException {
        recording.flushIfPending();
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
        if (isClosed) {
            throw new LedgerException(ErrorCode.CLOSED, "the ledger is closed");
        }
        if (journal != null) {
            journal.requireRunning();
        }
    }

    /**
     * Ends the ledger. Listeners are told of what waits, for at most ten seconds.
     *
     * @throws IllegalStateException if a batch made by {@link #newBatch} was not closed
     */
    @Override
    public void close() {
        LedgerException unflushed = recording.close();
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
        } finally {
            lock.unlock();
        }
        deliveries.close(acknowledged());
        try (allocator) {
            if (journal != null) {
                journal.close();
            }
        }
        if (unflushed != null) {
            throw unflushed;
        }
    }
}
