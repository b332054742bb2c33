package org.flopledger.samples;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerException;
import org.flopledger.LedgerRun;
import org.flopledger.LedgerStatus;
import org.flopledger.RunSpec;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;

/**
 * A trainer that goes back to a checkpoint, is told of a crossing while it trains, and learns at once when the disk takes no
 * more. The directory may be on any file system; the test of this program gives it one that fills up.
 */
public final class RestartAndFullDisk {

    /** What the program was told, and what the ledger said at the end. */
    record Outcome(List<String> told, long recorded, LedgerStatus status) {}

    private RestartAndFullDisk() {}

    /** Trains on paper until the disk is full, or for 200 000 steps; the first argument is the ledger's directory. */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: RestartAndFullDisk DIRECTORY");
            System.exit(2);
        }
        Outcome outcome = train(Path.of(args[0]), 200_000);
        outcome.told().forEach(System.out::println);
        System.out.println("recorded " + outcome.recorded() + " steps, on the disk "
                + outcome.status().accepted() + ", lost " + outcome.status().pending());
    }

    /** Records steps, some of them twice because of a rollback, until the disk is full or so many are recorded. */
    static Outcome train(Path directory, long lastStep) {
        List<String> told = new CopyOnWriteArrayList<>();
        ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(
                        FindingKind.CROSSED,
                        finding ->
                                told.add("crossed at step " + finding.finding().step()))
                .onFailure(failure -> told.add("failed: " + failure.code()))
                .start();
        long recorded = 0;
        try (ledger) {
            LedgerRun run = ledger.run(RunSpec.pretraining("orion-70b")
                    .model(ThresholdCallback.seventyBillion())
                    .build());
            for (long step = 1; step <= 90_000; step++, recorded++) {
                run.step(step).sequences(2048, 8192).record();
            }
            // The loss diverged: back to the checkpoint of step 80 000. What came after it is discarded, and still
            // counts.
            LedgerRun again = run.newAttempt();
            for (long step = 80_001; step <= lastStep; step++, recorded++) {
                again.step(step).sequences(2048, 8192).record();
            }
        } catch (LedgerException e) {
            // From record, or from close. Whatever the status does not count as pending is on the disk.
            told.add("stopped: " + e.code());
        }
        return new Outcome(List.copyOf(told), recorded, ledger.status());
    }
}
