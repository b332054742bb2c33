package org.flopledger.logs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerAudit;
import org.flopledger.LedgerException;
import org.flopledger.Retraction;
import org.flopledger.RunSpec;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunAccount;
import org.flopledger.account.RunTotals;
import org.jspecify.annotations.Nullable;

/**
 * Which of several ledgers is believed about a run whose log they took in at different moments: the one that tells most of it, alone,
 * for the log of a run that goes on repeats what it said before. Decision 0020 says why.
 *
 * <p>Runs that others than {@link RunIntake} observed are left to the ledger: their steps are taken together. Confined to one thread.
 */
public final class LogTellings {

    private static final int TARGET = -1;
    private static final String LONGER_LEDGER = "a ledger that is merged into this one tells more of this run";

    private final @Nullable LedgerAudit target;
    private final List<LedgerAudit> sources;
    private final Map<String, Integer> believed = new LinkedHashMap<>();
    private final List<String> contradictions = new ArrayList<>();

    private LogTellings(@Nullable LedgerAudit target, List<LedgerAudit> sources) {
        this.target = target;
        this.sources = List.copyOf(sources);
        Stream.concat(Stream.ofNullable(target), sources.stream())
                .flatMap(ledger -> ledger.runs().stream())
                .map(RunAccount::run)
                .distinct()
                .forEach(this::choose);
    }

    /**
     * Chooses for each run the ledger that is believed.
     *
     * @param target what the ledger holds that takes in the others, or null if it is new
     * @param sources the others, in order
     * @throws LedgerException with RUN_CHANGED if a run cannot be settled: it was observed by others besides, or corrected by hand in
     *     a ledger that is not believed
     */
    public static LogTellings of(@Nullable LedgerAudit target, List<LedgerAudit> sources) {
        return new LogTellings(target, sources);
    }

    /** Returns whether the observations of a run are to be taken from a source, counted from 0. */
    public boolean isBelieved(int source, String run) {
        Integer chosen = believed.get(run);
        return chosen == null || chosen == source;
    }

    /** Returns in sentences which ledgers contradict each other, so that neither can be the beginning of the other. */
    public List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    /**
     * Takes back, with the reason, what the target holds of runs that another ledger tells more of. Call it before taking in the
     * others.
     *
     * @throws LedgerException with RUN_CHANGED if the target knows a run with other facts; then nothing of that run is taken back
     */
    public void makeRoom(ComputeLedger ledger) {
        believed.forEach((run, chosen) -> {
            RunAccount held = account(TARGET, run);
            if (chosen == TARGET || held == null) {
                return;
            }
            // First, for it may be refused: nothing is taken back that cannot be replaced.
            RunSpec spec = sources.get(chosen).specs().get(run);
            if (spec != null) {
                ledger.run(spec);
            }
            held.totals().cells().stream()
                    .map(CellTotals::attempt)
                    .distinct()
                    .forEach(attempt -> ledger.retract(run, attempt, 0, Long.MAX_VALUE, null, LONGER_LEDGER));
        });
    }

    /** What one ledger holds of a run. */
    private record Telling(int ledger, RunAccount account, RunExtent extent) {

        /** Returns whether this can be the beginning of another, as far as attempts and the number of steps tell. */
        boolean canBegin(Telling other) {
            RunTotals mine = account.totals();
            return mine.cells().stream().map(CellTotals::attempt).distinct().allMatch(attempt -> {
                List<CellTotals> here = cells(attempt);
                List<CellTotals> there = other.cells(attempt);
                return !there.isEmpty()
                        && first(here) == first(there)
                        && last(here) <= last(there)
                        && count(here) <= count(there);
            });
        }

        private List<CellTotals> cells(int attempt) {
            return account.totals().cells().stream()
                    .filter(cell -> cell.attempt() == attempt)
                    .toList();
        }

        private static long first(List<CellTotals> cells) {
            return cells.stream().mapToLong(CellTotals::firstStep).min().orElse(0);
        }

