package org.flopledger.account;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.flopledger.telemetry.AcceptMask;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.Stage;

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
    private final DiscardedSums discardedSums = new DiscardedSums(discarded);
    private final Names runs = new Names();
    private final Names sources = new Names();
    private final Names models = new Names();
    private final List<RunHistory> histories = new ArrayList<>();
    private final StepContentWords contentWords = new StepContentWords();
    private final StepRepeats repeats = new StepRepeats();
    private ModelFormulas formulas = ModelFormulas.none();

    /**
     * How many rows of a batch were observed before.
     *
     * @param duplicates rows that repeat an observation with the same content
     * @param firstDuplicate the first of them, or -1
     * @param conflicts rows that repeat the key of an observation with other content; the first one stays
     * @param firstConflict the first of them, or -1
     */
    public record Repeats(int duplicates, int firstDuplicate, int conflicts, int firstConflict) {}

    /** Prices steps from now on by these formulas; see {@link ModelFormulas} on when to register a model. */
    public void use(ModelFormulas newFormulas) {
        formulas = newFormulas;
    }

    /** Takes the rows that are held already out of the batch's accept mask, and remembers the others. */
    public Repeats admit(Validation validation) {
        int[] runNumbers = numbers(runs, validation.batch().runs());
        while (histories.size() < runs.all().size()) {
            histories.add(history(runs.name(histories.size())));
        }
        long[] accept = bits(validation.mask());
        StepRows rows = contentWords.of(
                validation,
                accept,
                runNumbers,
                numbers(sources, validation.batch().sources()),
                numbers(models, validation.batch().models()));
        repeats.admit(rows, histories::get);
        narrow(validation.mask(), accept);
        return new Repeats(
                repeats.duplicates(), repeats.firstDuplicate(), repeats.conflicts(), repeats.firstConflict());
    }

    private RunHistory history(String run) {
        return new RunHistory(
                StepContentWords.COUNT,
                (contents, content) -> Stage.values()[StepContentWords.stage(contents, content)].updatesWeights(),
                (attempt, contents, content, steps) -> {
                    int model = StepContentWords.model(contents, content);
                    discardedSums.add(
                            run, model < 0 ? null : models.name(model), attempt, contents, content, steps, formulas);
                });
    }

    private static int[] numbers(Names names, List<String> all) {
        return all.stream().mapToInt(names::number).toArray();
    }

    private static long[] bits(AcceptMask mask) {
        long[] bits = new long[(mask.rows() + 63) >>> 6];
        for (int row = 0; row < mask.rows(); row++) {
            if (mask.isAccepted(row)) {
                bits[row >>> 6] |= 1L << row;
            }
        }
        return bits;
    }

    private static void narrow(AcceptMask mask, long[] accept) {
        for (int row = 0; row < mask.rows(); row++) {
            if ((accept[row >>> 6] >>> row & 1) == 0) {
                mask.reject(row);
            }
        }
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
        return new Crossing(mark.totals, validation, mark.run(), formulas)
                .firstRow(prefix -> passes.test(mark.account.with(prefix)));
    }

    /** Returns the account of the mark with the run's rows of an admitted batch up to and including {@code row}. */
    public RunAccount accountAt(Validation validation, Mark mark, int row) {
        return mark.account.with(new Crossing(mark.totals, validation, mark.run(), formulas).totalsAt(row));
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        return totals.runs();
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
}
