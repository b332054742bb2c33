package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.flopledger.account.RunAccount;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads at one durable ledger: who ingests, who records step by step, who reads, and who audits the directory. */
class LedgerConcurrencyTest {

    private static final int INGESTING = 4;
    private static final int RECORDING = 2;
    private static final int BATCHES = 60;
    private static final int BATCH = 50;
    private static final int RECORDED = 20_000;
    private static final long TOKENS = 1_000_000_000_000L;

    /** One step of a model of 10^9 parameters: 6 N D. */
    private static final FlopCount STEP = FlopCount.parse("6e21");

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final List<RunFinding> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void totals_and_findings_are_exact_whoever_comes_first() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("LedgerConcurrencyTest seed " + seed);
        try (ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(heard::add)
                .start()) {
            ledger.run(spec("shared"));
            Future<?> totals = threads.submit(readTotals(ledger));
            Future<?> audits = threads.submit(this::audit);
            List<Future<?>> writers = new ArrayList<>();
            for (int thread = 0; thread < INGESTING; thread++) {
                writers.add(threads.submit(ingest(ledger, thread, new Random(seed + thread))));
            }
            for (int thread = 0; thread < RECORDING; thread++) {
                writers.add(threads.submit(record(ledger, "rank-" + thread)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            isOver.set(true);
            totals.get();
            audits.get();
            ledger.awaitListeners();
            assertThat(accepted.get()).isEqualTo((long) INGESTING * BATCHES * BATCH);
            assertThat(repeated.get()).isEqualTo((long) INGESTING * BATCHES * BATCH);
            assertTotals(ledger.totals("shared"), (long) INGESTING * BATCHES * BATCH);
            assertTotals(ledger.totals("recorded"), (long) RECORDING * RECORDED);
            assertFindings(ledger.findings());
        }
        assertThat(crossed(heard)).hasSize(2);
        assertThat(heard).doesNotHaveDuplicates();
        LedgerAudit audit = LedgerAudit.of(directory);
        assertThat(audit.faults()).isEmpty();
        assertThat(audit.told()).isEqualTo(heard.size());
        assertFindings(audit.findings());
        Map<String, RunAccount> runs = new HashMap<>();
        audit.runs().forEach(run -> runs.put(run.run(), run));
        assertTotals(runs.get("shared"), (long) INGESTING * BATCHES * BATCH);
        assertTotals(runs.get("recorded"), (long) RECORDING * RECORDED);
    }

    private static RunSpec spec(String run) {
        return RunSpec.pretraining(run)
                .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                .build();
    }

    private static void assertTotals(RunAccount account, long steps) {
        assertThat(account.totals().observations()).isEqualTo(steps);
        assertThat(account.total().bounds().best()).isEqualTo(STEP.times(steps));
    }

    private static void assertFindings(List<RunFinding> findings) {
        assertThat(crossed(findings)).extracting(RunFinding::run).containsExactlyInAnyOrder("shared", "recorded");
    }

    /** Bounds by parameters enter the margin long before; the line itself is crossed once a run. */
    private static List<RunFinding> crossed(List<RunFinding> findings) {
        return findings.stream()
                .filter(finding -> finding.finding().kind() == FindingKind.CROSSED)
                .toList();
    }

    /** Ingests own batches in an order of its own, and each of them twice: one of the two is a repeat. */
    private Callable<?> ingest(ComputeLedger ledger, int thread, Random random) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 2 * BATCHES; i++) {
            order.add(i % BATCHES);
        }
        Collections.shuffle(order, random);
        return () -> {
            for (int batch : order) {
                try (StepBatchBuilder rows = ledger.newBatch()) {
                    for (int i = 0; i < BATCH; i++) {
                        rows.run("shared")
                                .attempt(0)
                                .step((long) batch * BATCH + i)
                                .source("node-" + thread)
                                .stage(Stage.PRETRAINING)
                                .model("dense-1b")
                                .tokens(TOKENS)
                                .append();
                    }
                    try (StepBatch built = rows.build()) {
                        IngestResult result = ledger.ingest(built);
                        accepted.addAndGet(result.accepted());
                        repeated.addAndGet(result.repeats().duplicates());
                    }
                }
            }
            return null;
        };
    }

    private static Callable<?> record(ComputeLedger ledger, String source) {
        return () -> {
            LedgerRun run = ledger.run(spec("recorded")).source(source);
            for (long step = 0; step < RECORDED; step++) {
                run.step(step).tokens(TOKENS).record();
            }
            return null;
        };
    }

    private Callable<?> readTotals(ComputeLedger ledger) {
        return () -> {
            long before = 0;
            int findings = 0;
            while (!isOver.get()) {
                RunAccount account = ledger.totals("shared");
                long now = account.totals().observations();
                assertThat(now).isGreaterThanOrEqualTo(before);
                if (now > 0) {
                    assertThat(account.total().bounds().best()).isEqualTo(STEP.times(now));
                }
                before = now;
                int found = crossed(ledger.findings()).size();
                assertThat(found).isBetween(findings, 2);
                findings = found;
            }
            return null;
        };
    }

    private @Nullable Object audit() {
        long before = 0;
        while (!isOver.get()) {
            LedgerAudit audit = LedgerAudit.of(directory);
            // A commit that is just being written is one fault that an audit beside a writer may see.
            assertThat(audit.faults()).allMatch(fault -> fault.contains("of a commit that was never finished"));
            long now = audit.runs().stream()
                    .mapToLong(run -> run.totals().observations())
                    .sum();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        return null;
    }
}
