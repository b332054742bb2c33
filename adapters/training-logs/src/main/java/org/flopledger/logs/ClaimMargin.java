package org.flopledger.logs;

import java.util.Set;
import org.flopledger.estimation.StepFormula;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * How far what ran may be from what a framework reported, by what its writer is known to count and to leave out. It is of use only where
 * nothing better than the claim is known. Decision 0053 says where the numbers come from. Immutable.
 *
 * @param leastThousandths the least that ran, in thousandths of the claim
 * @param mostThousandths the most that ran
 * @param why what the writer counts too much and leaves out
 */
record ClaimMargin(int leastThousandths, int mostThousandths, String why) {

    private static final Set<String> MEGATRON = Set.of("megatron", "megatron-progress", "nemo", "maxtext");
    private static final Set<String> BY_LAYER = Set.of("torchtitan", "nanochat", "olmo");

    /** Returns the margin of a format's writer; one that is not known is taken for the widest. */
    static ClaimMargin of(LogFormat format) {
        if (MEGATRON.contains(format.label())) {
            return new ClaimMargin(
                    250,
                    1_500,
                    "experts may be counted as dense and recomputation too; evaluation, and recomputation elsewhere, is left out");
        } else if (BY_LAYER.contains(format.label())) {
            return new ClaimMargin(
                    400, 1_500, "the whole square of attention is counted; recomputation and evaluation are left out");
        }
        return new ClaimMargin(
                4,
                10_000,
                "all experts, frozen weights and values of sounds may be counted; attention, recomputation and evaluation are left out");
    }

    /** Returns the margin as a ledger knows it. */
    StepFormula formula() {
        return StepFormula.ofClaims(leastThousandths, mostThousandths);
    }

    /** Returns what ran for a claim. */
    FlopBounds around(FlopCount claim) {
        return formula().ofClaim(claim);
    }
}
