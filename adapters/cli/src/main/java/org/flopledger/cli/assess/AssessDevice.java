package org.flopledger.cli.assess;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.flopledger.cli.options.Nearest;
import org.flopledger.cli.options.Quantity;
import org.flopledger.estimation.Accelerator;
import org.flopledger.estimation.AcceleratorTable;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;

/** States the figures of an accelerator as facts that rules about chips ask for. */
final class AssessDevice {

    private static final double FLOP_PER_PETA = 1e15;

    private AssessDevice() {}

    /**
     * Adds what the device table knows; what it does not know stays open.
     *
     * @throws IllegalArgumentException if the table has no such device, naming those it has
     */
    static void addTo(Facts.Builder facts, String typed) {
        Quantity.Devices devices = Quantity.Devices.parse(typed);
        String name = devices.name();
        AcceleratorTable table = AcceleratorTable.standard();
        Accelerator device = table.find(name).orElseThrow(() -> new IllegalArgumentException(notFound(table, name)));
        add(facts, FactName.CHIP_TPP, device.totalProcessingPerformance());
        add(facts, FactName.CHIP_DRAM_GB_PER_SECOND, device.memoryGigabytesPerSecond());
        if (devices.count() > 0) {
            BigDecimal peak = BigDecimal.valueOf(device.highestPeak().flopPerSecond());
            facts.amount(FactName.CLUSTER_PEAK_OP_PER_SECOND, peak.multiply(BigDecimal.valueOf(devices.count())));
        }
        add(facts, FactName.CHIP_PEAK_PFLOP_PER_SECOND, device.highestPeak().flopPerSecond() / FLOP_PER_PETA);
        device.performanceDensity().ifPresent(density -> add(facts, FactName.CHIP_PERFORMANCE_DENSITY, density));
        device.interconnectGigabytesPerSecond().ifPresent(rate -> add(facts, FactName.CHIP_IO_GB_PER_SECOND, rate));
        device.powerWatts().ifPresent(power -> add(facts, FactName.CHIP_TDP_WATT, power));
    }

    private static String notFound(AcceleratorTable table, String name) {
        List<String> all = table.accelerators().stream().map(Accelerator::id).toList();
        String beginning = name.strip().toLowerCase(Locale.ROOT).replace(' ', '-') + "-";
        // A family's name is not enough: its forms differ in what they can do.
        List<String> forms = all.stream().filter(id -> id.startsWith(beginning)).toList();
        return "device is '" + name + "'"
                + table.refusal(name).map(why -> ": " + why + "; must").orElse(", must")
                + " be one of " + String.join(", ", forms.isEmpty() ? all : forms)
                + (forms.isEmpty() ? Nearest.question(name, all) : "");
    }

    private static void add(Facts.Builder facts, FactName fact, double figure) {
        facts.amount(fact, BigDecimal.valueOf(figure));
    }
}
