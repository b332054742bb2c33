package org.flopledger.estimation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;

/**
 * FLOP from device-seconds x peak rate x utilisation.
 *
 * <p>Worked number: 200 000 device-hours at 300e12 FLOP/s and half of it used are 1.08e23 FLOP (European Commission,
 * guidelines on general-purpose models, annex A.3).
 */
public final class HardwareEstimate {

    private static final BigDecimal THREE_QUARTERS = new BigDecimal("0.75");

    private HardwareEstimate() {}

    /**
     * Returns the estimate for a measured utilisation.
     *
     * <p>Where the utilisation includes recomputation the figure is executed FLOP; the lower bound then allows for complete
     * recomputation, a quarter of it.
     *
     * @param deviceSeconds seconds summed over devices, above 0
     * @param peak dense peak rate of one device in the number format used
     * @param utilisation the share of it that was used
     */
    public static Estimate of(double deviceSeconds, FlopRate peak, Utilisation utilisation) {
        BigDecimal figure = product(deviceSeconds, peak, utilisation.value());
        boolean executed = utilisation.kind().includesRecomputation();
        FlopCount best = round(figure);
        FlopCount low = executed ? round(figure.multiply(THREE_QUARTERS)) : best;
        List<String> unknown = new ArrayList<>();
        if (executed) {
            unknown.add("how much was recomputed: the lower bound allows for a quarter");
        }
        return new Estimate(
                new FlopBounds(low, best, best),
                CountingMethod.HARDWARE,
                utilisation.kind().name(),
                unknown);
    }

    /**
     * Returns the estimate for a utilisation that is only assumed to lie in a range.
     *
     * @param deviceSeconds seconds summed over devices, above 0
     * @param peak dense peak rate of one device in the number format used
     * @param least lower end of the range
     * @param best the value to quote
     * @param most upper end of the range
     */
    public static Estimate assuming(
            double deviceSeconds, FlopRate peak, Utilisation least, Utilisation best, Utilisation most) {
        var bounds = new FlopBounds(
                round(product(deviceSeconds, peak, least.value())),
                round(product(deviceSeconds, peak, best.value())),
                round(product(deviceSeconds, peak, most.value())));
        return new Estimate(
                bounds,
                CountingMethod.HARDWARE,
                best.kind().name(),
                List.of("utilisation is assumed, from " + least.value() + " to " + most.value()));
    }

    private static BigDecimal product(double deviceSeconds, FlopRate peak, double utilisation) {
        if (!(deviceSeconds > 0) || Double.isInfinite(deviceSeconds)) {
            throw new IllegalArgumentException("device-seconds is " + deviceSeconds + ", must be finite and above 0");
        }
        return BigDecimal.valueOf(deviceSeconds)
                .multiply(BigDecimal.valueOf(peak.flopPerSecond()))
                .multiply(BigDecimal.valueOf(utilisation));
    }

    private static FlopCount round(BigDecimal flop) {
        BigInteger whole = flop.setScale(0, RoundingMode.HALF_UP).toBigInteger();
        return FlopCount.of(whole);
    }

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
                throw new IllegalArgumentException(
                        "utilisation is the NVML busy share, must be MFU, HFU or tensor active:"
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
}
