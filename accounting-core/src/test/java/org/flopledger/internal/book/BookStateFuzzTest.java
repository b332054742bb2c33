package org.flopledger.internal.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.book.RandomBooks.Observation;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateWriter;
import org.flopledger.internal.fold.LedgerAccounts;
import org.junit.jupiter.api.Test;

/** Damaged and forged bytes are refused with one exception, and what is read is what a book writes. */
class BookStateFuzzTest {

    private static final int MUTATIONS = 4_000;

    @Test
    void everyFlippedBitIsFoundByTheChecksum() {
        byte[] state = state(1);
        for (int bit = 0; bit < state.length * 8; bit += 97) {
            byte[] damaged = state.clone();
            damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
            assertRefused(damaged, "");
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] state = state(2);
        for (int length = 0; length < state.length; length += 13) {
            assertRefused(Arrays.copyOf(state, length), "");
        }
    }

    @Test
    void mutationsWithARightChecksumAreRefusedOrReadAsTheSameBytes() {
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] mutated = mutate(state(seed % 16), new Random(seed));
            try {
                assertThat(AccountBook.fromBytes(mutated).toBytes())
                        .as("seed " + seed)
                        .isEqualTo(mutated);
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed " + seed).hasMessageStartingWith("book state: ");
                refused++;
            }
        }
        assertThat(refused).as("mutations refused").isGreaterThan(MUTATIONS / 2);
    }

    @Test
    void sumsThatAreNotThoseOfTheStepsAreRefused() {
        // Corpus 1: the tokens of the only cell, one more than its steps have.
        byte[] state = one(3);
        forge(state, bytes -> {
            int lane = StateFrame.HEADER_BYTES + 4 + StateFrame.HEADER_BYTES + 4 + 4 + "r".length() + 4 + 12 + 8;
            bytes.putLong(lane, bytes.getLong(lane) + 1);
            forgeTotals(bytes);
        });
        assertRefused(state, "totals of run 'r' are not what its steps add up to");
    }

    @Test
    void aStepLessThanItsTotalsIsRefused() {
        // Corpus 2: the last interval, one step shorter.
        byte[] state = one(3);
        forge(state, bytes -> bytes.put(state.length - StateFrame.CHECKSUM_BYTES - 2, (byte) 1));
        assertRefused(state, "totals of run 'r', attempt 0, hold 3 observations, must hold the 2 of its steps");
    }

    @Test
    void moreStepsThanANumberCanCountAreRefused() {
        // Corpus 3: an interval from step 0 of 2^63 steps.
        byte[] state = one(3);
        byte[] longer = Arrays.copyOf(state, state.length + 8);
        int interval = state.length - StateFrame.CHECKSUM_BYTES - 3;
        longer[interval] = 0;
        Arrays.fill(longer, interval + 1, interval + 9, (byte) 0xff);
        longer[interval + 9] = 0x7f;
        longer[interval + 10] = 0;
        forge(longer, bytes -> bytes.putInt(12, longer.length - StateFrame.HEADER_BYTES - StateFrame.CHECKSUM_BYTES));
        assertRefused(longer, "a sum is out of range");
    }

    @Test
    void aCountAboveWhatIsLeftAllocatesNothing() {
        // Corpus 4: 2^31 - 1 intervals in three bytes.
        byte[] state = one(3);
        forge(state, bytes -> bytes.putInt(state.length - StateFrame.CHECKSUM_BYTES - 7, Integer.MAX_VALUE));
        assertRefused(state, "number of intervals is 2147483647, must be from 1 to 1");
    }

    @Test
    void aNameLongerThanWhatIsLeftIsRefused() {
        // Corpus 5: a name that ends up to four bytes after the end, where its own length was counted as left.
        StateWriter out = BookState.FRAME.begin(1000);
        out.putBlock(new LedgerAccounts().toBytes());
        out.putInt(1);
        out.putInt(5);
        out.putByte('a');
        out.putByte('b');
        assertRefused(BookState.FRAME.end(out), "length of model is 5, must be from -1 to 2");
    }

    private static void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> AccountBook.fromBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("book state: ")
                .hasMessageContaining(why);
    }

    private static byte[] mutate(byte[] state, Random random) {
        int totals = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getInt(StateFrame.HEADER_BYTES);
        int histories = StateFrame.HEADER_BYTES + 4 + totals;
        int edits = 1 + random.nextInt(3);
        for (int i = 0; i < edits; i++) {
            int from = random.nextInt(4) == 0 ? StateFrame.HEADER_BYTES : histories;
            int at = from + random.nextInt(state.length - StateFrame.CHECKSUM_BYTES - from);
            state[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (state[at] + 1);
        }
        forge(state, BookStateFuzzTest::forgeTotals);
        return state;
    }

    /** Changes a state and makes its checksum right again. */
    private static void forge(byte[] state, Consumer<ByteBuffer> change) {
        ByteBuffer buffer = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(buffer);
        int end = state.length - StateFrame.CHECKSUM_BYTES;
        buffer.putInt(end, StateFrame.checksum(state, end));
    }

    /** Makes the checksum of the totals inside right again, where their length still is one. */
    private static void forgeTotals(ByteBuffer state) {
        int from = StateFrame.HEADER_BYTES + 4;
        int length = state.getInt(StateFrame.HEADER_BYTES);
        if (length >= StateFrame.CHECKSUM_BYTES && length <= state.capacity() - from) {
            byte[] totals = Arrays.copyOfRange(state.array(), from, from + length);
            int end = length - StateFrame.CHECKSUM_BYTES;
            state.putInt(from + end, StateFrame.checksum(totals, end));
        }
    }

    /** Returns a book of one run, one source, one content and so many steps from step 1. */
    private static byte[] one(int steps) {
        AccountBook book = new AccountBook();
        try (BufferAllocator allocator = new RootAllocator()) {
            for (int step = 1; step <= steps; step++) {
                RandomBooks.feed(book, allocator, List.of(new Observation("r", 0, step, "s", 4)));
            }
        }
        return book.toBytes();
    }

    private static byte[] state(int seed) {
        Random random = new Random(seed);
        AccountBook book = new AccountBook();
        try (BufferAllocator allocator = new RootAllocator()) {
            List<Observation> all = RandomBooks.observations(random);
            RandomBooks.feed(book, allocator, all.subList(0, random.nextInt(Math.min(30, all.size()))));
        }
        return book.toBytes();
    }
}
