package org.flopledger.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.RunFinding;
import org.flopledger.RunSpec;
import org.flopledger.account.ComputeFigure;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;

/**
 * Records the steps of an invented 70-billion-parameter run and is called back at the exact step at which its total passes
 * 10<sup>24</sup> FLOP, in the middle of a batch.
 */
public final class ThresholdCallback {

    private static final int STEPS_PER_BATCH = 1000;
    private static final int LAST_STEP = 150_000;
    private static final int SEQUENCES = 2048;
    private static final long SEQUENCE_LENGTH = 8192;

    private ThresholdCallback() {}

    /** Runs the sample and prints what it was called back with, and the total. */
    public static void main(String[] args) {
        List<RunFinding> findings = record();
        System.out.println(findings.size() + " callback" + (findings.size() == 1 ? "" : "s"));
    }

    /** Returns what the listener was told. */
    static List<RunFinding> record() {
        List<RunFinding> heard = new ArrayList<>();
        try (ComputeLedger ledger = ComputeLedger.inMemory()
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(FindingKind.CROSSED, finding -> {
                    heard.add(finding);
                    System.out.println("step " + finding.finding().step() + ": " + finding.summary());
                })
                .start()) {
            LedgerRun run = ledger.run(
                    RunSpec.pretraining("orion-70b").model(seventyBillion()).build());
            for (int first = 1; first <= LAST_STEP; first += STEPS_PER_BATCH) {
                ingest(ledger, run, first, first + STEPS_PER_BATCH - 1);
            }
            ComputeFigure total = run.totals().total();
            System.out.printf(
                    Locale.ROOT,
                    "%s FLOP by %s, coverage %s%n",
                    total.bounds().best(),
                    total.method(),
                    total.coverage());
        }
        return heard;
    }

    private static void ingest(ComputeLedger ledger, LedgerRun run, int first, int last) {
        StepBatchBuilder steps = ledger.newBatch();
        for (int step = first; step <= last; step++) {
            steps.run(run.id())
                    .attempt(0)
                    .step(step)
                    .source("trainer")
                    .stage(Stage.PRETRAINING)
                    .model("seventy-billion")
                    .equalSequences(SEQUENCES, SEQUENCE_LENGTH)
                    .append();
        }
        try (StepBatch batch = steps.build()) {
            ledger.ingest(batch);
        }
    }

    /** A decoder of the Llama kind: 80 layers, 64 query and 8 key-value heads of 128, gated feed-forward. */
    static Architecture seventyBillion() {
        long hidden = 8192;
        long vocabulary = 128_256;
        var attention = DotProductAttention.builder(hidden, 64).keyValueHeads(8).build();
        var block = Block.preNorm(Norm.rms(hidden), attention, DenseFeedForward.gated(hidden, 28_672));
        var stack = new LayerStack(
                "model", "layers", Input.Tokens.of(vocabulary, hidden), block.times(80), Norm.rms(hidden));
        return Architecture.decoder("seventy-billion", stack, Head.language(hidden, vocabulary, false));
    }
}
