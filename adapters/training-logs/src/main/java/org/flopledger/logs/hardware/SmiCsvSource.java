package org.flopledger.logs.hardware;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.hardware.DeviceSamples.Quantity;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.table.TableReader;
import org.jspecify.annotations.Nullable;

/**
 * Samples that {@code nvidia-smi --query-gpu=... --format=csv} prints: units in the head or in the cells, any columns, with or without
 * a head, UTF-8 or, behind a redirection of PowerShell, UTF-16. Times are local, of a zone that nobody says.
 */
public final class SmiCsvSource extends HardwareSource {

    private static final List<String> NAMES = List.of(
            "power.draw",
            "utilization.gpu",
            "utilization.memory",
            "memory.used",
            "memory.total",
            "temperature.gpu",
            "clocks.");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public SmiCsvSource() {
        super("nvidia-smi");
    }

    /** What a column holds. */
    private enum Field {
        TIME,
        DEVICE,
        POWER,
        BUSY,
        MEMORY_BUSY,
        CLOCK,
        NONE
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (head.kind() != FileHead.Kind.TEXT && head.kind() != FileHead.Kind.UTF_16) {
            return Recognition.NO;
        }
        String first = TableReader.firstLine(head);
        if (first.length() > 2_000 || first.indexOf(',') < 0) {
            return Recognition.NO;
        }
        List<String> cells = TableReader.firstRow(head);
        if (isHead(cells)) {
            return Recognition.CERTAIN;
        }
        boolean measured = cells.stream().anyMatch(cell -> Cells.hasUnit(cell, "W") || Cells.hasUnit(cell, "%"));
        return Cells.isTime(cells.get(0)) && measured ? Recognition.LIKELY : Recognition.NO;
    }

    private static boolean isHead(List<String> cells) {
        return cells.stream()
                .anyMatch(cell -> NAMES.stream()
                        .anyMatch(name -> cell.toLowerCase(Locale.ROOT).startsWith(name)));
    }

    @Override
    public @Nullable Told read(LogFile file) throws IOException {
        var samples = new DeviceSamples();
        var clock = new Clock();
        samples.inPercent();
        try (InputStream stream = file.open()) {
            var rows = new TableReader(stream, TableReader.charset(file.head()), ',');
            List<Field> fields = null;
            while (rows.next()) {
                List<String> cells = rows.cells();
                if (isHead(cells)) {
                    fields = named(cells);
                } else if (rows.isTooLong()) {
                    file.reject(RejectionReason.LINE_TOO_LONG, rows.line());
                } else {
                    fields = fields == null ? guessed(cells) : fields;
                    if (cells.size() != fields.size()) {
                        file.reject(RejectionReason.UNEVEN_ROW, rows.line());
                    } else if (!sample(fields, cells, samples, clock)) {
                        file.reject(RejectionReason.MALFORMED_RECORD, rows.line());
                    }
                }
            }
        }
        if (samples.isEmpty()) {
            file.refuse(RejectionReason.NO_RUN);
            return null;
        }
        return told(samples, clock);
    }

    private static List<Field> named(List<String> cells) {
        var fields = new ArrayList<Field>();
        for (String cell : cells) {
            String name = cell.toLowerCase(Locale.ROOT).replaceAll("\\s*\\[.*", "");
            fields.add(
                    switch (name) {
                        case "timestamp" -> Field.TIME;
                        case "uuid", "gpu_uuid", "index", "gpu_bus_id", "pci.bus_id", "gpu_serial", "serial" ->
                            fields.contains(Field.DEVICE) ? Field.NONE : Field.DEVICE;
                        case "power.draw", "power.draw.average" ->
                            fields.contains(Field.POWER) ? Field.NONE : Field.POWER;
                        case "utilization.gpu" -> Field.BUSY;
                        case "utilization.memory" -> Field.MEMORY_BUSY;
                        case "clocks.sm", "clocks.current.sm" -> Field.CLOCK;
                        default -> Field.NONE;
                    });
        }
        return fields;
    }

    /** Without a head only units tell: of two percentages the first is that of the device, as in every example of the manual. */
    private static List<Field> guessed(List<String> cells) {
        var fields = new ArrayList<Field>();
        for (String cell : cells) {
            if (Cells.isTime(cell)) {
                fields.add(Field.TIME);
            } else if (cell.startsWith("GPU-")) {
                fields.add(Field.DEVICE);
            } else if (Cells.hasUnit(cell, "W") && !fields.contains(Field.POWER)) {
                fields.add(Field.POWER);
            } else if (Cells.hasUnit(cell, "%")) {
                fields.add(
                        !fields.contains(Field.BUSY)
                                ? Field.BUSY
                                : fields.contains(Field.MEMORY_BUSY) ? Field.NONE : Field.MEMORY_BUSY);
            } else {
                fields.add(Field.NONE);
            }
        }
        return fields;
    }

    private static boolean sample(List<Field> fields, List<String> cells, DeviceSamples samples, Clock clock) {
        int time = fields.indexOf(Field.TIME);
        int device = fields.indexOf(Field.DEVICE);
        long micros = time < 0 ? Cells.NO_TIME : Cells.micros(cells.get(time));
        if (time >= 0 && micros == Cells.NO_TIME) {
            return false;
        }
        clock.see(micros, time >= 0 && Cells.hasZone(cells.get(time)));
        DeviceSamples.Sample sample = samples.sample(device < 0 ? "" : cells.get(device), micros);
        if (sample == null) {
            return true;
        }
        for (int i = 0; i < fields.size(); i++) {
            Quantity quantity = quantity(fields.get(i));
            if (quantity != null) {
                sample.put(quantity, Cells.quantity(cells.get(i)));
            }
        }
        return true;
    }

    private static @Nullable Quantity quantity(Field field) {
        return switch (field) {
            case POWER -> Quantity.POWER;
            case BUSY -> Quantity.BUSY;
            case MEMORY_BUSY -> Quantity.MEMORY_BUSY;
            case CLOCK -> Quantity.CLOCK;
            default -> null;
        };
    }
}
