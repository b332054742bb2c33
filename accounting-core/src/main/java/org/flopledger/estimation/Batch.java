package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.impl.map.mutable.primitive.LongLongHashMap;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Reach;

/**
 * The sequences of a step or of a whole run, by length.
 *
 * <p>Padding that is multiplied counts as length: padding four documents to 4096 makes four sequences of 4096. Immutable.
 *
 * <p>Given to {@link FlopEstimator#estimate(Batch) an estimator} by anyone who asks what a step will cost before it is run.
 * Thread-safe.
 *
 * @param groups sequences of one length each
 * @param calls forward calls they are split over; matters only where work is done once a call (DoRA's lengths)
 */
public record Batch(List<Group> groups, long calls) {

    /** Copies the groups and checks the calls. */
    public Batch {
        groups = List.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("sequences are absent, must be at least one");
        }
        if (calls < 1) {
            throw new IllegalArgumentException("forward calls is " + calls + ", must be >= 1");
        }
    }

    /**
     * Sequences of equal shape.
     *
     * @param count how many, at least 1
     * @param length tokens of each in the main stack, at least 1
     * @param sourceLength tokens of each in the encoder; 0 without an encoder
     * @param predictions positions of each whose output is predicted, from 0 to {@code length}
     */
    public record Group(long count, long length, long sourceLength, long predictions) {

        /** Checks the ranges. */
        public Group {
            require("sequences", count, 1);
            require("sequence length", length, 1);
            require("source length", sourceLength, 0);
            require("predictions", predictions, 0);
            if (predictions > length) {
                throw new IllegalArgumentException(
                        "predictions is " + predictions + ", must be <= sequence length (" + length + ")");
            }
        }

        private static void require(String field, long value, long least) {
            if (value < least) {
                throw new IllegalArgumentException(field + " is " + value + ", must be >= " + least);
            }
        }
    }

    /** Returns sequences of one length, every position predicted, in one call. */
    public static Batch of(long sequences, long length) {
        return new Batch(List.of(new Group(sequences, length, 0, length)), 1);
    }

    /** Returns pairs of an encoder and a decoder sequence, every decoder position predicted. */
    public static Batch ofPairs(long pairs, long sourceLength, long targetLength) {
        return new Batch(List.of(new Group(pairs, targetLength, sourceLength, targetLength)), 1);
    }

    /** Returns sequences of these lengths, such as the documents packed into one row. */
    public static Batch ofLengths(long... lengths) {
        LongLongHashMap counts = new LongLongHashMap();
        for (long length : lengths) {
            counts.addToValue(length, 1);
        }
        List<Group> groups = new ArrayList<>();
        for (long length : counts.keySet().toSortedArray()) {
            groups.add(new Group(counts.get(length), length, 0, length));
        }
        return new Batch(groups, 1);
    }

    /**
     * Returns so many tokens cut into sequences of one length, the last one shorter where they do not divide.
     *
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Batch ofTokens(long tokens, long length) {
        if (tokens < 1 || length < 1) {
            throw new IllegalArgumentException(
                    "tokens and sequence length are " + tokens + " and " + length + ", both must be >= 1");
        }
        List<Group> groups = new ArrayList<>();
        if (tokens >= length) {
            groups.add(new Group(tokens / length, length, 0, length));
        }
        if (tokens % length > 0) {
            groups.add(new Group(1, tokens % length, 0, tokens % length));
        }
        return new Batch(groups, 1);
    }

    /** Returns this batch in so many forward calls. */
    public Batch inCalls(long newCalls) {
        return new Batch(groups, newCalls);
    }

    /** Returns this batch with an encoder sequence of one length beside each sequence. */
    public Batch withSource(long sourceLength) {
        return new Batch(
                groups.stream()
                        .map(group -> new Group(group.count, group.length, sourceLength, group.predictions))
                        .toList(),
                calls);
    }

    /** Returns both batches together. */
    public Batch plus(Batch other) {
        List<Group> all = new ArrayList<>(groups);
        all.addAll(other.groups);
        return new Batch(all, Math.addExact(calls, other.calls));
    }

    /** Returns the tokens of the main stack. */
    public BigInteger tokens() {
        return positions(Domain.TOKEN);
    }

    /** Returns the number of sequences. */
    public BigInteger sequences() {
        return positions(Domain.SEQUENCE);
    }

    /** Returns this batch with learned positions in front of each sequence; their outputs are computed too. */
    Batch behind(long virtualTokens) {
        return virtualTokens == 0
                ? this
                : new Batch(
                        groups.stream()
                                .map(group -> new Group(
                                        group.count,
                                        group.length + virtualTokens,
                                        group.sourceLength == 0 ? 0 : group.sourceLength + virtualTokens,
                                        group.predictions + virtualTokens))
                                .toList(),
                        calls);
    }

    /** Returns how often an operation of this domain runs. */
    BigInteger positions(Domain domain) {
        BigInteger sum = BigInteger.ZERO;
        for (Group group : groups) {
            long each = switch (domain) {
                case TOKEN -> group.length;
                case SOURCE_TOKEN -> group.sourceLength;
                case PREDICTION -> group.predictions;
                case SEQUENCE -> 1;
            };
            sum = sum.add(product(group.count, each));
        }
        return sum;
    }

    /** Returns twice the pairs of positions that an attention core scores; twice, so that half a square is whole. */
    BigInteger twicePairs(Domain domain, Reach reach, AttentionPairs pairs) {
        BigInteger sum = BigInteger.ZERO;
        for (Group group : groups) {
            long queries = domain == Domain.SOURCE_TOKEN ? group.sourceLength : group.length;
            BigInteger twice = reach.rule() == Reach.Rule.CROSS
                    ? product(2 * queries, group.sourceLength)
                    : pairs.twice(reach, queries);
            sum = sum.add(twice.multiply(BigInteger.valueOf(group.count)));
        }
        return sum;
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }
}
