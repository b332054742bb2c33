package org.flopledger.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CollectorPartsTest {

    @Test
    void bothHoldWhatTheyAcknowledged() throws Exception {
        for (CollectorParts.Load load : new CollectorParts.Load[] {
            CollectorParts.ours(3, CollectorParts.WIDE, 0.3), CollectorParts.sqlite(3, 0.3)
        }) {
            assertThat(load.acknowledged()).isPositive();
            assertThat(load.failed()).isZero();
            assertThat(load.held()).isEqualTo(load.acknowledged() * CollectorParts.REQUEST_STEPS);
        }
    }

    @Test
    void overloadIsRefusedAndNothingAcknowledgedIsLost() throws Exception {
        CollectorParts.Load load = CollectorParts.ours(80, CollectorParts.NARROW, 0.5);
        assertThat(load.failed()).isZero();
        assertThat(load.refused()).isPositive();
        assertThat(load.held()).isEqualTo(load.acknowledged() * CollectorParts.REQUEST_STEPS);
    }
}
