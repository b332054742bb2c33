package org.flopledger.logs.hardware;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedEvidence.Figure;
import org.jspecify.annotations.Nullable;

/**
 * Adds up samples of devices as they come, in memory that grows with the number of devices only.
 *
 * <p>Time counts between two samples of one device that are at most {@value #LONGEST_GAP_SECONDS} s apart: nobody knows what a
 * device did while it was not watched. Energy is that of a counter where there is one, else power held over that time. Confined to
 * one thread.
 */
final class DeviceSamples {

    /** Most seconds between two samples that are taken for one stretch. */
    static final long LONGEST_GAP_SECONDS = 600;
    /** Most devices that are told apart. */
    static final int MOST_DEVICES = 200_000;

    private static final double MICROS = 1e6;
    private static final MathContext DIGITS = MathContext.DECIMAL64;

    private final Map<String, Device> devices = new HashMap<>();
    private long samples;
    private boolean tooMany;
    private boolean unnamed;
    private boolean hasTimes;
    private boolean percentages;

    /** What is measured of a device. */
    enum Quantity {
        /** Electric power, W. */
        POWER("power", "W"),
        /** Share of the time in which any kernel ran. */
        BUSY("busy", "1"),
        /** Share of the time in which the memory was read or written. */
        MEMORY_BUSY("memory-busy", "1"),
        /** Share of the time in which the graphics or compute engine was active. */
        ENGINE_ACTIVE("engine-active", "1"),
        /** Share of the multiprocessors that had work. */
        MULTIPROCESSOR_ACTIVE("multiprocessor-active", "1"),
        /** Share of the time in which the tensor units were active. */
        TENSOR_ACTIVE("tensor-active", "1"),
        /** Share of the time in which the memory interface was active. */
        MEMORY_ACTIVE("memory-active", "1"),
        /** Clock of the multiprocessors, Hz. */
        CLOCK("clock", "Hz");

        private final String label;
        private final String unit;

        Quantity(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }

        boolean isShare() {
            return unit.equals("1");
        }
    }

    /** A mean and a maximum. */
    private static final class Moments {

        private long count;
        private double sum;
        private double most;

        void add(double value) {
            count++;
            sum += value;
            most = Math.max(most, value);
        }

        void add(Moments other) {
            count += other.count;
            sum += other.sum;
            most = Math.max(most, other.most);
        }
    }

    private static final class Device {

        private final Map<Quantity, Moments> moments = new EnumMap<>(Quantity.class);
        private long lastMicros = Long.MIN_VALUE;
        private double seconds;
        private double powerTime;
        private double lastPower = Double.NaN;
        private double energy = Double.NaN;
        private double counted;
        private long gaps;
    }

    /**
     * Begins a sample.
     *
     * @param device what tells the device from others; empty if nothing does
     * @param micros when it was taken, microseconds on any one clock; {@link Long#MIN_VALUE} if not known
     * @return the sample, or null if there are too many devices
     */
    @Nullable
    Sample sample(String device, long micros) {
        unnamed |= device.isEmpty();
        Device of = devices.get(device);
        if (of == null) {
            if (devices.size() == MOST_DEVICES) {
                tooMany = true;
                return null;
            }
            of = new Device();
            devices.put(device, of);
        }
        samples++;
        move(of, micros);
        return new Sample(of);
    }

    private void move(Device device, long micros) {
        if (micros == Long.MIN_VALUE) {
            return;
        }
        hasTimes = true;
        if (device.lastMicros != Long.MIN_VALUE && micros > device.lastMicros) {
            double seconds = (micros - device.lastMicros) / MICROS;
            if (seconds <= LONGEST_GAP_SECONDS) {
                device.seconds += seconds;
                if (!Double.isNaN(device.lastPower)) {
                    device.powerTime += device.lastPower * seconds;
                }
            } else {
                device.gaps++;
            }
        }
        if (micros > device.lastMicros) {
            device.lastMicros = micros;
        }
    }

