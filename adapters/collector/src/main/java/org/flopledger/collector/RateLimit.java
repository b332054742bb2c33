package org.flopledger.collector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A bucket of requests for each address, refilled by the second. Remembers a bounded number of addresses. Thread-safe. */
final class RateLimit {

    private static final int MOST_ADDRESSES = 10_000;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private static final class Bucket {
        private double requests;
        private long at;
    }

    RateLimit(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /** Returns whether an address may make one more request now. */
    synchronized boolean allows(String address) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.get(address);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.requests = 2 * perSecond;
            bucket.at = now;
            buckets.put(address, bucket);
        }
        bucket.requests = Math.min(2 * perSecond, bucket.requests + perSecond * (now - bucket.at) / NANOS);
        bucket.at = now;
        if (bucket.requests < 1) {
            return false;
        }
        bucket.requests--;
        return true;
    }
}
