package org.flopledger.logs.hardware;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedEvidence.Figure;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.table.TableReader;
import org.jspecify.annotations.Nullable;

/**
 * {@code emissions.csv} of CodeCarbon, of any version: a row a measurement, energy in kWh, times without a zone. Rows with one
 * {@code run_id} are one measurement that went on: the last stands for all. Places and machines are not looked at.
 */
public final class CodeCarbonSource extends HardwareSource {

    private static final BigDecimal JOULES_PER_KWH = new BigDecimal("3.6e6");
    private static final int MOST_RUNS = 1_000_000;
    private static final MathContext DIGITS = MathContext.DECIMAL64;

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public CodeCarbonSource() {
        super("codecarbon");
    }

    /** One measurement, with how far it came. */
    private record Measured(double seconds, double energy, double deviceEnergy, double devices) {}

    @Override
    public Recognition recognise(LogHead head) {
        if (head.kind() != FileHead.Kind.TEXT) {
            return Recognition.NO;
        }
        List<String> names = TableReader.firstRow(head);
        return names.contains("emissions") && names.contains("energy_consumed") && names.contains("duration")
                ? Recognition.CERTAIN
                : Recognition.NO;
    }

    /** How many rows were taken. */
    private static final class Rows {
        private long count;
    }

    @Override
    public @Nullable Told read(LogFile file) throws IOException {
        Map<String, Measured> measured = new LinkedHashMap<>();
        var rowCount = new Rows();
        boolean isTable = HeadedRows.read(file, (names, cells) -> {
            Measured row = row(names, cells);
            if (row == null || measured.size() == MOST_RUNS) {
                return false;
            }
            rowCount.count++;
            String id = cell(names, cells, "run_id");
            measured.merge(
                    id.isEmpty() ? "row " + rowCount.count : id,
                    row,
                    (one, other) -> one.seconds() > other.seconds() ? one : other);
            return true;
        });
        if (!isTable) {
            return null;
        }
        if (measured.isEmpty()) {
            file.refuse(RejectionReason.NO_RUN);
            return null;
        }
        return new Told(figures(measured, rowCount.count), warnings(rowCount.count), null, null);
    }

    private static @Nullable Measured row(List<String> names, List<String> cells) {
        double seconds = number(names, cells, "duration");
        double energy = number(names, cells, "energy_consumed");
        if (!(seconds >= 0) || !(energy >= 0)) {
            return null;
        }
        return new Measured(seconds, energy, number(names, cells, "gpu_energy"), number(names, cells, "gpu_count"));
    }

    private static String cell(List<String> names, List<String> cells, String name) {
        int at = names.indexOf(name);
        return at < 0 ? "" : cells.get(at);
    }

    private static double number(List<String> names, List<String> cells, String name) {
        double value = Cells.quantity(cell(names, cells, name));
        return value >= 0 && !Double.isInfinite(value) ? value : Double.NaN;
    }

    private static List<Figure> figures(Map<String, Measured> measured, long rows) {
        double seconds = 0;
        double energy = 0;
        double deviceEnergy = 0;
        double deviceSeconds = 0;
        boolean allDevices = true;
        for (Measured one : measured.values()) {
            seconds += one.seconds();
            energy += one.energy();
            deviceEnergy += Double.isNaN(one.deviceEnergy()) ? 0 : one.deviceEnergy();
            allDevices &= !Double.isNaN(one.devices());
            deviceSeconds += one.seconds() * one.devices();
        }
        var figures = new ArrayList<Figure>();
        figures.add(new Figure("rows", "1", BigDecimal.valueOf(rows)));
        figures.add(new Figure("measurements", "1", BigDecimal.valueOf(measured.size())));
        figures.add(new Figure("duration", "s", new BigDecimal(seconds, DIGITS)));
        figures.add(new Figure("energy", "J", joules(energy)));
        if (deviceEnergy > 0) {
            figures.add(new Figure("device-energy", "J", joules(deviceEnergy)));
        }
        if (allDevices) {
            figures.add(new Figure("device-seconds", "s", new BigDecimal(deviceSeconds, DIGITS)));
        }
        return figures;
    }

    private static BigDecimal joules(double kilowattHours) {
        return new BigDecimal(kilowattHours).multiply(JOULES_PER_KWH, DIGITS);
    }

    private static List<LogWarning> warnings(long rows) {
        var warnings = new ArrayList<LogWarning>();
        warnings.add(new LogWarning(
                LogWarning.Code.ZONE_UNKNOWN,
                "the times have no zone, so they cannot be set beside those of a run; durations are exact"));
        warnings.add(new LogWarning(
                LogWarning.Code.WHOLE_MACHINE,
                "each process may have measured the whole machine, so " + rows
                        + " rows may tell the same energy several times"));
        return warnings;
    }
}
