package org.flopledger.collector;

import java.time.Duration;

/**
 * How much of everything the collector takes before it refuses.
 *
 * @param bodyBytes most bytes of one request; more is answered with 413
 * @param openBytes most bytes of all requests that are being read or taken in; beyond, 503
 * @param openRequests most requests that are being read or taken in; beyond, 503
 * @param connections most connections at once; further ones wait to be accepted
 * @param viewers most pages that are kept up to date; beyond, 503
 * @param requestsPerSecond most requests of one address in a second, and twice as many at once; beyond, 429
 * @param patience how long a connection may take to bring a whole request, or rest between two; then it is closed
 */
public record CollectorLimits(
        int bodyBytes,
        long openBytes,
        int openRequests,
        int connections,
        int viewers,
        int requestsPerSecond,
        Duration patience) {

    /** 16 MiB a request, 128 MiB and 256 requests at once, 1 024 connections, 64 pages, 2 000 requests a second, 15 seconds. */
    public static final CollectorLimits DEFAULT =
            new CollectorLimits(16 << 20, 128L << 20, 256, 1_024, 64, 2_000, Duration.ofSeconds(15));

    /** Checks that each is at least 1. */
    public CollectorLimits {
        if (Math.min(Math.min(bodyBytes, openRequests), Math.min(connections, Math.min(viewers, requestsPerSecond))) < 1
                || openBytes < bodyBytes
                || patience.isNegative()
                || patience.isZero()) {
            throw new IllegalArgumentException(
                    "every limit must be at least 1, and openBytes at least bodyBytes, " + bodyBytes);
        }
    }
}
