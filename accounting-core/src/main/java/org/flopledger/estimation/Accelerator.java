package org.flopledger.estimation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;

/**
 * One variant of an accelerator, as its maker's data sheet gives it. Immutable.
 *
 * @param id short name, such as {@code h100-sxm}
 * @param name name for people
 * @param densePeaks peak rates without structured sparsity, by number format; matrix units where there are any
 * @param memoryGigabytes memory in 10<sup>9</sup> bytes
 * @param memoryGigabytesPerSecond bandwidth of that memory
 * @param powerWatts design power; empty where it is not published
 * @param interconnectGigabytesPerSecond bandwidth to other accelerators, both directions together; empty where there is none
 *     or it is not published
 * @param dieSquareMillimetres area of the logic dies together; empty where it is not published
 * @param aliases other spellings, such as those of MLPerf system files and of NVML
 * @param source where the figures come from
 */
public record Accelerator(
        String id,
        String name,
        Map<NumericFormat, FlopRate> densePeaks,
        double memoryGigabytes,
        double memoryGigabytesPerSecond,
        OptionalDouble powerWatts,
        OptionalDouble interconnectGigabytesPerSecond,
        OptionalDouble dieSquareMillimetres,
        List<String> aliases,
        String source) {

    /** Copies the collections. */
    public Accelerator {
        densePeaks = Map.copyOf(densePeaks);
        aliases = List.copyOf(aliases);
    }

    /** Returns the dense peak rate in a format, or empty if the device has no unit for it. */
    public Optional<FlopRate> densePeak(NumericFormat format) {
        return Optional.ofNullable(densePeaks.get(format));
    }

    /** Returns the highest dense peak rate of any format: no run on this device can be faster. */
    public FlopRate highestPeak() {
        return densePeaks.values().stream().max(FlopRate::compareTo).orElseThrow();
    }

    /**
     * Returns the total processing performance, TPP: 2 x MacTOPS x bit length, the largest over the formats (US export
     * controls, ECCN 3A090).
     *
     * <p>A peak in 10<sup>12</sup> FLOP/s already counts two operations for a multiply-add. Worked number: 1979 at 8 bits
     * are 15 832.
     */
    public double totalProcessingPerformance() {
        return densePeaks.entrySet().stream()
                .mapToDouble(entry -> entry.getValue().toTera() * entry.getKey().bits())
                .max()
                .orElseThrow();
    }

    /** Returns TPP for each square millimetre of die, or empty where the area is not known. */
    public OptionalDouble performanceDensity() {
        return dieSquareMillimetres.isPresent()
                ? OptionalDouble.of(totalProcessingPerformance() / dieSquareMillimetres.getAsDouble())
                : OptionalDouble.empty();
    }
}
