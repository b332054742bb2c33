package org.flopledger.internal.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.telemetry.StepBatch;
import org.junit.jupiter.api.Test;

/** Damaged bytes are refused with one exception and never crash, hang or allocate without bound. */
class AccountStateFuzzTest {

    private static final int MUTATIONS = 3_000;

    @Test
    void everyFlippedBitIsFoundByTheChecksum() {
        byte[] state = state(1, 50);
        for (int bit = 0; bit < state.length * 8; bit += 97) {
            byte[] damaged = state.clone();
            damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
            assertThatThrownBy(() -> LedgerAccounts.fromBytes(damaged))
                    .as("bit " + bit)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("account state: ");
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] state = state(2, 20);
        for (int length = 0; length < state.length; length += 7) {
            byte[] shorter = Arrays.copyOf(state, length);
            assertThatThrownBy(() -> LedgerAccounts.fromBytes(shorter)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void mutationsWithARightChecksumAreRefusedOrReadAsAState() {
        int read = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] mutated = mutate(state(random.nextInt(5), random.nextInt(30)), random);
            try {
                LedgerAccounts accounts = LedgerAccounts.fromBytes(mutated);
                accounts.runs()
                        .forEach(run -> assertThat(accounts.totals(run).cells()).isNotEmpty());
                assertThat(LedgerAccounts.fromBytes(accounts.toBytes()).toBytes())
                        .as("seed " + seed)
                        .isEqualTo(accounts.toBytes());
                read++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed " + seed).hasMessageStartingWith("account state: ");
            }
        }
        assertThat(read).as("mutations that are states").isBetween(1, MUTATIONS - 1);
    }

    private static byte[] mutate(byte[] state, Random random) {
        int edits = 1 + random.nextInt(3);
        for (int i = 0; i < edits; i++) {
            int at = StateFrame.HEADER_BYTES + random.nextInt(state.length - StateFrame.HEADER_BYTES);
            state[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (state[at] + 1);
        }
        int end = state.length - StateFrame.CHECKSUM_BYTES;
        ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).putInt(end, StateFrame.checksum(state, end));
        return state;
    }

    private static byte[] state(long seed, int rows) {
        List<RandomSteps.Row> steps = RandomSteps.rows(new Random(seed), rows);
        LedgerAccounts accounts = new LedgerAccounts();
        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = RandomSteps.batch(allocator, steps)) {
            accounts.fold(batch.validate(), ModelFormulas.none());
        }
        return accounts.toBytes();
    }
}
