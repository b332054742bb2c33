package org.flopledger.estimation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.estimation.Estimate.Utilisation;
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
final class HardwareEstimate {

    private static final BigDecimal THREE_QUARTERS = new BigDecimal("0.75");

    private HardwareEstimate() {}

    /** Returns the estimate for a measured utilisation, see {@link Estimate#ofHardware}. */
    static Estimate of(double deviceSeconds, FlopRate peak, Utilisation utilisation) {
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

    /** Returns the estimate for an assumed utilisation, see {@link Estimate#assumingUtilisation}. */
    static Estimate assuming(
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
}
