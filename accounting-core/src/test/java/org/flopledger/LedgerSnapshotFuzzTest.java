package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.junit.jupiter.api.Test;

/** Damaged and forged snapshots are refused with the ledger's one exception. */
class LedgerSnapshotFuzzTest {

    private static final int MUTATIONS = 3_000;

    @Test
    void everyTruncationIsRefused() {
        byte[] snapshot = snapshot(1);
        for (int length = 0; length < snapshot.length; length += 17) {
            byte[] shorter = Arrays.copyOf(snapshot, length);
            assertThatExceptionOfType(LedgerException.class).isThrownBy(() -> restored(shorter));
        }
    }

    @Test
    void mutationsAreRefusedOrReadAsAState() {
        int refused = 0;
        byte[] original = snapshot(2);
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] mutated = original.clone();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                int at = random.nextInt(mutated.length);
                mutated[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (mutated[at] + 1);
            }
            try {
                LedgerState state = restored(mutated);
                assertThat(LedgerSnapshot.bytesOf(state, Integer.MAX_VALUE)).isPresent();
            } catch (LedgerException e) {
                assertThat(e.code()).as("seed " + seed).isEqualTo(LedgerException.Code.CORRUPT);
                assertThat(e).as("seed " + seed).hasMessageContaining("SNAPSHOT");
                refused++;
            }
        }
        assertThat(refused).as("mutations refused").isBetween(MUTATIONS / 4, MUTATIONS);
    }

    @Test
    void aTextThatIsNoSnapshotIsRefused() {
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> restored("{\"format\":\"other\"}".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("snapshot: at byte 4: magic is 0x6f66227b, must be 0x53534c46");
    }

    private static LedgerState restored(byte[] snapshot) {
        LedgerState state = new LedgerState(fault -> {});
        state.fact(JournalFact.of(JournalFact.Kind.SNAPSHOT, snapshot));
        return state;
    }

    private static byte[] snapshot(long seed) {
        RandomHistory history = new RandomHistory(seed);
        LedgerState state = new LedgerState(fault -> {
            throw new AssertionError(fault);
        });
        state.runs().register(RandomHistory.run(1));
        var profiles = Map.of("seed-review-1e24", ReviewProfiles.named("seed-review-1e24"));
        Intake intake = new Intake(state, new Screening(profiles, state.findings()));
        try (BufferAllocator allocator = new RootAllocator()) {
            for (int batch = 0; batch < 4; batch++) {
                try (StepBatch steps = RandomHistory.batch(allocator, history.nextRows())) {
                    IngestResult unused = intake.take(steps.validate());
                }
            }
        }
        return LedgerSnapshot.bytesOf(state, Integer.MAX_VALUE).orElseThrow();
    }
}
