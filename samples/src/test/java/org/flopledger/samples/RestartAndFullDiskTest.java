package org.flopledger.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.flopledger.ComputeLedger;
import org.flopledger.account.RunAccount;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartAndFullDiskTest {

    @TempDir
    private Path directory;

    @Test
    void goesBackToACheckpointAndIsToldOfTheCrossing() {
        RestartAndFullDisk.Outcome outcome = RestartAndFullDisk.train(directory, 140_000);

        // 10 000 steps ran twice: 132 683 - 10 000.
        assertThat(outcome.told()).containsExactly("crossed at step 122683");
        assertThat(outcome.recorded()).isEqualTo(150_000);
        assertThat(outcome.status().accepted()).isEqualTo(150_000);
        assertThat(outcome.status().pending()).isZero();
        try (ComputeLedger ledger = ComputeLedger.open(directory).start()) {
            RunAccount account = ledger.totals("orion-70b");
            assertThat(account.attempts()).isEqualTo(2);
            assertThat(account.discarded().observations()).isEqualTo(10_000);
        }
    }

    /** On a file system of two megabytes, where there may be one: a mount is for the superuser of Linux. */
    @Test
    void learnsAtOnceThatTheDiskIsFull() throws IOException, InterruptedException {
        Path small = Files.createDirectory(directory.resolve("small"));
        Assumptions.assumeTrue(ran("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()), "no mount");
        try {
            FileStore store = Files.getFileStore(small);
            Assumptions.assumeTrue(store.getTotalSpace() == 2L << 20, "not the small file system");
            RestartAndFullDisk.Outcome outcome = RestartAndFullDisk.train(small.resolve("ledger"), 1_000_000);

            assertThat(outcome.told()).contains("stopped: STORAGE_FAILED");
            assertThat(outcome.status().failure()).isNotNull();
            assertThat(outcome.status().pending()).isPositive();
            assertThat(outcome.status().accepted() + outcome.status().pending())
                    .isBetween(outcome.recorded(), outcome.recorded() + 1);
        } finally {
            ran("umount", small.toString());
        }
    }

    private static boolean ran(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
