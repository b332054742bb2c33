package org.flopledger.estimation;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;

/**
 * One variant of an accelerator, as its maker's data sheet gives it. Immutable.
 *
 * <p>Found by name in an {@link AcceleratorTable}; whoever turns device time into FLOP takes a peak from it. Thread-safe.
 *
 * @param id short name, such as {@code h100-sxm}
 * @param name name for people
 * @param densePeaks peak rates without structured sparsity, by number format; matrix units where there are any, accumulated
 *     in 32 bits where the rate depends on it, as it does on consumer cards
 * @param unreadFormats formats the device is known to have and for which no figure was read
 * @param memoryGigabytes memory in 10<sup>9</sup> bytes
 * @param memoryGigabytesPerSecond bandwidth of that memory
 * @param powerWatts design power; empty where it is not published
 * @param interconnectGigabytesPerSecond bandwidth to other accelerators, both directions together; empty where there is none
 *     or it is not published
 * @param dieSquareMillimetres area of the logic dies together; empty where it is not published
 * @param frameworkDevices the most devices that a framework counts for one of these: above 1 where every die, stack or core is a
 *     device to it, as on an MI250X to PyTorch or a TPU v7 to JAX; the peaks are those of the whole
 * @param aliases other spellings, such as those of MLPerf system files and of NVML
 * @param source where the figures come from
 */
public record Accelerator(
        String id,
        String name,
        Map<NumericFormat, FlopRate> densePeaks,
        Set<NumericFormat> unreadFormats,
        double memoryGigabytes,
        double memoryGigabytesPerSecond,
        OptionalDouble powerWatts,
        OptionalDouble interconnectGigabytesPerSecond,
        OptionalDouble dieSquareMillimetres,
        int frameworkDevices,
        List<String> aliases,
        String source) {

    /** Copies the collections; a device has a 16-bit peak, and no format is both read and unread. */
    public Accelerator {
        densePeaks = Map.copyOf(densePeaks);
        unreadFormats = Set.copyOf(unreadFormats);
        aliases = List.copyOf(aliases);
        if (!densePeaks.containsKey(NumericFormat.BF16) && !densePeaks.containsKey(NumericFormat.FP16)) {
            throw new IllegalArgumentException(
                    "densePeaks of " + id + " has no format of 16 bits, must name BF16 or FP16");
        }
        if (!Collections.disjoint(densePeaks.keySet(), unreadFormats)) {
            throw new IllegalArgumentException(
                    "unreadFormats of " + id + " is " + unreadFormats + ", must not name a format of densePeaks");
        }
    }

    /** Returns the dense peak rate in a format, or empty if the device has no unit for it. */
    public Optional<FlopRate> densePeak(NumericFormat format) {
        return Optional.ofNullable(densePeaks.get(format));
    }

    /**
     * Returns the peaks that a run may be set against whose format is known: both ends are that format's dense peak. Empty if
     * the device has no unit for the format, or its rate was not read.
     */
    public Optional<PeakRange> peakRange(NumericFormat format) {
        return densePeak(format).map(peak -> new PeakRange(format, peak, format, peak));
    }

    /**
     * Returns the peaks that a run may be set against whose format is not known: from the 16-bit peak to the highest of the narrower
     * floating-point formats. Integer formats are left out, since training multiplies floating-point numbers.
     *
     * <p>Worked numbers: 989 to 1979 TFLOP/s for an H100 SXM5, 312 to 312 for an A100, 2500 to 10 000 for a GB200.
     */
    public PeakRange peakRange() {
        NumericFormat sixteen = densePeaks.containsKey(NumericFormat.BF16) ? NumericFormat.BF16 : NumericFormat.FP16;
        NumericFormat narrowest = Stream.of(NumericFormat.FP4, NumericFormat.FP6, NumericFormat.FP8, sixteen)
                .filter(densePeaks::containsKey)
                .max(Comparator.comparingDouble(format -> peak(format).flopPerSecond()))
                .orElseThrow();
        return new PeakRange(sixteen, peak(sixteen), narrowest, peak(narrowest));
    }

    private FlopRate peak(NumericFormat format) {
        return densePeak(format).orElseThrow();
    }

    /**
     * Returns the highest dense peak rate of any format that was read: no run in one of them can be faster on this device.
     */
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

    /**
     * The dense peak rates that a run on a device may be set against. Immutable.
     *
     * <p>Both ends are one format where it is known in which the run multiplies. Otherwise the low end is the 16-bit rate, the
     * usual denominator, and the high end that of the narrowest floating-point format the device multiplies: a share of the peak
     * lies between the two.
     *
     * @param lowFormat format of the low end
     * @param low the lower peak
     * @param highFormat format of the high end
     * @param high the higher peak, at least {@code low}
     */
    public record PeakRange(NumericFormat lowFormat, FlopRate low, NumericFormat highFormat, FlopRate high) {

        /** Refuses a range whose ends are exchanged. */
        public PeakRange {
            if (low.compareTo(high) > 0) {
                throw new IllegalArgumentException("low is " + low + " in " + lowFormat + ", must not be above high, "
                        + high + " in " + highFormat);
            }
        }

        /** Returns whether the peak is one rate, known. */
        public boolean isPoint() {
            return low.equals(high);
        }
    }
}
