package org.flopledger.logs;

import java.time.Instant;
import java.util.Locale;
import org.flopledger.logs.scan.Digests;
import org.jspecify.annotations.Nullable;

/** Identities that follow from what a log says, so that the same run has the same one wherever its log lies. */
public final class RunIdentity {

    private static final int SHOWN_DIGITS = 16;

    private RunIdentity() {}

    /** What an MLPerf log says of itself. */
    public interface MlperfFacts {

        /** Returns the name of the benchmark, or null. */
        @Nullable
        String benchmark();

        /** Returns a setting such as {@code seed}, or null. */
        @Nullable
        Long setting(@Nullable String key);

        /** Returns when the run began, or null. */
        @Nullable
        Instant start();

        /** Returns when it ended, or null. */
        @Nullable
        Instant stop();
    }

    /** Returns the identity of an MLPerf run, such as {@code mlperf-gpt3-0123456789abcdef}. */
    public static String mlperf(MlperfFacts log, String contentHash) {
        String benchmark = log.benchmark() == null ? "unknown" : plain(log.benchmark());
        return "mlperf-" + benchmark + "-" + shortHash(text(log, contentHash));
    }

    /**
     * Returns what identifies an MLPerf run: benchmark, seed, start and stop. A log without a start has only its bytes; one
     * without a stop may be any attempt from that start, so its bytes count too.
     *
     * @param contentHash SHA-256 of the log; looked at only where start or stop is missing
     */
    public static String text(MlperfFacts log, String contentHash) {
        if (log.start() == null || log.stop() == null) {
            return contentHash;
        }
        return log.benchmark() + "|" + log.setting("seed") + "|" + log.start() + "|" + log.stop();
    }

    /** Returns the identity of a training of the Hugging Face trainer. */
    public static String trainer(String contentHash) {
        return "trainer-" + contentHash.substring(0, SHOWN_DIGITS);
    }

    private static String shortHash(String text) {
        return Digests.sha256(text).substring(0, SHOWN_DIGITS);
    }

    private static String plain(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.]+", "_");
        return plain.length() <= 40 ? plain : plain.substring(0, 40);
    }
}
