package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Masks count the pairs that one finds by trying every query with every key. */
class AttentionMaskTest {

    @ParameterizedTest
    @EnumSource
    void pairsAreThoseThatTheMaskAllows(AttentionMask.Kind kind) {
        for (int size = 1; size < 12; size++) {
            int window = size;
            BiPredicate<Integer, Integer> allows = switch (kind) {
                case WINDOW -> (query, key) -> key <= query && query - key < window;
                case CHUNK -> (query, key) -> key <= query && query / window == key / window;
                case TWO_SIDED_WINDOW -> (query, key) -> Math.abs(query - key) <= window;
            };
            for (int length = 0; length < 40; length++) {
                assertThat(kind.ofSize(size).pairs(length))
                        .as("%s of %d over %d", kind, size, length)
                        .isEqualTo(tried(length, allows));
            }
        }
    }

    private static long tried(int length, BiPredicate<Integer, Integer> allows) {
        long pairs = 0;
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                pairs += allows.test(query, key) ? 1 : 0;
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @EnumSource
    void wordsAndNumbersLeadBackToTheKind(AttentionMask.Kind kind) {
        assertThat(AttentionMask.Kind.named(kind.word())).isEqualTo(kind);
        assertThat(AttentionMask.Kind.ofCode(kind.code())).isEqualTo(kind);
        assertThat(kind.ofSize(7).kind()).isEqualTo(kind);
        assertThat(kind.ofSize(7).size()).isEqualTo(7);
    }

    @Test
    void unknownWordsAndNumbersAreRefused() {
        assertThatThrownBy(() -> AttentionMask.Kind.named("spiral")).hasMessageContaining("'spiral', must be window");
        assertThatThrownBy(() -> AttentionMask.Kind.ofCode(4)).hasMessageContaining("4, must be from 1 to 3");
    }
}