        private static long last(List<CellTotals> cells) {
            return cells.stream().mapToLong(CellTotals::lastStep).max().orElse(0);
        }

        private static long count(List<CellTotals> cells) {
            return cells.stream().mapToLong(CellTotals::observations).sum();
        }
    }

    private void choose(String run) {
        var tellings = new ArrayList<Telling>();
        for (int ledger = TARGET; ledger < sources.size(); ledger++) {
            RunAccount account = account(ledger, run);
            if (account != null) {
                tellings.add(new Telling(ledger, account, RunExtent.of(account)));
            }
        }
        List<String> observers = tellings.stream()
                .flatMap(telling -> ledger(telling.ledger()).stream())
                .flatMap(ledger -> ledger.sources(run).stream())
                .distinct()
                .toList();
        boolean tellsSums = observers.contains(RunRows.WHOLE);
        if (tellings.size() < 2 || !(tellsSums || observers.equals(List.of(RunRows.STEPS)))) {
            return;
        }
        if (!observers.stream().allMatch(RunRows::isLog)) {
            throw new LedgerException(
                    LedgerException.Code.RUN_CHANGED,
                    "run '" + run
                            + "' was taken from a log, as a sum, and observed by others too: the ledgers cannot be merged"
                            + " without counting it twice");
        }
        Telling most = most(tellings, Comparator.comparing(Telling::extent, RunExtent.LATER));
        if (!tellsSums && !tellings.stream().allMatch(telling -> telling.canBegin(most))) {
            // Pieces rather than beginnings: who calls himself "log" may tell of other steps.
            return;
        }
        believe(run, tellings, most);
    }

    private void believe(String run, List<Telling> tellings, Telling most) {
        boolean agree = tellings.stream().allMatch(telling -> most.extent().agreesWith(telling.extent()));
        Telling chosen = agree ? most : most(tellings, Comparator.comparing(Telling::extent, RunExtent.LARGER));
        if (!agree) {
            contradictions.add(
                    "run '" + run + "': the ledgers contradict each other; the one that tells of most work counts");
        }
        for (Telling telling : tellings) {
            requireNotCorrected(run, telling.ledger(), chosen.ledger());
        }
        believed.put(run, chosen.ledger());
    }

    /** Returns the first of the greatest. */
    private static Telling most(List<Telling> tellings, Comparator<Telling> order) {
        return tellings.stream()
                .reduce((a, b) -> order.compare(a, b) >= 0 ? a : b)
                .orElseThrow();
    }

    /** What a person took back in one ledger stands in the one that is believed. */
    private void requireNotCorrected(String run, int ledger, int chosen) {
        List<Retraction> known = corrections(chosen, run);
        for (Retraction correction : corrections(ledger, run)) {
            if (known.stream().noneMatch(other -> isSame(other, correction))) {
                throw new LedgerException(
                        LedgerException.Code.RUN_CHANGED,
                        "run '" + run + "': steps " + correction.firstStep() + " to " + correction.lastStep()
                                + " were taken back in one ledger (" + correction.reason()
                                + ") and not in the one that tells most of the run; take them back there too");
            }
        }
    }

    private List<Retraction> corrections(int ledger, String run) {
        return ledger(ledger).stream()
                .flatMap(one -> one.retractions().stream())
                .filter(retraction -> retraction.run().equals(run) && !retraction.keepsSteps())
                .filter(retraction -> !RunIntake.REASONS.contains(retraction.reason())
                        && !retraction.reason().equals(LONGER_LEDGER))
                .toList();
    }

    private static boolean isSame(Retraction a, Retraction b) {
        return a.attempt() == b.attempt()
                && a.firstStep() == b.firstStep()
                && a.lastStep() == b.lastStep()
                && Objects.equals(a.source(), b.source());
    }

    private @Nullable RunAccount account(int number, String run) {
        return ledger(number).map(ledger -> ledger.account(run)).orElse(null);
    }

    private Optional<LedgerAudit> ledger(int number) {
        return number == TARGET ? Optional.ofNullable(target) : Optional.of(sources.get(number));
    }
}
