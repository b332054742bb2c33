package org.flopledger.internal.book;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateWriter;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.cells.Names;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.BatchRows;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepRepeats;
import org.flopledger.internal.history.StepRows;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of many runs over their whole life: each observation once, restarts told apart.
 *
 * <p>Take a validated batch in two moves: {@link #admit} takes out what is held already, {@link #add} adds the rest. What a
 * later attempt threw away is in {@link RunAccount#discarded()} from then on, and never leaves the total.
 *
 * <p>Not thread-safe: one writer. A {@link RunAccount} read from it is immutable.
 */
public final class AccountBook {

    private final LedgerAccounts totals = new LedgerAccounts();
    private final LedgerAccounts discarded = new LedgerAccounts();
    private final Names runs = new Names();
    private final Names sources = new Names();
    private final Names models = new Names();
    private final DiscardedSums discardedSums = new DiscardedSums(discarded, models);
    private final List<RunHistory> histories = new ArrayList<>();
    private final BatchRows.Room room = new BatchRows.Room();
    private ModelFormulas formulas = ModelFormulas.none();

    /**
     * Prices steps by these formulas, those held as well as those to come.
     *
     * <p>Costs nothing unless the attention masks of a model change of which steps are held: their pairs are then counted
     * again, linear in the intervals of the runs concerned.
     */
    public void use(ModelFormulas newFormulas) {
        ModelFormulas before = formulas;
        formulas = newFormulas;
        PairRecount.run(this, before);
    }

    /**
     * Returns all that is held as bytes: equal observations give equal bytes, whatever their order, batches, merges and
     * formulas. Formulas are not part of it.
     *
     * @throws IllegalStateException if they are more than 2^30
     */
    public byte[] toBytes() {
        return BookState.write(this, StateFrame.MAX_BYTES);
    }

    /** Returns what {@link #toBytes} returns if it has at most so many bytes, else nothing; takes no more memory than that allows. */
    public Optional<byte[]> toBytes(int most) {
        try {
            return Optional.of(BookState.write(this, most));
        } catch (StateWriter.StateTooLargeException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the book that {@link #toBytes} wrote; give it formulas by {@link #use}. Runs are then in order of their names.
     * Totals, cuts and discarded parts are derived from the steps, and the stored totals must equal them. Bytes from anywhere
     * are safe to give; memory is at most some 20 times their number.
     *
     * @throws IllegalArgumentException if the bytes are damaged, of another version, or not what a book writes
     */
    public static AccountBook fromBytes(byte[] bytes) {
        AccountBook book = new AccountBook();
        BookReader.read(bytes, book);
        return book;
    }

    /**
     * Makes this book, which may have formulas but no observations yet, hold what {@link #toBytes} wrote, as {@link #fromBytes}
     * does.
     *
     * @param order the runs in the order in which {@link #runs} is to name them, all of them
     * @throws IllegalArgumentException as {@link #fromBytes}, or if the order names other runs; this book is then of no use
     * @throws IllegalStateException if the book has observations
     */
    public void restore(byte[] bytes, List<String> order) {
        if (!runs.all().isEmpty()) {
            throw new IllegalStateException("book knows " + runs.all().size() + " runs, must know none");
        }
        order.forEach(run -> totals.runNames().number(run));
        BookReader.read(bytes, this);
        if (!runs().equals(order)) {
            throw new IllegalArgumentException("book state: holds " + runs().size() + " runs, must hold the "
                    + order.size() + " of the order given");
        }
    }

    /**
     * Adds all that another book holds. What both hold counts once; restarts are told apart anew. The result is the same
     * whichever of the two takes in the other, and in whichever order many are merged.
     *
     * <p>Costs time linear in the intervals of the other book. Repeated steps must have equal content; of when they were
     * seen the widest span counts. This book's formulas stay in use.
     *
     * @param other is not changed
     * @throws IllegalArgumentException if both hold a step of one run, attempt and source with different content, or a sum
     *     would be out of range; then this book is unchanged too
     */
    public void merge(AccountBook other) {
        BookMerge merge = new BookMerge(this, other);
        merge.check();
        merge.apply();
    }

    /**
     * Takes steps back, so that they count nowhere and may be recorded anew. Restarts are told apart by the steps that remain.
     *
     * <p>Costs time linear in the intervals of the run and the cells of the book. Of when the remaining steps were seen the span
     * stays as it was.
     *
     * @return how many observations were taken back; 0 changes nothing
     */
    public long retract(StepSpan steps) {
        return takeBack(steps, false);
    }

    /**
     * Takes the figures of steps back: they stay as observed, of the same stage and model, as if nothing else had ever been said
     * of them. Costs what {@link #retract} does.
     *
     * @return how many observations lost their figures; 0 changes nothing
     */
    public long stripFigures(StepSpan steps) {
        return takeBack(steps, true);
    }

    private long takeBack(StepSpan steps, boolean keepsSteps) {
        RunHistory held = find(steps.run());
        int source = steps.source() == null ? -1 : sources.find(steps.source());
        if (held == null || (steps.source() != null && source < 0)) {
            return 0;
        }
        StepRetraction retraction = new StepRetraction(this, held, steps, source, keepsSteps);
        long observations = retraction.matching();
        if (observations > 0) {
            retraction.apply();
        }
        return observations;
    }

    /** Tests what steps say of their work. */
    public interface WorkTest {
        /** Tests the model of a step, null if none is known, and its sums, 0 where none is known. */
        boolean test(@Nullable String model, long tokens, long sequences, long squaredLengths);
    }

    /** Returns the steps of a run whose work passes a test, as the longest spans by attempt, source and step. */
    public List<StepSpan> select(String run, WorkTest test) {
        return new StepSelection(this, run, test).spans();
    }

    /** Returns a new history of a run in place of the one it has. */
    RunHistory beginAnew(String run) {
        RunHistory history = newHistory(run);
        histories.set(runs.number(run), history);
        return history;
    }

    /** Takes the rows that are held already out of the batch's accept mask, and remembers the others. */
    public StepRepeats admit(Validation validation) {
        int[] runNumbers = numbers(runs, validation.batch().runs());
        makeHistories();
        long[] accept = validation.mask().bits();
        StepRows rows = BatchRows.of(
                room,
                validation,
                accept,
                runNumbers,
                numbers(sources, validation.batch().sources()),
                numbers(models, validation.batch().models()));
        StepRepeats repeats = new StepRepeats();
        int unused = repeats.admit(rows, histories::get);
        validation.mask().retain(accept);
        return repeats;
    }

    private void makeHistories() {
        while (histories.size() < runs.all().size()) {
            histories.add(newHistory(runs.name(histories.size())));
        }
    }

    private RunHistory newHistory(String run) {
        return new RunHistory(
                StepContentWords.COUNT,
                content -> Stage.values()[content.stage()].updatesWeights(),
                (attempt, content, steps) -> discardedSums.add(run, attempt, content, steps, formulas));
    }

    private static int[] numbers(Names names, List<String> all) {
        return all.stream().mapToInt(names::number).toArray();
    }

    /** Adds the rows of a batch that {@link #admit} left. */
    public void add(Validation validation) {
        totals.fold(validation, formulas);
    }

    /** A run's account at a moment, to look back at after a batch was added. Confined to the book's thread. */
    public static final class Mark {
        private final LedgerAccounts totals;
        private final RunAccount account;

        private Mark(LedgerAccounts totals, RunAccount account) {
            this.totals = totals;
            this.account = account;
        }

        /** Returns the run. */
        public String run() {
            return account.run();
        }

        /** Returns the account at that moment. */
        public RunAccount account() {
            return account;
        }
    }

    /** Returns the account of a run as it is now, in a form to search from. */
    public Mark mark(String run) {
        return new Mark(totals.copyOf(run), account(run));
    }

    /**
     * Returns the first row of an admitted batch at which a run's account passes a test.
     *
     * <p>Rows count in batch order. The account tested holds what it held at the mark and the run's rows up to that one; what
     * the batch itself causes to be discarded is not counted as discarded yet.
     *
     * @param mark the run as it was before the batch was added
     * @param passes must stay true once it is, as any threshold on a sum does
     * @return the row; nothing if the run passes without the batch already, or not even with all of it
     */
    public OptionalInt firstRow(Validation validation, Mark mark, Predicate<RunAccount> passes) {
        return new CrossingSearch(mark.totals, validation, mark.run(), formulas)
                .firstRow(prefix -> passes.test(mark.account.with(prefix)));
    }

    /** Returns the account of the mark with the run's rows of an admitted batch up to and including {@code row}. */
    public RunAccount accountAt(Validation validation, Mark mark, int row) {
        return mark.account.with(new CrossingSearch(mark.totals, validation, mark.run(), formulas).totalsAt(row));
    }

    /** A step of an attempt. */
    public record Position(int attempt, long step) {}

    /**
     * Returns the step up to which a run's account passes a test, when its steps come by attempt and then by number: the first
     * for which all of them up to it pass. When they came does not matter, for that is not kept.
     *
     * <p>Costs time linear in the intervals of the run for each of some 60 accounts, and as much memory as the run.
     *
     * @param passes must stay true once it is, as any threshold on a sum does
     * @return the step; nothing if the whole account does not pass, or passes without a step
     */
    public Optional<Position> firstStep(String run, Predicate<RunAccount> passes) {
        return new StepSearch(this, run, passes).first();
    }

    /** Returns the runs that have an observation with a model key. */
    public Set<String> runsOf(String model) {
        Set<String> found = new LinkedHashSet<>();
        int number = totals.modelNames().find(model);
        CellTable table = totals.table();
        for (int cell = 1; number >= 0 && cell < table.end(); cell++) {
            if (table.model(cell) == number) {
                found.add(totals.runNames().name(table.run(cell)));
            }
        }
        return found;
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        return totals.runs();
    }

    /** Returns who observed the steps that are held of a run. */
    public Set<String> sources(String run) {
        Set<String> found = new LinkedHashSet<>();
        RunHistory held = find(run);
        if (held != null) {
            held.tracks().forEach(track -> found.add(sources.name(track.source())));
        }
        return found;
    }

    /** Returns what a run has cost; nothing if it was never seen. */
    public RunAccount account(String run) {
        int number = runs.find(run);
        return new RunAccount(
                totals.totals(run),
                discarded.totals(run),
                number < 0 ? 0 : histories.get(number).attempts(),
                formulas);
    }

    /** Returns the history of a run, a new one if there is none. */
    RunHistory history(String run) {
        int number = runs.number(run);
        makeHistories();
        return histories.get(number);
    }

    /** Adds steps of one content to the totals, all that the content tells. */
    void addToTotals(String run, int attempt, StepContent content, long first, long last) {
        String model = modelOf(content);
        CellTable table = totals.table();
        int cell = ContentSums.cell(totals, run, model, attempt, content);
        ContentSums.addCompute(table, cell, content, last - first + 1);
        ContentSums.addEvidence(table, cell, content, first, last);
        if (model != null && ContentSums.hasAllInputs(content)) {
            ContentSums.addPairs(table, cell, content, last - first + 1, formulas.masks(model));
        }
    }

    /** Returns the name of the model of a content, or null where none is known. */
    @Nullable
    String modelOf(StepContent content) {
        return content.model() < 0 ? null : models.name(content.model());
    }

    /** Returns the history of a run, or null if nothing of it was seen. */
    @Nullable
    RunHistory find(String run) {
        int number = runs.find(run);
        return number < 0 ? null : histories.get(number);
    }

    LedgerAccounts totals() {
        return totals;
    }

    LedgerAccounts discarded() {
        return discarded;
    }

    Names sourceNames() {
        return sources;
    }

    Names modelNames() {
        return models;
    }

    ModelFormulas formulas() {
        return formulas;
    }
}
