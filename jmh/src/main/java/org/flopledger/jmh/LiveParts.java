package org.flopledger.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.LedgerStatus;
import org.flopledger.RunSpec;
import org.flopledger.jmh.journal.ScratchDirectory;
import org.flopledger.jmh.journal.SlowDisk;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;

/**
 * What a training thread pays for recording steps into a durable ledger, and how long it takes until somebody is told of a
 * crossing. The disk is that of the benchmark directory; the slow one is the same with each flush drawn out.
 */
final class LiveParts {

    private static final int PACED_STEPS_PER_SECOND = 10_000;
    private static final long SLOW_FLUSH_MILLIS = 3_000;
    private static final int THREADS = 2;
    private static final int WARM_UP_STEPS = 200_000;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(100);

    /** Tokens of a step of which two take a run of 10^9 parameters past 10^24 FLOP. */
    private static final long HALF_A_LINE = 100_000_000_000_000L;

    private LiveParts() {}

    static void run(Scale scale, Results results) throws IOException, InterruptedException {
        int seconds = scale.equals(Scale.QUICK) ? 10 : 60;
        paced("record.paced", directory -> directory, seconds, results);
        paced("record.paced.slowDisk", directory -> SlowDisk.path(directory, SLOW_FLUSH_MILLIS), seconds, results);
        sustained(seconds, results);
        crossings(scale.equals(Scale.QUICK) ? 50 : 200, results);
    }

    private interface Place {
        Path of(Path directory);
    }

    private static RunSpec spec(String run) {
        return RunSpec.pretraining(run)
                .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                .build();
    }

    /** Records at a steady pace; a step that comes late because of the one before it counts from when it was due. */
    private static void paced(String key, Place place, int seconds, Results results)
            throws IOException, InterruptedException {
        Histogram calls = new Histogram(MOST_NANOS, 3);
        long steps = (long) PACED_STEPS_PER_SECOND * seconds;
        long period = TimeUnit.SECONDS.toNanos(1) / PACED_STEPS_PER_SECOND;
        try (ScratchDirectory scratch = new ScratchDirectory();
                ComputeLedger ledger =
                        ComputeLedger.open(place.of(scratch.path())).start()) {
            LedgerRun run = ledger.run(spec("paced"));
            long step = 0;
            for (; step < WARM_UP_STEPS; step++) {
                run.step(step).sequences(512, 8192).record();
            }
            long due = System.nanoTime();
            for (long end = step + steps; step < end; step++) {
                while (System.nanoTime() < due) {
                    Thread.onSpinWait();
                }
                long begun = System.nanoTime();
                run.step(step).sequences(512, 8192).record();
                calls.recordValue(Math.min(System.nanoTime() - begun, MOST_NANOS));
                due += period;
            }
            LedgerStatus status = ledger.status();
            results.figure(key + ".waits", (double) status.waits());
            requireAll(ledger, "paced", step);
        }
        results.figure(key + ".p50Micros", calls.getValueAtPercentile(50) / 1e3);
        results.figure(key + ".p99Micros", calls.getValueAtPercentile(99) / 1e3);
        results.ratio(key + ".p9999Micros", calls.getValueAtPercentile(99.99) / 1e3);
        results.ratio(key + ".maxMicros", calls.getMaxValue() / 1e3);
    }

    private static void requireAll(ComputeLedger ledger, String run, long steps) {
        long held = ledger.totals(run).totals().observations();
        if (held != steps) {
            throw new IllegalStateException("the ledger holds " + held + " steps, must hold " + steps);
        }
    }

    /** Records from two threads as fast as the ledger takes steps in, for so long that the recorder's room is nothing beside it. */
    private static void sustained(int seconds, Results results) throws IOException, InterruptedException {
        try (ScratchDirectory scratch = new ScratchDirectory();
                ComputeLedger ledger = ComputeLedger.open(scratch.path()).start()) {
            LedgerRun run = ledger.run(spec("sustained"));
            AtomicLong recorded = new AtomicLong();
            long begun = System.nanoTime();
            long end = begun + TimeUnit.SECONDS.toNanos(seconds);
            List<Thread> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                LedgerRun own = run.source("rank-" + thread);
                Thread recorder = new Thread(() -> recorded.addAndGet(recordUntil(own, end)));
                recorder.start();
                threads.add(recorder);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            LedgerStatus status = ledger.status();
            ledger.flush();
            double taken = (System.nanoTime() - begun) / 1e9;
            requireAll(ledger, "sustained", recorded.get());
            results.ratio("record.sustained.stepsPerSecond", recorded.get() / taken);
            results.figure("record.sustained.waits", (double) status.waits());
        }
    }

    private static long recordUntil(LedgerRun run, long end) {
        long step = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 100; i++) {
                run.step(step++).sequences(512, 8192).record();
            }
        }
        return step;
    }

    /** Takes runs past a line one after the other, and times from the step that does to the listener's call. */
    private static void crossings(int runs, Results results) throws IOException, InterruptedException {
        Histogram times = new Histogram(MOST_NANOS, 3);
        AtomicLong told = new AtomicLong();
        AtomicLong latch = new AtomicLong();
        CountDownLatch[] heard = {new CountDownLatch(1)};
        try (ScratchDirectory scratch = new ScratchDirectory();
                ComputeLedger ledger = ComputeLedger.open(scratch.path())
                        .profile(ReviewProfiles.named("seed-review-1e24"))
                        .onFinding(FindingKind.CROSSED, finding -> {
                            told.set(System.nanoTime());
                            latch.incrementAndGet();
                            synchronized (heard) {
                                heard[0].countDown();
                            }
                        })
                        .start()) {
            for (int i = 0; i < runs; i++) {
                LedgerRun run = ledger.run(spec("run-" + i));
                synchronized (heard) {
                    heard[0] = new CountDownLatch(1);
                }
                run.step(1).tokens(HALF_A_LINE).record();
                // Of no multiple of the flush interval, so that the steps come anywhere within it.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(7 + i % 31));
                long crossed = System.nanoTime();
                run.step(2).tokens(HALF_A_LINE).record();
                if (!heard[0].await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody was told of a crossing within a minute");
                }
                long nanos = told.get() - crossed;
                if (i == 0) {
                    results.figure("crossing.firstMillis", nanos / 1e6);
                } else {
                    times.recordValue(Math.min(nanos, MOST_NANOS));
                }
            }
        }
        if (latch.get() != runs) {
            throw new IllegalStateException(latch.get() + " findings were told, must be " + runs);
        }
        results.figure("crossing.p50Millis", times.getValueAtPercentile(50) / 1e6);
        results.ratio("crossing.p99Millis", times.getValueAtPercentile(99) / 1e6);
        results.ratio("crossing.maxMillis", times.getMaxValue() / 1e6);
    }
}
