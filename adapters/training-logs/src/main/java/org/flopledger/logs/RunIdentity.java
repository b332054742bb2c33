package org.flopledger.logs;

import java.time.Instant;
import org.flopledger.logs.scan.Digests;
import org.jspecify.annotations.Nullable;

/** Identities that follow from what a log says, so that the same run has the same one wherever its log lies. */
public final class RunIdentity {

    private static final int SHOWN_DIGITS = 16;

    private RunIdentity() {}

    /** What an MLPerf log says before its run makes progress: a log that is still being written has all of it. */
    public interface MlperfFacts {

        /** Returns the name of the benchmark if the log tells it before the start, or null. */
        @Nullable
        String benchmarkAtStart();

        /** Returns the seed if the log tells it before the start, or null. */
        @Nullable
        Long seedAtStart();

        /** Returns when the run began, or null. */
        @Nullable
        Instant start();

        /** Returns the time of the first record. */
        Instant firstRecord();
    }

    /** Returns the identity of an MLPerf run, such as {@code mlperf-gpt3-0123456789abcdef}; null for an unknown benchmark. */
    public static String mlperf(MlperfFacts log, @Nullable String knownBenchmark) {
        String benchmark = knownBenchmark == null ? "unknown" : knownBenchmark;
        return "mlperf-" + benchmark + "-" + shortHash(text(log));
    }

    /**
     * Returns what identifies an MLPerf run: benchmark, seed and start, or the first record of a log without a start. Neither the
     * end nor the bytes, which change while the run goes on.
     */
    public static String text(MlperfFacts log) {
        Instant start = log.start();
        return log.benchmarkAtStart() + "|" + log.seedAtStart() + "|"
                + (start == null ? "first record " + log.firstRecord() : start);
    }

    /**
     * Returns the identity of a training of the Hugging Face trainer.
     *
     * @param beginning what every later state of the training repeats, such as the first entry of its history
     */
    public static String trainer(String beginning) {
        return "trainer-" + shortHash(beginning);
    }

    private static String shortHash(String text) {
        return Digests.sha256(text).substring(0, SHOWN_DIGITS);
    }
}
