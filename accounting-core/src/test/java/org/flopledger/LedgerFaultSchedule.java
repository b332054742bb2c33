package org.flopledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.SimulatedJournal;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;

/**
 * A ledger's way to the disk, on a disk that fails: batches, findings, delivery marks, snapshots and compactions. After each
 * death the ledger is opened from what is left, and must hold every batch that was acknowledged, each batch wholly or not at
 * all, and no finding twice. In the end it must be the ledger that no fault ever touched.
 *
 * <p>Everything follows from the seed.
 */
final class LedgerFaultSchedule {

    private static final int BATCHES = 14;
    private static final int MAX_SESSIONS = 200;
    private static final Map<String, ReviewProfile> PROFILES =
            Map.of("seed-review-1e24", ReviewProfiles.named("seed-review-1e24"));

    private final long seed;
    private final Random random;
    private final SimulatedJournal disk;
    private final JournalOptions options;
    private final BufferAllocator allocator;
    private final List<List<RandomHistory.Row>> batches = new ArrayList<>();
    private final TreeSet<Integer> acknowledged = new TreeSet<>();
    private int compactions;

    LedgerFaultSchedule(long seed, BufferAllocator allocator) {
        this.seed = seed;
        this.allocator = allocator;
        random = new Random(seed);
        disk = new SimulatedJournal(seed ^ 0x5DEE_CE66DL);
        options = new JournalOptions(Duration.ZERO, 4_096L << random.nextInt(3), 1_000 + random.nextInt(8_000));
        RandomHistory history = new RandomHistory(seed);
        for (int i = 0; i < BATCHES; i++) {
            batches.add(history.nextRows());
        }
    }

    /** Runs to the end; returns how many compactions were begun. */
    int run() {
        int sessions = 0;
        while (acknowledged.size() < BATCHES) {
            if (++sessions > MAX_SESSIONS) {
                throw new AssertionError("not finished after " + MAX_SESSIONS + " sessions");
            }
            plantFault();
            session();
        }
        disk.restart();
        checkEnd();
        return compactions;
    }

    private void plantFault() {
        switch (random.nextInt(4)) {
            case 0 -> disk.failAfter(random.nextInt(40));
            case 1 -> disk.crashAfter(random.nextInt(40));
            default -> {
                // A good day, which a power failure may still end.
            }
        }
    }

    private void session() {
        List<String> faults = new ArrayList<>();
        LedgerState state = new LedgerState(faults::add);
        Journal open;
        try {
            open = disk.open(options, allocator, state);
        } catch (RuntimeException e) {
            requireStorageFault(e);
            disk.restart();
            return;
        }
        try {
            check(state, faults);
            work(state, new LedgerJournal(open, options, state));
            if (random.nextBoolean()) {
                open.close();
            }
        } catch (LedgerException | org.flopledger.internal.journal.JournalException e) {
            requireStorageFault(e);
        } finally {
            disk.kill(open, random.nextBoolean());
        }
    }

    private void requireStorageFault(RuntimeException e) {
        boolean isFault = e instanceof LedgerException ledger
                ? ledger.code() == LedgerException.Code.STORAGE_FAILED
                : String.valueOf(e.getMessage()).contains("journal");
        if (!isFault || String.valueOf(e.getMessage()).contains("damaged")) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void work(LedgerState state, LedgerJournal journal) {
        for (int run = 0; run < 3; run++) {
            RunSpec spec = RandomHistory.run(run);
            if (!state.runs().holds(spec)) {
                journal.await(journal.run(spec));
                state.runs().register(spec);
            }
        }
        state.putInForce(PROFILES.keySet(), journal);
        Intake intake = new Intake(state, new Screening(PROFILES, state.findings()));
        // In order, so that the first of contradicting rows is the same in every life.
        for (int number = 0; number < BATCHES; number++) {
            if (!acknowledged.contains(number)) {
                take(number, state, journal, intake);
            }
        }
    }

    private void take(int number, LedgerState state, LedgerJournal journal, Intake intake) {
        try (StepBatch batch = RandomHistory.batch(allocator, batches.get(number))) {
            Validation validation = batch.validate();
            int before = state.findings().count();
            IngestResult result = intake.take(validation);
            long commit = journal.batch(validation, result.accepted(), result.findings());
            journal.snapshotIfDue();
            journal.await(commit);
            acknowledged.add(number);
            for (int finding = before; finding < state.findings().count(); finding++) {
                if (random.nextBoolean()) {
                    journal.delivered(finding);
                    state.recallTold(finding);
                }
            }
        }
        if (random.nextInt(8) == 0) {
            compactions++;
            int unused = journal.compact();
        }
    }

    /** What was acknowledged is there: taken in again, nothing of it is new. */
    private void check(LedgerState state, List<String> faults) {
        if (!faults.isEmpty()) {
            throw new AssertionError("seed " + seed + ": " + faults);
        }
        AccountBook book = AccountBook.fromBytes(state.book().toBytes());
        for (int number : acknowledged) {
            try (StepBatch batch = RandomHistory.batch(allocator, batches.get(number))) {
                Validation validation = batch.validate();
                book.admit(validation);
                if (validation.mask().accepted() > 0) {
                    throw new AssertionError("seed " + seed + ": acknowledged batch " + number + " is gone");
                }
            }
        }
    }

    private void checkEnd() {
        List<String> faults = new ArrayList<>();
        LedgerState opened = new LedgerState(faults::add);
        disk.open(options, allocator, opened).close();
        check(opened, faults);
        LedgerState audited = new LedgerState(faults::add);
        disk.readWholeHistory(allocator, audited);
        LedgerState untouched = untouched();
        Map<String, Object> expected = view(untouched);
        if (!view(opened).equals(expected) || !view(audited).equals(expected) || !faults.isEmpty()) {
            throw new AssertionError("seed " + seed + ": opened " + view(opened) + "\naudited " + view(audited)
                    + "\nexpected " + expected + "\nfaults " + faults);
        }
    }

    private LedgerState untouched() {
        LedgerState state = new LedgerState(fault -> {
            throw new AssertionError(fault);
        });
        for (int run = 0; run < 3; run++) {
            state.runs().register(RandomHistory.run(run));
        }
        Intake intake = new Intake(state, new Screening(PROFILES, state.findings()));
        for (List<RandomHistory.Row> rows : batches) {
            try (StepBatch batch = RandomHistory.batch(allocator, rows)) {
                IngestResult unused = intake.take(batch.validate());
            }
        }
        return state;
    }

    private static Map<String, Object> view(LedgerState state) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("book", java.util.HexFormat.of().formatHex(state.book().toBytes()));
        view.put("order", state.book().runs());
        view.put("findings", state.findings().all());
        for (String run : state.book().runs()) {
            view.put("total of " + run, state.book().account(run).figures());
            view.put("discarded of " + run, state.book().account(run).discarded());
        }
        return view;
    }
}
