package org.flopledger.logs;

import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerException;
import org.flopledger.RunSpec;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunAccount;
import org.flopledger.logs.IntakeResult.Counter;
import org.flopledger.logs.IntakeResult.Kind;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Takes a logged run into a ledger, in memory or on disk: the one road by which logs get there.
 *
 * <p>Steps are taken once, in whatever order logs come. A log that tells more of a run than the ledger holds adds what is new; where
 * the ledger holds an unfinished last step or a sum so far, that row is taken back, with the reason on record, and the longer
 * evidence takes its place. A log that tells an earlier moment adds nothing. A log that contradicts the ledger is said to do so, and
 * the evidence with more work stays. Decision 0020 says why.
 *
 * <p>Confined to one thread.
 */
public final class RunIntake {

    private static final int ROWS_AT_ONCE = 1 << 16;
    private static final String LONGER_LOG = "a longer log of the same run tells more of this step";
    private static final String LARGER_LOG = "another log of the same run contradicts this one and tells of more work";

    /** Why an intake takes rows back; other reasons are a person's. */
    static final Set<String> REASONS = Set.of(LONGER_LOG, LARGER_LOG);

    private final ComputeLedger ledger;
    private final LoggedRun run;
    private final RunRows rows;
    private final RunSpec spec;
    private final Counter counter = new Counter();

    private RunIntake(LoggedRun run, RunCompute compute, ComputeLedger ledger) {
        this.ledger = ledger;
        this.run = run;
        this.rows = RunRows.of(run, compute);
        this.spec = LoggedRunSpec.of(run, compute);
    }

    /**
     * Registers a run with a ledger and takes in its steps. Doing it again adds nothing.
     *
     * @param run the run
     * @param compute what it cost
     * @param ledger receives the rows; rules in force there judge the run step by step
     * @return what became of it; a fault of this log is told there and stops nothing
     * @throws LedgerException if the ledger itself cannot go on
     */
    public static IntakeResult record(LoggedRun run, RunCompute compute, ComputeLedger ledger) {
        try {
            return new RunIntake(run, compute, ledger).record();
        } catch (LedgerException e) {
            if (e.code() != LedgerException.Code.RUN_CHANGED) {
                throw e;
            }
            return new IntakeResult(run.id(), Kind.CONFLICT, 0, 0, 0, 0, 0, e.getMessage() + "; the first one stays");
        }
    }

    private IntakeResult record() {
        RunAccount held = held();
        if (held == null || held.totals().isEmpty()) {
            ledger.run(spec);
            takeAll();
            return taken(Kind.TAKEN, null);
        }
        RunExtent mine = rows.extent();
        RunExtent there = RunExtent.of(held);
        if (!mine.agreesWith(there) || (areSteps(held) && !rows.canHold(there, held.attempts()))) {
            return contradict(mine, there, held);
        }
        if (mine.isLaterThan(there)) {
            return goOn(held);
        }
        return mine.equals(there) ? repeat(mine, there, held) : earlier();
    }

    /** One observation may be a whole run. */
    private static boolean areSteps(RunAccount held) {
        return held.totals().observations() > 1;
    }

    private @Nullable RunAccount held() {
        try {
            return ledger.totals(run.id());
        } catch (LedgerException e) {
            if (e.code() == LedgerException.Code.UNKNOWN_RUN) {
                return null;
            }
            throw e;
        }
    }

    /** This log goes on where the ledger's ends. */
    private IntakeResult goOn(RunAccount held) {
        // First, for it may be refused: nothing is taken back that cannot be replaced.
        ledger.run(spec);
        boolean replaced = false;
        for (CellTotals cell : held.totals().cells()) {
            String source = run.tellsWorkAsWhole() ? null : RunRows.WHOLE;
            replaced |= takeBack(cell.attempt(), cell.lastStep(), cell.lastStep(), source, LONGER_LOG);
        }
        takeAll();
        if (counter.conflicts() > held.attempts()) {
            return replaceAll(ledger.totals(run.id()), "it contradicts the steps that are held");
        }
        if (counter.conflicts() > 0) {
            for (CellTotals cell : held.totals().cells()) {
                takeBack(cell.attempt(), cell.lastStep(), cell.lastStep(), RunRows.STEPS, LONGER_LOG);
            }
            takeAgain();
            replaced = true;
        }
        return taken(replaced ? Kind.GROWN : Kind.TAKEN, null);
    }

