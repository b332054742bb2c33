package org.flopledger.estimation;

import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;

/**
 * The share of peak rate that was used, with the counter that says so.
 *
 * <p>Immutable.
 *
 * @param kind what was measured
 * @param value above 0 and at most 1
 */
public record Utilisation(Kind kind, double value) {

    /** What a share of peak rate was measured with. */
    public enum Kind {
        /** Model FLOP utilisation: what the architecture needs over what the devices could do. */
        MFU,
        /** Hardware FLOP utilisation: what ran, recomputation included, over what the devices could do. */
        HFU,
        /** Share of cycles in which the matrix units were busy (DCGM's tensor active); includes recomputation. */
        TENSOR_ACTIVE,
        /** Share of time in which any kernel ran, as NVML and nvidia-smi print it. No share of the peak at all. */
        DEVICE_BUSY;

        /** Returns whether recomputed FLOP are part of it. */
        public boolean includesRecomputation() {
            return this == HFU || this == TENSOR_ACTIVE;
        }
    }

    /**
     * Checks the kind and the value.
     *
     * @throws IllegalArgumentException if the kind is {@link Kind#DEVICE_BUSY}, which says that a kernel ran and not how
     *     much of the peak it used, or the value is not above 0 and at most 1
     */
    public Utilisation {
        if (kind == Kind.DEVICE_BUSY) {
            throw new IllegalArgumentException("utilisation is the NVML busy share, must be MFU, HFU or tensor active:"
                    + " the busy share says that some kernel ran, not how much of the peak rate it used");
        }
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "utilisation (" + kind + ") is " + value + ", must be above 0 and at most 1");
        }
    }

    /**
     * Returns the share of peak that an amount of computation makes of device time, unchecked: above 1 means that the peak,
     * the time or the amount is wrong.
     *
     * @param flop the amount
     * @param deviceSeconds seconds summed over devices, above 0
     * @param peak dense peak rate of one device in the number format used
     */
    public static double of(FlopCount flop, double deviceSeconds, FlopRate peak) {
        return flop.toDouble() / deviceSeconds / peak.flopPerSecond();
    }
}
