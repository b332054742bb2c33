package org.flopledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.account.AccountBook;
import org.flopledger.account.ModelFormulas;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.kernel.Kernels;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfile;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.Validation;
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

    private final ReentrantLock lock = new ReentrantLock();
    private final AccountBook book = new AccountBook();
    private final Map<String, RunSpec> runs = new LinkedHashMap<>();
    private final Screening screening;
    private final Deliveries deliveries;
    private final BufferAllocator allocator = new RootAllocator();
    private ModelFormulas formulas = ModelFormulas.none();
    private boolean isClosed;

    private ComputeLedger(Builder builder) {
        screening = new Screening(builder.profiles);
        deliveries = new Deliveries(builder.listeners);
    }

    /** Begins a ledger that lives in memory and is gone when it is closed. */
    public static Builder inMemory() {
        return new Builder();
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
        lock.lock();
        try {
            requireOpen();
            RunSpec before = runs.get(spec.id());
            if (before != null && !isSame(before, spec)) {
                throw new LedgerException(
                        ErrorCode.RUN_CHANGED,
                        "run '" + spec.id() + "' was registered with another model or stage, must stay the same");
            }
            runs.put(spec.id(), spec);
            String model = spec.model();
            if (model != null) {
                for (StepFormula formula : spec.formulas()) {
                    requireSameFormula(model, formula);
                    formulas = formulas.with(model, formula);
                }
                book.use(formulas);
            }
            return new LedgerRun(this, spec);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isSame(RunSpec a, RunSpec b) {
        return a.stage() == b.stage()
                && Objects.equals(a.model(), b.model())
                && a.formulas().equals(b.formulas());
    }

    private void requireSameFormula(String model, StepFormula formula) {
        StepFormula known = formulas.formula(model, formula.method());
        if (known != null && !known.equals(formula)) {
            throw new LedgerException(
                    ErrorCode.RUN_CHANGED,
                    "model '" + model + "' is registered with another " + formula.method()
                            + " formula; a different model or setting needs a key of its own");
        }
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
     * Takes in a batch. Bad rows and repeats are counted, never thrown. Returns after the accounts hold it and listeners have
     * been told of what this batch and earlier ones brought about.
     *
     * @param batch stays the caller's to close
     * @throws LedgerException if the ledger is closed
     */
    public IngestResult ingest(StepBatch batch) {
        IngestResult result;
        lock.lock();
        try {
            requireOpen();
            result = take(batch);
            deliveries.queue(result.findings());
        } finally {
            lock.unlock();
        }
        deliveries.deliver();
        return result;
    }

    private IngestResult take(StepBatch batch) {
        Validation validation = batch.validate();
        AccountBook.Repeats repeats = book.admit(validation);
        int accepted = validation.mask().accepted();
        List<RunFinding> findings = new ArrayList<>();
        if (accepted > 0) {
            List<Screening.Watch> watched = screening.before(book, validation, this::spec);
            book.add(validation);
            for (Screening.Watch watch : watched) {
                findings.addAll(screening.after(book, validation, watch));
            }
        }
        return new IngestResult(batch.rows(), accepted, validation.rejections(), repeats, findings);
    }

    private @Nullable RunSpec spec(String run) {
        return runs.get(run);
    }

    /**
     * Returns what a run has cost so far.
     *
     * @throws LedgerException if the run was neither registered nor observed: nothing is known of it, which is not zero
     */
    public RunAccount totals(String run) {
        lock.lock();
        try {
            if (!runs.containsKey(run) && !book.runs().contains(run)) {
                throw new LedgerException(
                        ErrorCode.UNKNOWN_RUN, "run '" + run + "' was neither registered nor observed");
            }
            return book.account(run);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        lock.lock();
        try {
            return book.runs();
        } finally {
            lock.unlock();
        }
    }

    /** Returns every finding so far, in order. */
    public List<RunFinding> findings() {
        lock.lock();
        try {
            return screening.findings();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new LedgerException(ErrorCode.CLOSED, "the ledger is closed");
        }
    }

    /**
     * Ends the ledger.
     *
     * @throws IllegalStateException if a batch made by {@link #newBatch} was not closed
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!isClosed) {
                isClosed = true;
                allocator.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Collects what a ledger needs. Not thread-safe. */
    public static final class Builder {

        private final Map<String, ReviewProfile> profiles = new LinkedHashMap<>();
        private final List<ReviewListener> listeners = new ArrayList<>();

        private Builder() {}

        /** Puts a profile's rules in force. */
        public Builder profile(ReviewProfile profile) {
            if (profiles.put(profile.id(), profile) != null) {
                throw new IllegalArgumentException("profile '" + profile.id() + "' is given twice, must be given once");
            }
            return this;
        }

        /** Tells this listener of every finding, after it is committed. */
        public Builder onFinding(ReviewListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Tells this listener of findings of one kind only. */
        public Builder onFinding(FindingKind kind, ReviewListener listener) {
            return onFinding(finding -> {
                if (finding.finding().kind() == kind) {
                    listener.onFinding(finding);
                }
            });
        }

        /** Opens the ledger. */
        public ComputeLedger start() {
            return new ComputeLedger(this);
        }
    }
}
