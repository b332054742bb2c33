package org.flopledger.logs;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Identities that follow from what a log says, so that the same run has the same one wherever its log lies. */
final class RunIdentity {

    private static final int SHOWN_BYTES = 8;

    private RunIdentity() {}

    /** Returns the identity of an MLPerf run, such as {@code mlperf-gpt3-0123456789abcdef}. */
    static String mlperf(MlperfEvidence log, String contentHash) {
        String benchmark = log.benchmark() == null ? "unknown" : plain(log.benchmark());
        return "mlperf-" + benchmark + "-" + shortHash(text(log, contentHash));
    }

    /**
     * Returns what identifies an MLPerf run: benchmark, seed, start and stop. A log without a start has only its bytes; one
     * without a stop may be any attempt from that start, so its bytes count too.
     */
    static String text(MlperfEvidence log, String contentHash) {
        if (log.start() == null || log.stop() == null) {
            return contentHash;
        }
        return log.benchmark() + "|" + log.setting("seed") + "|" + log.start() + "|" + log.stop();
    }

    /** Returns the identity of a training of the Hugging Face trainer. */
    static String trainer(String contentHash) {
        return "trainer-" + contentHash.substring(0, 2 * SHOWN_BYTES);
    }

    private static String shortHash(String text) {
        byte[] digest = FileReader.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, SHOWN_BYTES);
    }

    private static String plain(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.]+", "_");
        return plain.length() <= 40 ? plain : plain.substring(0, 40);
    }
}