    /** The very same, or as much of something else. */
    private IntakeResult repeat(RunExtent mine, RunExtent there, RunAccount held) {
        takeAll();
        return counter.conflicts() > 0 ? contradict(mine, there, held) : taken(Kind.KNOWN, null);
    }

    private IntakeResult earlier() {
        long count = 0;
        for (Iterator<RunRows.Row> all = rows.iterator(); all.hasNext(); all.next()) {
            count++;
        }
        return new IntakeResult(run.id(), Kind.KNOWN, count, 0, count, 0, 0, null);
    }

    private IntakeResult contradict(RunExtent mine, RunExtent there, RunAccount held) {
        String why = "it tells of " + told(mine) + ", the ledger held " + told(there);
        return mine.isLargerThan(there)
                ? replaceAll(held, why)
                : new IntakeResult(run.id(), Kind.CONFLICT, 0, 0, 0, 0, 0, why + "; what was held is more and stays");
    }

    private IntakeResult replaceAll(RunAccount held, String why) {
        if (!describe() && !isPricedBy(held)) {
            return counter.result(
                    run.id(), Kind.CONFLICT, why + "; this log describes another run, so what was held stays");
        }
        for (CellTotals cell : held.totals().cells()) {
            takeBack(cell.attempt(), cell.firstStep(), cell.lastStep(), null, LARGER_LOG);
        }
        takeAgain();
        return counter.result(run.id(), Kind.CONFLICT, why + "; this log tells of more and replaces it");
    }

    /** Returns whether the ledger takes this log's description; where two logs contradict each other the first one's may stay. */
    private boolean describe() {
        try {
            ledger.run(spec);
            return true;
        } catch (LedgerException e) {
            if (e.code() == LedgerException.Code.RUN_CHANGED) {
                return false;
            }
            throw e;
        }
    }

    private boolean isPricedBy(RunAccount held) {
        return held.totals().cells().stream()
                .allMatch(cell -> Objects.equals(cell.model(), spec.model())
                        || spec.furtherWork().containsKey(cell.model()));
    }

    private static String told(RunExtent extent) {
        return (extent.tokens() == null ? "unknown" : extent.tokens()) + " tokens up to step " + extent.lastStep()
                + (extent.reported() == null ? "" : ", " + extent.reported() + " FLOP reported");
    }

    private IntakeResult taken(Kind kind, @Nullable String why) {
        RowRejection rejection = counter.firstRejection();
        if (rejection == null) {
            return counter.result(run.id(), kind, why);
        }
        String refused = rejection.code() + " in row " + (rejection.firstRow() + 1) + " of a batch";
        return counter.result(run.id(), Kind.FAILED, "the ledger refuses rows of it: " + refused);
    }

    private boolean takeBack(int attempt, long first, long last, @Nullable String source, String why) {
        try {
            ledger.retract(run.id(), attempt, first, last, source, why);
            return true;
        } catch (LedgerException e) {
            if (e.code() == LedgerException.Code.NOTHING_TO_RETRACT) {
                return false;
            }
            throw e;
        }
    }

    private void takeAgain() {
        counter.forget();
        takeAll();
    }

    private void takeAll() {
        Iterator<RunRows.Row> all = rows.iterator();
        while (all.hasNext()) {
            try (StepBatchBuilder batch = ledger.newBatch()) {
                for (int i = 0; i < ROWS_AT_ONCE && all.hasNext(); i++) {
                    append(batch, all.next());
                }
                try (StepBatch built = batch.build()) {
                    counter.add(ledger.ingest(built));
                }
            }
        }
    }

    private void append(StepBatchBuilder batch, RunRows.Row row) {
        row.write(batch.run(run.id()));
        String model = spec.model();
        // What another model did, such as a critic, has no price that anybody knows.
        if (model != null && row.isPriced()) {
            batch.model(rows.key(model, row));
        }
        batch.append();
    }
}
