package org.flopledger.logs.hardware;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.hardware.DeviceSamples.Quantity;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Counters of NVIDIA's DCGM exporter in Prometheus' text form: {@code name{labels} value [milliseconds]}, one scrape or many behind
 * each other. Only labels that tell devices apart are looked at; none is kept.
 */
public final class PrometheusSource extends HardwareSource {

    private static final byte[] MARKER = Bytes.ascii("DCGM_FI_");
    private static final int LONGEST_LINE = 1 << 13;
    /** DCGM writes numbers near 2^63 and 2^31 for what it does not know. */
    private static final double BLANK = 9e18;

    private static final double BLANK_INT = 2_147_483_632.0;
    private static final double MILLI = 1e-3;
    private static final double MEGA = 1e6;

    private static final Map<String, Quantity> QUANTITIES = Map.of(
            "DCGM_FI_DEV_POWER_USAGE", Quantity.POWER,
            "DCGM_FI_DEV_GPU_UTIL", Quantity.BUSY,
            "DCGM_FI_DEV_MEM_COPY_UTIL", Quantity.MEMORY_BUSY,
            "DCGM_FI_PROF_GR_ENGINE_ACTIVE", Quantity.ENGINE_ACTIVE,
            "DCGM_FI_PROF_SM_ACTIVE", Quantity.MULTIPROCESSOR_ACTIVE,
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", Quantity.TENSOR_ACTIVE,
            "DCGM_FI_PROF_DRAM_ACTIVE", Quantity.MEMORY_ACTIVE,
            "DCGM_FI_DEV_SM_CLOCK", Quantity.CLOCK);
    private static final String ENERGY = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public PrometheusSource() {
        super("dcgm");
    }

    @Override
    public Recognition recognise(LogHead head) {
        // A list of counters to watch names them too; only a scrape has labels in braces.
        return head.isText()
                        && head.contains(MARKER)
                        && head.text().contains("{")
                        && head.text().contains("} ")
                ? Recognition.LIKELY
                : Recognition.NO;
    }

    @Override
    public @Nullable Told read(LogFile file) throws IOException {
        var samples = new DeviceSamples();
        var clock = new Clock();
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            while (lines.next()) {
                if (lines.isTooLong() || lines.to() - lines.from() > LONGEST_LINE) {
                    file.reject(RejectionReason.LINE_TOO_LONG, lines.number());
                } else if (Bytes.startsWith(lines.bytes(), lines.from(), lines.to(), MARKER)) {
                    String line =
                            new String(lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
                    if (!line(line, samples, clock)) {
                        file.reject(RejectionReason.MALFORMED_RECORD, lines.number());
                    }
                }
            }
        }
        return samples.isEmpty() ? null : told(samples, clock);
    }

    private static boolean line(String line, DeviceSamples samples, Clock clock) {
        int brace = line.indexOf('{');
        int close = closing(line, brace);
        if (brace < 0 || close < 0) {
            return false;
        }
        String name = line.substring(0, brace).strip();
        Quantity quantity = QUANTITIES.get(name);
        if (quantity == null && !name.equals(ENERGY)) {
            return true;
        }
        String rest = line.substring(close + 1).strip();
        int gap = rest.indexOf(' ');
        double value = number(gap < 0 ? rest : rest.substring(0, gap));
        if (Double.isNaN(value)) {
            return false;
        }
        long micros = gap < 0 ? Cells.NO_TIME : millis(rest.substring(gap).strip());
        if (value >= BLANK || value == BLANK_INT) {
            return true;
        }
        clock.see(micros, true);
        DeviceSamples.Sample sample = samples.sample(device(line.substring(brace + 1, close)), micros);
        if (sample != null) {
            put(sample, quantity, value);
        }
        return true;
    }

    private static void put(DeviceSamples.Sample sample, @Nullable Quantity quantity, double value) {
        if (quantity == null) {
            sample.putEnergyCounter(value * MILLI);
            return;
        }
        switch (quantity) {
            case BUSY, MEMORY_BUSY -> sample.put(quantity, value / 100);
            case CLOCK -> sample.put(quantity, value * MEGA);
            // Documented as ratios; some exporters multiply by 100, and a ratio is never above 1.
            case ENGINE_ACTIVE, MULTIPROCESSOR_ACTIVE, TENSOR_ACTIVE, MEMORY_ACTIVE ->
                sample.put(quantity, value > 1 ? value / 100 : value);
            default -> sample.put(quantity, value);
        }
    }

    /** Returns where the labels end: a closing brace outside of quotes; -1 if nowhere. */
    private static int closing(String line, int brace) {
        boolean quoted = false;
        for (int i = Math.max(0, brace); i < line.length(); i++) {
            char next = line.charAt(i);
            if (next == '\\' && quoted) {
                i++;
            } else if (next == '"') {
                quoted = !quoted;
            } else if (next == '}' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /** Returns what tells the device from others: its identity, else number and host; with the part of a shared device. */
    private static String device(String labels) {
        String uuid = label(labels, "UUID");
        String part = label(labels, "GPU_I_ID");
        return uuid.isEmpty() ? label(labels, "gpu") + "@" + label(labels, "Hostname") + "#" + part : uuid + "#" + part;
    }

    private static String label(String labels, String name) {
        String wanted = name + "=\"";
        int at = labels.startsWith(wanted) ? 0 : labels.indexOf("," + wanted);
        at = at < 0 ? labels.indexOf(", " + wanted) : at;
        if (at < 0) {
            return "";
        }
        int from = labels.indexOf('"', at) + 1;
        int to = labels.indexOf('"', from);
        return to < 0 ? "" : labels.substring(from, to);
    }

    private static double number(String text) {
        try {
            return text.length() > 64 ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static long millis(String text) {
        return text.matches("\\d{1,13}") ? Long.parseLong(text) * 1_000 : Cells.NO_TIME;
    }
}
