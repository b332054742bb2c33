package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Reach;

/**
 * FLOP as a sum of products with what a batch holds: positions of each domain, scored pairs of each kind of attention, and
 * forward calls. Mutable while it is summed up; single-threaded.
 */
final class Work {

    /** Attention cores whose pairs are the same. */
    record Pairs(Domain domain, Reach reach) {}

    private final Map<Domain, BigInteger> perPosition = new EnumMap<>(Domain.class);
    private final Map<Pairs, BigInteger> perPair = new HashMap<>();
    private BigInteger perCall = BigInteger.ZERO;

    Work addPositions(Domain domain, BigInteger flop) {
        perPosition.merge(domain, flop, BigInteger::add);
        return this;
    }

    Work addPairs(Pairs pairs, BigInteger flop) {
        perPair.merge(pairs, flop, BigInteger::add);
        return this;
    }

    Work addCalls(BigInteger flop) {
        perCall = perCall.add(flop);
        return this;
    }

    Work add(Work other) {
        return addTimes(other, 1);
    }

    Work addTimes(Work other, long factor) {
        BigInteger times = BigInteger.valueOf(factor);
        other.perPosition.forEach((domain, flop) -> addPositions(domain, flop.multiply(times)));
        other.perPair.forEach((pairs, flop) -> addPairs(pairs, flop.multiply(times)));
        return addCalls(other.perCall.multiply(times));
    }

    BigInteger perPosition(Domain domain) {
        return perPosition.getOrDefault(domain, BigInteger.ZERO);
    }

    Map<Pairs, BigInteger> perPair() {
        return perPair;
    }

    BigInteger perCall() {
        return perCall;
    }

    boolean isZero() {
        return perCall.signum() == 0
                && perPosition.values().stream().allMatch(flop -> flop.signum() == 0)
                && perPair.values().stream().allMatch(flop -> flop.signum() == 0);
    }

    /** Returns the FLOP of a batch, exact. */
    BigInteger of(Batch batch, AttentionPairs counted) {
        BigInteger sum = perCall.multiply(BigInteger.valueOf(batch.calls()));
        for (var entry : perPosition.entrySet()) {
            sum = sum.add(entry.getValue().multiply(batch.positions(entry.getKey())));
        }
        for (var entry : perPair.entrySet()) {
            Pairs key = entry.getKey();
            BigInteger twice = batch.twicePairs(key.domain(), key.reach(), counted);
            // FLOP for a pair are 2 x heads x width, so half of twice the pairs divides without rest.
            sum = sum.add(entry.getValue().multiply(twice).shiftRight(1));
        }
        return sum;
    }
}
