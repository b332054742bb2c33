package org.flopledger.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.RunFinding;
import org.flopledger.account.RunAccount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRecordingTest {

    @TempDir
    private Path directory;

    @Test
    void crossesOnceAcrossARestartThatRepeatsSteps() {
        List<RunFinding> before = LiveRecording.record(directory, ThresholdCallback.seventyBillion(), 1, 90_000);
        List<RunFinding> after = LiveRecording.record(directory, ThresholdCallback.seventyBillion(), 80_001, 140_000);

        assertThat(before).isEmpty();
        // 10 000 steps ran twice, so the total passes 10 000 steps earlier than without the restart: at 132 683 - 10
        // 000.
        assertThat(after)
                .singleElement()
                .satisfies(finding -> assertThat(finding.finding().step()).isEqualTo(122_683));
        try (ComputeLedger ledger = ComputeLedger.open(directory).start()) {
            RunAccount account = ledger.totals("orion-70b");
            assertThat(account.attempts()).isEqualTo(2);
            assertThat(account.total().observations()).isEqualTo(150_000);
            assertThat(account.discarded().observations()).isEqualTo(10_000);
        }
    }
}
