package org.flopledger.logs.mlflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.scan.LineReader;

/** The points of one metric: time, value and step of each line. Lines of old versions have no step. Confined to one thread. */
final class MetricPoints {

    private static final int MOST_POINTS = 2_000_000;
    private static final int LONGEST_LINE = 256;
    private static final Pattern LINE = Pattern.compile("(-?\\d{1,18}) (\\S{1,64})(?: (-?\\d{1,18}))?");

    private long[] millis = new long[16];
    private double[] values = new double[16];
    private long[] steps = new long[16];
    private int size;

    private MetricPoints() {}

    /** Reads a file; lines of another form are counted as rejections. */
    static MetricPoints read(LogFile file) throws IOException {
        var points = new MetricPoints();
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            while (lines.next()) {
                int length = lines.to() - lines.from();
                if (length == 0 && !lines.isTooLong()) {
                    continue;
                }
                boolean read = !lines.isTooLong()
                        && length <= LONGEST_LINE
                        && points.add(new String(lines.bytes(), lines.from(), length, StandardCharsets.ISO_8859_1));
                if (!read) {
                    file.reject(RejectionReason.MALFORMED_RECORD, lines.number());
                } else if (points.size == MOST_POINTS) {
                    file.reject(RejectionReason.HISTORY_TOO_LONG, lines.number());
                    break;
                }
            }
        }
        return points;
    }

    private boolean add(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            return false;
        }
        double value;
        try {
            value = Double.parseDouble(matcher.group(2));
        } catch (NumberFormatException e) {
            return false;
        }
        if (size == millis.length) {
            millis = Arrays.copyOf(millis, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            steps = Arrays.copyOf(steps, 2 * size);
        }
        millis[size] = Long.parseLong(matcher.group(1));
        values[size] = value;
        steps[size] = matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3));
        size++;
        return true;
    }

    int size() {
        return size;
    }

    long millis(int i) {
        return millis[i];
    }

    double value(int i) {
        return values[i];
    }

    long step(int i) {
        return steps[i];
    }

    /** Returns whether every point has step 0, as where the caller named none. */
    boolean namesNoStep() {
        for (int i = 0; i < size; i++) {
            if (steps[i] != 0) {
                return false;
            }
        }
        return size > 1;
    }
}
