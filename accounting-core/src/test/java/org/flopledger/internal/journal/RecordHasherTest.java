package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordHasherTest {

    @Test
    void hashes_of_long_and_short_records_are_those_of_their_bytes() {
        byte[] bytes = new byte[1 << 20];
        new Random(5).nextBytes(bytes);
        try (RecordHasher hasher = new RecordHasher()) {
            List<RecordHasher.Pending> pending = new ArrayList<>();
            List<RecordHash> expected = new ArrayList<>();
            for (int length : new int[] {0, 1, 1_000, (64 << 10) - 1, 64 << 10, 300_000, 1_000_000}) {
                pending.add(hasher.begin(bytes, 7, length));
                expected.add(RecordHash.of(bytes, 7, length));
            }
            assertThat(pending.stream().map(RecordHasher.Pending::await).toList())
                    .isEqualTo(expected);
            assertThat(pending.get(6).await()).as("asked again").isEqualTo(expected.get(6));
        }
    }

    @Test
    void a_hash_that_was_begun_can_be_awaited_after_the_end() {
        byte[] bytes = new byte[4 << 20];
        List<RecordHasher.Pending> pending = new ArrayList<>();
        try (RecordHasher hasher = new RecordHasher()) {
            for (int i = 0; i < 8; i++) {
                pending.add(hasher.begin(bytes, 0, bytes.length));
            }
        }
        RecordHash expected = RecordHash.of(bytes, 0, bytes.length);
        assertThat(pending).allSatisfy(hash -> assertThat(hash.await()).isEqualTo(expected));
    }
}