    /** One sample of one device. */
    static final class Sample {

        private final Device device;

        private Sample(Device device) {
            this.device = device;
        }

        /** Takes a value in the unit of the quantity; what is negative or not finite is no value. */
        void put(Quantity quantity, double value) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                return;
            }
            device.moments.computeIfAbsent(quantity, key -> new Moments()).add(value);
            if (quantity == Quantity.POWER) {
                device.lastPower = value;
            }
        }

        /** Takes a counter of energy in joules; it begins again at 0 when the device does. */
        void putEnergyCounter(double joules) {
            if (!(joules >= 0) || Double.isInfinite(joules)) {
                return;
            }
            if (!Double.isNaN(device.energy)) {
                device.counted += joules >= device.energy ? joules - device.energy : joules;
            }
            device.energy = joules;
        }
    }

    /** Says that shares are given as percentages. */
    void inPercent() {
        percentages = true;
    }

    boolean isEmpty() {
        return samples == 0;
    }

    /** Returns what the samples tell. */
    List<Figure> figures() {
        var figures = new ArrayList<Figure>();
        figures.add(figure("samples", "1", (double) samples));
        if (!unnamed) {
            figures.add(figure("devices", "1", devices.size()));
        }
        if (hasTimes) {
            figures.add(figure("device-seconds", "s", sum(device -> device.seconds)));
            addEnergy(figures);
        }
        for (Quantity quantity : Quantity.values()) {
            addMoments(quantity, figures);
        }
        return figures;
    }

    private void addEnergy(List<Figure> figures) {
        boolean counters = devices.values().stream().anyMatch(device -> !Double.isNaN(device.energy));
        boolean powers = devices.values().stream().anyMatch(device -> !Double.isNaN(device.lastPower));
        if (counters) {
            figures.add(figure("energy", "J", sum(device -> device.counted)));
        } else if (powers) {
            figures.add(figure("energy", "J", sum(device -> device.powerTime)));
        }
    }

    private void addMoments(Quantity quantity, List<Figure> figures) {
        var all = new Moments();
        devices.values().stream()
                .map(device -> device.moments.get(quantity))
                .filter(moments -> moments != null)
                .forEach(all::add);
        if (all.count > 0) {
            double scale = quantity.isShare() && percentages ? 100 : 1;
            figures.add(figure(quantity.label + "-mean", quantity.unit, all.sum / all.count / scale));
            figures.add(figure(quantity.label + "-maximum", quantity.unit, all.most / scale));
        }
    }

    private double sum(ToDoubleFunction<Device> of) {
        // In the order of their names, so that rounding is the same every time.
        return devices.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .mapToDouble(entry -> of.applyAsDouble(entry.getValue()))
                .sum();
    }

    private static Figure figure(String name, String unit, double value) {
        return new Figure(name, unit, new BigDecimal(value, DIGITS));
    }

    /** Returns what to know about the figures. */
    List<LogWarning> warnings() {
        var warnings = new ArrayList<LogWarning>();
        long gaps = devices.values().stream().mapToLong(device -> device.gaps).sum();
        if (unnamed) {
            warnings.add(new LogWarning(
                    LogWarning.Code.DEVICES_NOT_NAMED,
                    "nothing tells one device from another, so rows of several are taken for one"));
        }
        if (gaps > 0) {
            warnings.add(new LogWarning(
                    LogWarning.Code.NOT_WATCHED,
                    gaps + " gaps above " + LONGEST_GAP_SECONDS
                            + " s are not counted: nobody knows what the devices did"));
        }
        if (tooMany) {
            warnings.add(new LogWarning(
                    LogWarning.Code.TOO_MANY_DEVICES,
                    "more than " + MOST_DEVICES + " devices; the rest is not counted"));
        }
        if (!hasTimes) {
            warnings.add(new LogWarning(
                    LogWarning.Code.NO_TIMES,
                    "the samples have no times, so neither device-seconds nor energy are known"));
        }
        return warnings;
    }
}
