package org.flopledger.estimation;

import java.math.BigInteger;

/** The passes over one batch in FLOP. */
record FourParts(BigInteger forward, BigInteger backward, BigInteger reference, BigInteger recomputed) {

    static FourParts of(SettingWork work, Batch batch, AttentionPairs pairs) {
        return new FourParts(
                work.forward().of(batch, pairs),
                work.backward().of(batch, pairs),
                work.reference().of(batch, pairs),
                work.recomputed().of(batch, pairs));
    }

    BigInteger model() {
        return forward.add(backward).add(reference);
    }

    BigInteger executed() {
        return model().add(recomputed);
    }
}
