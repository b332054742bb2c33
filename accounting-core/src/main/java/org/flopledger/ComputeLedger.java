package org.flopledger;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.book.StepSpan;
import org.flopledger.internal.kernel.Kernels;
import org.flopledger.report.Statement;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.Projection;
import org.flopledger.review.ReviewProfile;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
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

    private final LedgerCore core;
    private final LedgerWriter writer;
    private final Recording recording;
    private final Syncer syncer;
    private final InstantSource clock;
    private final @Nullable LenientArrow lenient;

    ComputeLedger(LedgerBuilder builder) {
        clock = builder.clock();
        lenient = builder.lenientArrow();
        core = new LedgerCore(builder);
        syncer = new Syncer(core);
        writer = new LedgerWriter(core, new Plausibility(builder.plausibility()), syncer, clock);
        recording = new Recording(core, writer, builder);
        core.onStop(recording::stop);
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
        LedgerWriter.Registered registered = writer.register(spec);
        core.acknowledge(registered.commit());
        return new LedgerRun(this, registered.spec(), registered.attempts().present());
    }

    Recording recording() {
        return recording;
    }

    /**
     * Takes in the steps that were recorded one by one, and returns when they are on the disk. They are taken in without this
     * call too, soon after they were recorded, before totals or findings are read, and at the end.
     *
     * @return what became of all that was taken in since the last call; counts end at 2^31 - 1, see {@link #status}
     * @throws LedgerException as {@link #ingest}
     */
    public IngestResult flush() {
        core.requireUsable();
        IngestResult result = recording.flush();
        core.awaitDurable(core.lastCommit());
        // A failure meanwhile may have left steps behind in the recorder.
        core.requireUsable();
        // Without a lock: this may wait for a listener, and the listener may be reading totals.
        core.tellListeners();
        return result;
    }

    /**
     * Returns what was cut off the end of the journal when the ledger was opened: file, offset, bytes and the first record of
     * a commit that its writer never finished and never acknowledged; nothing if the journal ended with a whole commit.
     */
    public Optional<String> cut() {
        LedgerJournal journal = core.journal();
        return Optional.ofNullable(journal == null ? null : journal.cut());
    }

    /** Returns how the ledger stands, at once: it waits for no disk. */
    public LedgerStatus status() {
        LedgerException failure = core.failure();
        LedgerJournal journal = core.journal();
        if (failure != null && journal != null) {
            // Of the last commits nobody may have waited to see that they reached the disk.
            core.tally().durable(journal.durableCommit());
        }
        return recording.status(failure);
    }

    /** Returns a builder of a batch in the ledger's memory; close the batch after {@link #ingest}. */
    public StepBatchBuilder newBatch() {
        return core.locked(() -> StepBatch.builder(core.allocator()));
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
                : lenient.read(root, dictionaries, core.allocator(), this::modelOf);
    }

    private @Nullable String modelOf(String run) {
        RunSpec spec = core.locked(() -> Optional.ofNullable(core.state().runs().spec(run)))
                .orElse(null);
        return spec == null ? null : spec.model();
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
        LedgerWriter.Entered entered = writer.ingest(batch);
        core.acknowledge(entered.commit());
        return entered.result();
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
        StepSpan steps = new StepSpan(run, attempt, source, firstStep, lastStep);
        Retraction wanted = Retraction.of(steps, reason, clock.instant());
        recording.takePending();
        Retraction done = writer.takeBack(wanted);
        if (done.observations() == 0) {
            throw new LedgerException(
                    LedgerException.Code.NOTHING_TO_RETRACT,
                    "nothing is held of run '" + run + "', attempt " + attempt + ", steps " + firstStep + " to "
                            + lastStep);
        }
        return done;
    }

    /** Takes back here what another ledger took back, if it is here. */
    void retractAgain(Retraction retraction) {
        recording.takePending();
        Retraction unused = writer.takeBack(retraction);
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
            throw new LedgerException(
                    LedgerException.Code.UNKNOWN_RUN, "run '" + run + "' was neither registered nor observed");
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
        return profile.assess(facts(run));
    }

    /**
     * Returns a statement of what a run has cost and what a profile's rules say of it, with the findings that still hold.
     *
     * @throws LedgerException if nothing is known of the run
     */
    public Statement statement(String run, ReviewProfile profile) {
        return read(current -> RunReview.statement(
                account(current, run),
                current.runs().spec(run),
                profile,
                current.findings().standing()));
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        return read(current -> current.book().runs());
    }

    /** Returns the findings that still hold, in order: all of them but those that a retraction made untrue. */
    public List<RunFinding> standingFindings() {
        return read(current -> current.findings().standing());
    }

    /** Returns every finding so far, in order, also those that a retraction made untrue. */
    public List<RunFinding> findings() {
        return read(current -> current.findings().all());
    }

    /** Reads the state after everything recorded was taken in, and returns when what was read is on the disk. */
    private <T> T read(Function<LedgerState, T> reader) {
        return core.read(recording::takePending, reader);
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
        return read(current ->
                core.screening().project(current.runs().spec(run), account(current, run), plannedSteps, clock));
    }

    /** Returns when listeners were told of everything found by batches taken in before this call. */
    public void awaitListeners() throws InterruptedException {
        recording.takePending();
        core.acknowledge(core.lastCommit());
        core.awaitListeners();
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
        return core.locked(() -> {
            LedgerJournal journal = core.journal();
            return journal == null ? 0 : journal.compact();
        });
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
        core.close(syncer, recording.close());
    }

    /** Returns whether the ledger is open, and how much is pending. */
    @Override
    public String toString() {
        LedgerStatus status = status();
        String stands = status.failure() != null ? "failed" : core.isClosed() ? "closed" : "open";
        return "ComputeLedger[" + (core.journal() == null ? "in memory, " : "durable, ") + stands + ", "
                + status.accepted() + " observations accepted, " + status.pending() + " pending]";
    }
}
