package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;

/**
 * A FLOP figure with everything needed to judge it.
 *
 * <p>Immutable. Figures of different methods stand side by side and are never averaged.
 *
 * <p>Made from a described model, from parameters and tokens or from device time, by anyone who has no ledger. Thread-safe.
 *
 * @param bounds the least, the figure to quote, the most
 * @param method how it was obtained
 * @param convention what it counts, in a word such as {@code exact} or {@code 6nd}
 * @param unknown in words, what had to be assumed; empty if nothing
 */
public record Estimate(FlopBounds bounds, CountingMethod method, String convention, List<String> unknown) {

    private static final BigInteger SIX = BigInteger.valueOf(6);
    private static final String FROZEN_BASE = "4nd-frozen-base";
    private static final String NO_SCORES = "attention scores are left out";

    /** Copies what was unknown. */
    public Estimate {
        unknown = List.copyOf(unknown);
    }

    /** Returns the figure to quote. */
    public FlopCount value() {
        return bounds.best();
    }

    /**
     * Returns 6 N D, the classic figure of a dense model trained on D tokens, forward 2 and backward 4 for each parameter.
     *
     * <p>Worked number: 6 x 3.8e9 x 3.3e12 = 7.524e22 (European Commission, guidelines on general-purpose models, annex
     * A.3). Attention scores are left out.
     *
     * @param parameters N, at least 1
     * @param tokens D over all epochs, at least 1
     */
    public static Estimate ofParameters(long parameters, long tokens) {
        return ofParameters(parameters, parameters, tokens);
    }

    /**
     * Returns 6 N D of a model whose architecture is not known, as bounds from 6 x active to 6 x total parameters.
     *
     * <p>The best figure is that of the active parameters. Equal numbers mean that the model is known to be dense.
     *
     * @param active parameters that one token meets, from 1 to {@code total}
     * @param total all parameters
     * @param tokens D over all epochs, at least 1
     */
    public static Estimate ofParameters(long active, long total, long tokens) {
        require("active parameters", active, 1);
        require("tokens", tokens, 1);
        require("total parameters", total, active);
        FlopCount low = sixTimes(active, tokens);
        return new Estimate(
                new FlopBounds(low, low, sixTimes(total, tokens)),
                CountingMethod.PARAMETER_TOKEN,
                Convention.SIX_ND.id(),
                active == total
                        ? List.of(NO_SCORES)
                        : List.of(
                                NO_SCORES,
                                "architecture is not known: bounds are 6 x active and 6 x total parameters"));
    }

    /**
     * Returns 6 N D of a model whose parameters are counted. Where a part is frozen it needs no weight gradients: 4 N D, and
     * 2 D for each trained parameter.
     *
     * @param parameters counts of the model, active and trainable ones among them
     * @param tokens D over all epochs, at least 1
     * @throws ArithmeticException if the figure is 2^127 FLOP or more
     */
    public static Estimate ofParameters(ParameterCount parameters, long tokens) {
        if (parameters.trainable() == parameters.total()) {
            return ofParameters(parameters.active(), parameters.total(), tokens);
        }
        require("tokens", tokens, 1);
        BigInteger each = ParameterFormula.eachToken(parameters, TrainingSetting.Pass.TRAINING);
        return new Estimate(
                FlopBounds.exactly(FlopCount.of(each.multiply(BigInteger.valueOf(tokens)))),
                CountingMethod.PARAMETER_TOKEN,
                FROZEN_BASE,
                List.of(NO_SCORES));
    }

    /**
     * Returns device-seconds x peak rate x a measured utilisation.
     *
     * <p>Worked number: 200 000 device-hours at 300e12 FLOP/s and half of it used are 1.08e23 FLOP (European Commission,
     * guidelines on general-purpose models, annex A.3).
     *
     * <p>Where the utilisation includes recomputation the figure is executed FLOP; the lower bound then allows for complete
     * recomputation, a quarter of it.
     *
     * @param deviceSeconds seconds summed over devices, above 0
     * @param peak dense peak rate of one device in the number format used
     * @param utilisation the share of it that was used
     */
    public static Estimate ofHardware(double deviceSeconds, FlopRate peak, Utilisation utilisation) {
        return HardwareEstimate.of(deviceSeconds, peak, utilisation);
    }

    /**
     * Returns device-seconds x peak rate x a utilisation that is only assumed to lie in a range.
     *
     * @param deviceSeconds seconds summed over devices, above 0
     * @param peak dense peak rate of one device in the number format used
     * @param least lower end of the range
     * @param best the value to quote
     * @param most upper end of the range
     */
    public static Estimate assumingUtilisation(
            double deviceSeconds, FlopRate peak, Utilisation least, Utilisation best, Utilisation most) {
        return HardwareEstimate.assuming(deviceSeconds, peak, least, best, most);
    }

    private static FlopCount sixTimes(long parameters, long tokens) {
        return FlopCount.of(SIX.multiply(BigInteger.valueOf(parameters)).multiply(BigInteger.valueOf(tokens)));
    }

    private static void require(String field, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(field + " is " + value + ", must be >= " + least);
        }
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
