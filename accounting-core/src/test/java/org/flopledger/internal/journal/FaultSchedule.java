package org.flopledger.internal.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.StepBatch;

/**
 * A client with a list of work, a journal, and a disk that fails: after every failure the client opens the journal again,
 * looks what it holds, and sends what is missing, until everything is in. Checks on the way that what was acknowledged is
 * there, that no item is there twice or in part, and that a finding is there exactly when the item that caused it is.
 *
 * <p>Everything follows from the seed.
 */
final class FaultSchedule {

    private static final int ITEMS = 12;
    private static final int STEPS_PER_ITEM = 3;
    private static final int MAX_SESSIONS = 200;
    private static final Pattern TOKENS = Pattern.compile("tokens=(\\d+)");

    /** A promise that was broken. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    private final Random random;
    private final SimulatedDisk disk;
    private final JournalOptions options;
    private final BufferAllocator allocator;
    private final Set<Integer> acknowledged = new TreeSet<>();
    private final List<TestBatch> openBatches = new ArrayList<>();
    private State state = new State();
    private int sessions;

    FaultSchedule(long seed, BufferAllocator allocator, boolean acknowledgesBeforeFlush, boolean flushesLie) {
        random = new Random(seed);
        disk = new SimulatedDisk(seed ^ 0x5DEE_CE66DL);
        if (flushesLie) {
            disk.lyingFlushes();
        }
        Duration interval = acknowledgesBeforeFlush ? Duration.ofMinutes(1) : Duration.ZERO;
        options = new JournalOptions(interval, 4_096L << random.nextInt(3), 0);
        this.allocator = allocator;
    }

    /** Runs to the end; returns how many sessions it took. */
    int run() {
        while (state.items.size() < ITEMS) {
            if (++sessions > MAX_SESSIONS) {
                throw new Violation("not finished after " + MAX_SESSIONS + " sessions");
            }
            plantFault();
            session();
        }
        disk.crashAndRestart();
        try {
            open().close();
        } catch (JournalException e) {
            throw new Violation("the last open says: " + e.getMessage());
        }
        if (state.findings.size() != ITEMS / 3) {
            throw new Violation("findings are " + state.findings);
        }
        return sessions;
    }

    private void plantFault() {
        switch (random.nextInt(5)) {
            case 0 -> disk.failAfter(random.nextInt(25));
            case 1 -> disk.crashAfter(random.nextInt(25));
            case 2 -> disk.capacity(random.nextInt(40_000));
            default -> {
                // A good day; the session may still be ended by a power failure.
            }
        }
    }

    private void session() {
        Journal journal;
        try {
            journal = open();
        } catch (JournalException e) {
            if (e.kind() != JournalException.Kind.INPUT_OUTPUT) {
                throw new Violation("open says: " + e.getMessage());
            }
            restart();
            return;
        }
        try {
            work(journal);
            if (random.nextBoolean()) {
                journal.close();
            }
        } catch (JournalException e) {
            if (e.kind() != JournalException.Kind.INPUT_OUTPUT) {
                throw new Violation("append says: " + e.getMessage());
            }
            requireStopped(journal);
        }
        journal.abandon();
        restart();
    }

    private void work(Journal journal) {
        int until = random.nextInt(4) == 0 ? random.nextInt(ITEMS) : ITEMS;
        for (int item = 0; item < until; item++) {
            if (!state.items.contains(item)) {
                journal.awaitDurable(journal.append(entries(item)));
                acknowledged.add(item);
                state.items.add(item);
            }
            if (random.nextInt(10) == 0) {
                journal.snapshot(JournalFact.of(Kind.SNAPSHOT, state.text()));
                if (random.nextBoolean()) {
                    journal.compact();
                }
            }
        }
    }

    private static void requireStopped(Journal journal) {
        try {
            journal.append(List.of(JournalFact.of(Kind.RUN, "after a failure")));
        } catch (JournalException e) {
            if (e.kind() == JournalException.Kind.STOPPED) {
                return;
            }
        }
        throw new Violation("a journal went on after a failure");
    }

    /** The process dies, with or without the machine. */
    private void restart() {
        if (disk.isDown() || random.nextBoolean()) {
            disk.crashAndRestart();
        } else {
            disk.restart();
        }
    }

    private List<JournalEntry> entries(int item) {
        TestBatch batch = new TestBatch(allocator);
        for (int row = 0; row < STEPS_PER_ITEM; row++) {
            // Every fourth item has a column that the others leave empty.
            batch.row("run-" + item % 5, item * STEPS_PER_ITEM + row, item, true, item % 4 == 3 ? item : -1);
        }
        List<JournalEntry> entries = new ArrayList<>(List.of(batch.steps()));
        if (item % 3 == 0) {
            entries.add(JournalFact.of(Kind.FINDING, Integer.toString(item)));
        }
        openBatches.add(batch);
        return entries;
    }

    void close() {
        openBatches.forEach(TestBatch::close);
    }

    private Journal open() {
        State found = new State();
        Journal journal = Journal.open(disk, options, null, allocator, found);
        try {
            check(found);
            checkWholeHistory();
        } catch (Violation | JournalException e) {
            journal.abandon();
            throw e;
        }
        state = found;
        return journal;
    }

    /** A reader of all that is left, an unfinished compaction included, finds the same. */
    private void checkWholeHistory() {
        if (disk.names().isEmpty()) {
            return;
        }
        State whole = new State();
        try {
            JournalReader.read(disk, true, allocator, whole);
        } catch (JournalException e) {
            if (e.kind() == JournalException.Kind.CORRUPT) {
                throw new Violation("reading the whole history says: " + e.getMessage());
            }
            throw e;
        }
        check(whole);
    }

    private void check(State found) {
        found.rows.forEach((item, rows) -> {
            if (rows != STEPS_PER_ITEM) {
                throw new Violation("item " + item + " has " + rows + " rows");
            }
        });
        for (int item : found.items) {
            if ((item % 3 == 0) != found.findings.contains(item)) {
                throw new Violation("item " + item + " has been recorded, findings are " + found.findings);
            }
        }
        if (!found.items.containsAll(acknowledged)) {
            throw new Violation("acknowledged are " + acknowledged + ", recorded are " + found.items);
        }
    }

    /** What the journal says was recorded. */
    private static final class State implements JournalReplay {
        private final Set<Integer> items = new TreeSet<>();
        private final Set<Integer> findings = new HashSet<>();
        private final Map<Integer, Integer> rows = new HashMap<>();

        String text() {
            return String.join(" ", items.stream().map(String::valueOf).toList());
        }

        @Override
        public void fact(JournalFact fact) {
            if (fact.kind() == Kind.SNAPSHOT) {
                items.clear();
                findings.clear();
                rows.clear();
                for (String item :
                        fact.text().isEmpty() ? new String[0] : fact.text().split(" ", -1)) {
                    add(Integer.parseInt(item));
                    rows.put(Integer.parseInt(item), STEPS_PER_ITEM);
                }
                items.stream().filter(item -> item % 3 == 0).forEach(findings::add);
            } else if (!findings.add(Integer.parseInt(fact.text()))) {
                throw new Violation("finding " + fact.text() + " was recorded twice");
            }
        }

        @Override
        public void steps(StepBatch batch) {
            Set<String> seen = new TreeSet<>(TestBatch.rows(batch));
            for (String row : seen) {
                int item = Integer.parseInt(
                        row.replaceAll(".*tokens=(\\d+).*", "$1").strip());
                rows.merge(item, 1, Integer::sum);
                items.add(item);
            }
        }

        private void add(int item) {
            items.add(item);
        }
    }
}
