package org.flopledger.logs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.stream.Stream;
import org.flopledger.estimation.Accelerator;
import org.flopledger.estimation.AcceleratorTable;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;
import org.jspecify.annotations.Nullable;

/**
 * Device-seconds of a run, and what the devices could have done in them at most.
 *
 * @param devices how many
 * @param millis how long each
 * @param accelerator what they are
 */
record DeviceTime(long devices, long millis, Accelerator accelerator) {

    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
    private static final int SHARE_DIGITS = 4;

    /** Returns the device time of a run, or null if count, kind or duration is not known. */
    static @Nullable DeviceTime of(LoggedRun run) {
        Devices devices = run.devices();
        Long millis = run.timing().durationMillis();
        if (devices == null || devices.model() == null || millis == null || millis == 0) {
            return null;
        }
        Optional<Accelerator> known = AcceleratorTable.standard().find(devices.model());
        return known.map(accelerator -> new DeviceTime(devices.count(), millis, accelerator))
                .orElse(null);
    }

    /** Returns the FLOP of every device at its highest dense peak in any format for the whole time. */
    FlopCount ceiling() {
        return FlopCount.of(atPeak(accelerator.highestPeak()));
    }

    /**
     * Returns model FLOP over the FLOP at the dense peak of bfloat16, the usual denominator (PaLM, arXiv 2204.02311, appendix
     * B), or of float16 or any format where a device has none.
     */
    BigDecimal utilization(FlopCount model) {
        FlopRate peak = Stream.of(NumericFormat.BF16, NumericFormat.FP16)
                .flatMap(format -> accelerator.densePeak(format).stream())
                .findFirst()
                .orElseGet(accelerator::highestPeak);
        return of(model, peak);
    }

    /**
     * Returns the share of the peak between that of the narrowest format the devices multiply and that of 16 bits, where nothing says
     * in which format a run multiplied; a share above the whole of the 16-bit peak shows a narrower one, so it ends at 1.
     *
     * @param least the least that the model's operations were
     * @param most the most
     */
    PeakShare share(FlopCount least, FlopCount most) {
        Accelerator.PeakRange peaks = accelerator.peakRange();
        BigDecimal low = of(least, peaks.high());
        BigDecimal high = of(most, peaks.low()).min(BigDecimal.ONE.setScale(SHARE_DIGITS));
        return new PeakShare(low.min(high), high);
    }

    private BigDecimal of(FlopCount model, FlopRate peak) {
        return new BigDecimal(model.toBigInteger())
                .divide(new BigDecimal(atPeak(peak)), MathContext.DECIMAL64)
                .setScale(SHARE_DIGITS, RoundingMode.HALF_UP);
    }

    private BigInteger atPeak(FlopRate peak) {
        return BigDecimal.valueOf(peak.flopPerSecond())
                .multiply(BigDecimal.valueOf(devices))
                .multiply(BigDecimal.valueOf(millis))
                .divide(MILLIS, 0, RoundingMode.CEILING)
                .toBigInteger();
    }
}
