package org.flopledger.samples;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.RunFinding;
import org.flopledger.RunSpec;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.model.Architecture;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;

/** The README's twenty lines: a trainer records its steps one by one into a durable ledger. */
public final class LiveRecording {

    private LiveRecording() {}

    /** Trains on paper for 140 000 steps; the first argument is the ledger's directory. */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: LiveRecording DIRECTORY");
            System.exit(2);
        }
        record(Path.of(args[0]), ThresholdCallback.seventyBillion(), 1, 140_000);
    }

    /** Records steps and returns what the listener was told. */
    static List<RunFinding> record(Path directory, Architecture architecture, long firstStep, long lastStep) {
        List<RunFinding> pager = new CopyOnWriteArrayList<>();
        try (ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(FindingKind.CROSSED, pager::add)
                .start()) {

            LedgerRun run = ledger.run(
                    RunSpec.pretraining("orion-70b").model(architecture).build());

            for (long step = firstStep; step <= lastStep; step++) {
                run.step(step).sequences(2048, 8192).record();
            }

            RunAccount account = run.totals();
            ComputeFigure total = account.total();
            System.out.println(total.bounds().best() + " FLOP by " + total.method() + ", coverage " + total.coverage());
            System.out.println(account.discarded().bounds().best() + " of them thrown away by restarts");
        }
        return pager;
    }
}
