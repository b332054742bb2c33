package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.estimation.LinearForm.MaskedPairs;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Reach;
import org.flopledger.units.FlopCount;

/**
 * Turns work into linear forms of a step's tokens, sequences and squared lengths, in which an encoder's length does not
 * appear.
 *
 * @param sourceLength tokens of each encoder sequence; 0 if not known
 * @param encoder whether the model has an encoder
 * @param virtualTokens learned positions in front of each sequence
 */
record Forms(long sourceLength, boolean encoder, long virtualTokens) {

    private boolean splitsTokens() {
        return encoder && sourceLength == 0;
    }

    LinearForm low(Work work) {
        if (!splitsTokens()) {
            return form(work, AttentionPairs.EXACT, false);
        }
        BigInteger least = decoder(work).min(work.perPosition(Domain.SOURCE_TOKEN));
        return LinearForm.eachToken(FlopCount.of(least));
    }

    LinearForm best(Work work) {
        return splitsTokens() ? halves(work) : form(work, AttentionPairs.EXACT, true);
    }

    LinearForm high(Work work) {
        if (!splitsTokens()) {
            return form(work, AttentionPairs.FULL, true);
        }
        BigInteger most = decoder(work).max(work.perPosition(Domain.SOURCE_TOKEN));
        BigInteger pairs = work.perPair().values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        return new LinearForm(
                FlopCount.of(most), FlopCount.of(perSequence(work, true)), FlopCount.of(pairs), List.of());
    }

    private static BigInteger decoder(Work work) {
        return work.perPosition(Domain.TOKEN).add(work.perPosition(Domain.PREDICTION));
    }

    private static BigInteger perSequence(Work work, boolean withCalls) {
        BigInteger each = work.perPosition(Domain.SEQUENCE);
        // Work done once a call is at most once a sequence: what a batch of one sequence a call would cost.
        return withCalls ? each.add(work.perCall()) : each;
    }

    /** Source and target of s/2 tokens each: the assumption behind 3 N D for an encoder-decoder. */
    private LinearForm halves(Work work) {
        BigInteger linear =
                decoder(work).add(work.perPosition(Domain.SOURCE_TOKEN)).shiftLeft(1);
        BigInteger square = BigInteger.ZERO;
        for (var entry : work.perPair().entrySet()) {
            if (entry.getKey().reach().rule() == Reach.Rule.CAUSAL) {
                // (s/2)(s/2 + 1)/2 = s^2/8 + s/4
                square = square.add(entry.getValue());
                linear = linear.add(entry.getValue());
            } else {
                square = square.add(entry.getValue().shiftLeft(1));
            }
        }
        return new LinearForm(up(linear, 2), FlopCount.of(perSequence(work, true)), up(square, 3), List.of());
    }

    private static FlopCount up(BigInteger value, int bits) {
        BigInteger roundUp = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        return FlopCount.of(value.add(roundUp).shiftRight(bits));
    }

    private LinearForm form(Work work, AttentionPairs counted, boolean withCalls) {
        BigInteger source = BigInteger.valueOf(sourceLength);
        BigInteger token = decoder(work);
        BigInteger sequence = perSequence(work, withCalls)
                .add(work.perPosition(Domain.SOURCE_TOKEN).multiply(source));
        BigInteger square = BigInteger.ZERO;
        Map<AttentionMask, BigInteger> masks = new HashMap<>();
        for (var entry : work.perPair().entrySet()) {
            Work.Pairs key = entry.getKey();
            BigInteger flop = entry.getValue();
            var mask = counted.mask(key.reach());
            if (key.domain() == Domain.SOURCE_TOKEN) {
                sequence = sequence.add(
                        flop.multiply(counted.twice(key.reach(), sourceLength)).shiftRight(1));
            } else if (key.reach().rule() == Reach.Rule.CROSS) {
                token = token.add(flop.multiply(source));
            } else if (mask.isPresent()) {
                masks.merge(mask.get(), flop, BigInteger::add);
            } else if (counted == AttentionPairs.EXACT && key.reach().rule() == Reach.Rule.CAUSAL) {
                square = square.add(flop.shiftRight(1));
                token = token.add(flop.shiftRight(1));
            } else {
                square = square.add(flop);
            }
        }
        return behindVirtualTokens(token, sequence, square, masks, !withCalls);
    }

    /**
     * With v positions in front of each sequence: a (s + v) + b + c (s + v)^2.
     *
     * <p>Under a mask they add from v to v s + v (v + 1) / 2 pairs, the latter exactly while s + v fits the window or chunk.
     */
    private LinearForm behindVirtualTokens(
            BigInteger token,
            BigInteger sequence,
            BigInteger square,
            Map<AttentionMask, BigInteger> masks,
            boolean least) {
        BigInteger ahead = BigInteger.valueOf(virtualTokens);
        BigInteger perToken = token.add(square.multiply(ahead).shiftLeft(1));
        BigInteger perSequence =
                sequence.add(token.multiply(ahead)).add(square.multiply(ahead).multiply(ahead));
        BigInteger triangle = ahead.multiply(ahead.add(BigInteger.ONE)).shiftRight(1);
        List<MaskedPairs> pairs = new ArrayList<>();
        for (var entry : masks.entrySet()) {
            BigInteger flop = entry.getValue();
            pairs.add(new MaskedPairs(entry.getKey(), FlopCount.of(flop)));
            perToken = least ? perToken : perToken.add(flop.multiply(ahead));
            perSequence = perSequence.add(flop.multiply(least ? ahead : triangle));
        }
        return new LinearForm(FlopCount.of(perToken), FlopCount.of(perSequence), FlopCount.of(square), pairs);
    }
}
