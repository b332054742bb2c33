package org.flopledger.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.flopledger.ComputeLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFollowerTest {

    @TempDir
    private Path folder;

    private Path file;
    private SpoolFixture trainer;
    private ComputeLedger ledger;
    private SpoolFollower follower;

    @BeforeEach
    void open() {
        file = folder.resolve("run.0.jsonl");
        trainer = new SpoolFixture(file);
        ledger = ComputeLedger.inMemory().start();
        follower = new SpoolFollower(folder, ledger);
    }

    @AfterEach
    void close() {
        follower.close();
        ledger.close();
    }

    private void requireTruth() {
        assertThat(SpoolFixture.observations(ledger, "r")).isEqualTo(trainer.truth.size());
        assertThat(SpoolFixture.tokens(ledger, "r"))
                .isEqualTo(trainer.truth.values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    @Test
    void aStepCountsWhenItsLineHasEnded() throws IOException {
        String line = SpoolFixture.line("r", 0, 1, 10);
        trainer.append(line.substring(0, 30));
        assertThat(follower.poll()).isTrue();
        assertThat(ledger.runs()).isEmpty();
        assertThat(follower.unended()).isEqualTo(30);
        trainer.append(line.substring(30));
        follower.poll();
        assertThat(SpoolFixture.tokens(ledger, "r")).isEqualTo(10);
        assertThat(follower.poll()).isFalse();
        assertThat(follower.totals().duplicates()).isZero();
    }

    @Test
    void aFileThatIsRenamedIsReadOn() throws IOException {
        trainer.step("r", 0, 1, 10);
        follower.poll();
        Files.move(file, folder.resolve("run.0.jsonl.1"));
        SpoolFixture.append(folder.resolve("run.0.jsonl.1"), SpoolFixture.line("r", 0, 2, 20));
        SpoolFixture.append(file, SpoolFixture.line("r", 0, 3, 30));
        follower.poll();
        assertThat(SpoolFixture.tokens(ledger, "r")).isEqualTo(60);
        assertThat(follower.totals().lines()).isEqualTo(3);
    }

    @Test
    void aFileThatIsCutIsReadFromItsBeginning() throws IOException {
        trainer.step("r", 0, 1, 10);
        trainer.step("r", 0, 2, 20);
        follower.poll();
        Files.write(file, new byte[0]);
        trainer.step("r", 0, 3, 30);
        follower.poll();
        requireTruth();
    }

    @Test
    void aFileThatIsCutAndHasGrownBeyondWhereItWasReadIsReadFromItsBeginning() throws IOException {
        trainer.step("r", 0, 1, 10);
        follower.poll();
        Files.write(file, new byte[0]);
        for (int step = 2; step < 9; step++) {
            trainer.step("r", 0, step, 10 + step);
        }
        follower.poll();
        requireTruth();
    }

    @Test
    void anyCuttingRotationRepetitionAndOrderGivesTheTrainersOwnTotals() throws IOException {
        long seed = Long.getLong("flopledger.seed", 20_261_121L);
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            long step = 0;
            for (int event = 0; event < 60; event++) {
                step = event(random, round, step);
            }
            follower.poll();
            assertThat(SpoolFixture.observations(ledger, "r"))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(trainer.truth.size());
            requireTruth();
            assertThat(follower.totals().conflicts()).isZero();
        }
    }

    private long event(Random random, int round, long before) throws IOException {
        long step = before;
        switch (random.nextInt(8)) {
            case 0 -> follower.poll();
            case 1 -> {
                // Read to the end first, as a rotation that loses nothing must.
                follower.poll();
                Files.deleteIfExists(file);
            }
            case 2 -> {
                if (Files.exists(file)) {
                    Files.move(file, folder.resolve("run.0.jsonl." + round + "-" + random.nextInt(1 << 20)));
                }
            }
            case 3 -> {
                follower.close();
                follower = new SpoolFollower(folder, ledger);
            }
            case 4 -> again(random);
            default -> {
                int count = 1 + random.nextInt(5);
                for (int i = 0; i < count; i++) {
                    trainer.step("r", round, ++step, 1 + random.nextInt(1_000_000));
                }
            }
        }
        return step;
    }

    /** Some of the trainer's lines once more, in another order, in a file of their own. */
    private void again(Random random) throws IOException {
        List<String> keys = new ArrayList<>(trainer.truth.keySet());
        Collections.shuffle(keys, random);
        StringBuilder text = new StringBuilder();
        for (String key : keys.subList(0, Math.min(keys.size(), 40))) {
            String[] parts = key.split(" ");
            text.append(SpoolFixture.line(
                    parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), trainer.truth.get(key)));
        }
        SpoolFixture.append(folder.resolve("again" + random.nextInt(1 << 20) + ".jsonl"), text.toString());
    }

    @Test
    void anotherValueOfAStepIsAConflictAndNoSum() throws IOException {
        trainer.step("r", 0, 1, 10);
        trainer.append(SpoolFixture.line("r", 0, 1, 11));
        follower.poll();
        assertThat(SpoolFixture.tokens(ledger, "r")).isEqualTo(10);
        assertThat(follower.totals().conflicts()).isOne();
        assertThat(follower.totals().isWhole()).isFalse();
    }

    @Test
    void compressedFilesAndLinksAreNamedAndNotRead() throws IOException {
        Files.write(folder.resolve("run.0.jsonl.2.gz"), new byte[3]);
        Path outside = Files.write(
                folder.resolve("elsewhere"), SpoolFixture.line("r", 0, 1, 10).getBytes(StandardCharsets.UTF_8));
        Files.createSymbolicLink(folder.resolve("link.jsonl"), outside);
        follower.poll();
        assertThat(ledger.runs()).isEmpty();
        assertThat(follower.unread()).containsExactlyInAnyOrder("run.0.jsonl.2.gz", "link.jsonl");
    }

    @Test
    void aFolderThatIsNotThereYetHoldsNothing() {
        try (var early = new SpoolFollower(folder.resolve("later"), ledger)) {
            assertThat(early.poll()).isFalse();
        }
    }
}
