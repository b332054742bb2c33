package org.flopledger.internal.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.StepBatch;

/**
 * A process that appends items to a journal, from the first that is missing, and says each number when it is on the disk;
 * made to be killed.
 */
final class KilledWriter {

    static final int ROWS_PER_ITEM = 5;
    private static final long SMALL_SEGMENTS = 32_768;

    private KilledWriter() {}

    /** Arguments: the directory, and how many items there are. */
    public static void main(String[] arguments) {
        int items = Integer.parseInt(arguments[1]);
        Items held = new Items();
        JournalOptions options = JournalOptions.durable().withSegmentBytes(SMALL_SEGMENTS);
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal = Journal.open(Path.of(arguments[0]), options, allocator, held)) {
            for (int item = 0; item < items; item++) {
                if (!held.numbers.contains(item)) {
                    append(item, journal, allocator);
                    held.numbers.add(item);
                    say(item);
                }
                if (item % 50 == 49) {
                    journal.snapshot(JournalFact.of(Kind.SNAPSHOT, held.text()));
                    journal.compact();
                }
            }
        }
    }

    private static void append(int item, Journal journal, BufferAllocator allocator) {
        try (TestBatch batch = new TestBatch(allocator)) {
            for (int row = 0; row < ROWS_PER_ITEM; row++) {
                batch.row("run-" + item % 7, item * ROWS_PER_ITEM + row, item, true, item % 30 == 29 ? 1 : -1);
            }
            JournalFact finding = JournalFact.of(Kind.FINDING, Integer.toString(item));
            journal.awaitDurable(journal.append(List.of(batch.steps(), finding)));
        }
    }

    private static void say(int item) {
        byte[] line = (item + "\n").getBytes(StandardCharsets.US_ASCII);
        System.out.write(line, 0, line.length);
        System.out.flush();
    }

    /** The items a journal holds. Fails when one is there in part, or twice. */
    static final class Items implements JournalReplay {
        final TreeSet<Integer> numbers = new TreeSet<>();
        private int rowsOfCommit;

        String text() {
            return String.join(" ", numbers.stream().map(String::valueOf).toList());
        }

        @Override
        public void fact(JournalFact fact) {
            if (fact.kind() == Kind.SNAPSHOT) {
                numbers.clear();
                for (String number : fact.text().split(" ", -1)) {
                    numbers.add(Integer.parseInt(number));
                }
            } else if (!numbers.add(Integer.parseInt(fact.text())) || rowsOfCommit != ROWS_PER_ITEM) {
                throw new IllegalStateException("item " + fact.text() + " is there twice, or with " + rowsOfCommit
                        + " rows instead of " + ROWS_PER_ITEM);
            }
        }

        @Override
        public void steps(StepBatch batch) {
            rowsOfCommit += batch.rows();
        }

        @Override
        public void commit() {
            rowsOfCommit = 0;
        }
    }
}
