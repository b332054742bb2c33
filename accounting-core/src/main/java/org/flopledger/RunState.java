package org.flopledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.book.ContentConflictException;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.history.StepRepeats;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.Verdict;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was observed of one run, exact and mergeable: what an engine carries from machine to machine where a ledger
 * cannot be.
 *
 * <p>Equal sets of observations give equal {@link #toBytes bytes}, in whatever order, split, number of copies and tree of merges
 * they came. So a task that an engine runs twice, or anew, changes nothing. Where two observations of one step contradict each
 * other there is no order here to tell which came first, as a ledger has: the state is then {@link #isContradicted contradicted},
 * holds no steps and has no total. Retractions and registrations belong to ledgers.
 *
 * <p>Figures that cannot have been measured are taken out as a ledger of default limits does, but for the check that needs the
 * formulas of a model, which are given only when the state is read.
 *
 * <p>Not thread-safe: one writer. Holds no memory outside the heap.
 */
public final class RunState {

    private static final String CONTRADICTION = "observations";

    private final Plausibility plausibility = new Plausibility(LedgerBuilder.PlausibilityLimits.DEFAULT);
    private final Set<StepColumn> implausible = EnumSet.noneOf(StepColumn.class);
    private AccountBook book = new AccountBook();
    private @Nullable String run;
    private boolean isContradicted;

    private RunState() {}

    /** Returns the state of a run that nothing was observed of; the first accepted row names the run. */
    public static RunState empty() {
        return new RunState();
    }

    /**
     * Returns the state that {@link #toBytes} wrote. Bytes from anywhere are safe to give.
     *
     * @throws IllegalArgumentException if the bytes are damaged, of another version, or not what a state writes
     */
    public static RunState fromBytes(byte[] bytes) {
        RunState state = new RunState();
        RunStateBytes.Parts parts = RunStateBytes.read(bytes);
        state.run = parts.run();
        state.isContradicted = parts.isContradicted();
        state.implausible.addAll(parts.implausible());
        state.book = parts.book();
        return state;
    }

    /** Returns the state as bytes, as {@code accounting-core/docs/formats/run-state.md} draws them. */
    public byte[] toBytes() {
        return RunStateBytes.write(new RunStateBytes.Parts(run, isContradicted, implausible, book));
    }

    /** Returns the identity of the run, or null if no row was accepted yet. */
    public @Nullable String run() {
        return run;
    }

    /** Returns whether two observations of one step had different content. */
    public boolean isContradicted() {
        return isContradicted;
    }

    /** Returns the columns in which a figure was that cannot have been measured; its step counts without any figure. */
    public Set<StepColumn> implausible() {
        return Collections.unmodifiableSet(implausible);
    }

    /**
     * Adds a batch, and returns the rows that were refused, by column and reason; those of reason IMPLAUSIBLE are held without
     * their figures. Bad rows never throw, and a repeat changes nothing.
     *
     * @param batch stays the caller's to close
     * @throws IllegalArgumentException if the batch has accepted rows of another run; then nothing of it is added
     * @throws ArithmeticException if a sum would be out of range; this state is then of no use
     */
    public List<RowRejection> add(StepBatch batch) {
        Validation validation = batch.validate();
        String named = run;
        for (String touched : Screening.touched(validation)) {
            requireSame(named, touched);
            named = touched;
        }
        run = named;
        List<RowRejection> rejections = new ArrayList<>(validation.rejections());
        try (BufferAllocator memory = new RootAllocator();
                Plausibility.TakenOut out = plausibility.takeOut(validation, false, ModelFormulas.none(), memory)) {
            take(validation);
            if (out != null) {
                rejections.addAll(out.rejections());
                out.rejections().forEach(rejection -> implausible.add(rejection.column()));
                take(out.steps().validate());
            }
        }
        return rejections;
    }

    private static void requireSame(@Nullable String known, String other) {
        if (known != null && !known.equals(other)) {
            throw new IllegalArgumentException(
                    "the state is of run '" + known + "' and is given '" + other + "', must be one run: group by run");
        }
    }

    private void take(Validation validation) {
        if (isContradicted) {
            return;
        }
        AcceptMask valid = validation.mask().copy();
        StepRepeats repeats = book.admit(validation);
        if (repeats.conflicts() > 0) {
            contradict();
            return;
        }
        book.add(validation);
        SumRange.require(validation, book);
        if (repeats.duplicates() > 0) {
            addTimesOfRepeats(validation, valid);
        }
    }

    /**
     * Of when a step was seen the widest span counts, whichever copy of the observation came first: each pass takes one copy of
     * every step that is left.
     */
    private void addTimesOfRepeats(Validation validation, AcceptMask valid) {
        AcceptMask rest = without(valid, validation.mask());
        while (rest.accepted() > 0) {
            Validation copies = validation.withMask(rest.copy());
            AccountBook once = new AccountBook();
            StepRepeats left = once.admit(copies);
            once.add(copies);
            book.merge(once);
            rest = left.duplicates() > 0 ? without(rest, copies.mask()) : without(rest, rest);
        }
    }

    private static AcceptMask without(AcceptMask all, AcceptMask taken) {
        long[] bits = taken.bits();
        for (int word = 0; word < bits.length; word++) {
            bits[word] = ~bits[word];
        }
        AcceptMask rest = all.copy();
        rest.retain(bits);
        return rest;
    }

    private void contradict() {
        isContradicted = true;
        book = new AccountBook();
    }

    /**
     * Adds all that another state holds. What both hold counts once. The result is the same in whichever order many are merged.
     *
     * @param other is not changed
     * @throws IllegalArgumentException if the other is of another run, or a sum would be out of range; this state is unchanged
     */
    public void merge(RunState other) {
        String named = other.run;
        if (named != null) {
            requireSame(run, named);
        }
        if (!isContradicted && other.isContradicted) {
            contradict();
        } else if (!isContradicted && named != null) {
            try {
                book.merge(other.book);
            } catch (ContentConflictException e) {
                contradict();
            }
        }
        run = named == null ? run : named;
        implausible.addAll(other.implausible);
    }

    /**
     * Returns what the run has cost.
     *
     * @param spec how the run is described, to price its steps; null for what was reported alone
     * @throws IllegalStateException if nothing was observed, or observations contradict each other: there is no total then
     */
    public RunAccount account(@Nullable RunSpec spec) {
        String named = requireTotal(spec);
        return book.account(named);
    }

    private String requireTotal(@Nullable RunSpec spec) {
        String named = run;
        if (named == null || isContradicted) {
            throw new IllegalStateException(
                    named == null
                            ? "nothing was observed"
                            : "observations of run '" + named + "' contradict each other: it has no total");
        }
        ModelFormulas formulas = ModelFormulas.none();
        if (spec != null) {
            if (!spec.id().equals(named)) {
                throw new IllegalArgumentException(
                        "the description is of run '" + spec.id() + "', the state of '" + named + "'");
            }
            String model = spec.model();
            for (StepFormula formula : spec.formulas()) {
                formulas = model == null ? formulas : formulas.with(model, formula);
            }
        }
        book.use(formulas);
        return named;
    }

    /**
     * Returns what rules may know of the run.
     *
     * @throws IllegalStateException as {@link #account}
     */
    public Facts facts(@Nullable RunSpec spec) {
        return RunReview.facts(account(spec), spec);
    }

    /**
     * Returns what the rules of a profile find in the run as it stands, and whether figures of it were taken out. A state that is
     * contradicted has that as its only finding; one of which nothing was observed has none.
     */
    public List<RunFinding> findings(ReviewProfile profile, @Nullable RunSpec spec) {
        String named = run;
        if (named == null) {
            return List.of();
        }
        if (isContradicted) {
            return List.of(new RunFinding(named, contradiction()));
        }
        requireTotal(spec);
        var screening = new Screening(Map.of(profile.id(), profile), new FindingLog());
        List<RunFinding> findings = new ArrayList<>(screening.standing(book, named, spec));
        if (!implausible.isEmpty()) {
            findings.addAll(screening.implausible(Set.of(named), implausible));
        }
        return findings;
    }

    private static Finding contradiction() {
        return new Finding(
                CONTRADICTION,
                FindingKind.CONTRADICTED,
                Verdict.UNDETERMINED,
                null,
                null,
                null,
                CONTRADICTION
                        + " CONTRADICTED: two observations of one step, by one source, differ; the run has no total");
    }
}
