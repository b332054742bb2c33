package org.flopledger.logs.hardware;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads cells of tables of hardware: numbers with units, times, durations. Stateless. */
final class Cells {

    /** A cell that holds no value. */
    static final long NO_TIME = Long.MIN_VALUE;

    private static final Pattern QUANTITY =
            Pattern.compile("(-?\\d{1,20}(?:\\.\\d{0,30})?(?:[eE][-+]?\\d{1,3})?)\\s*([A-Za-z%]{0,8})");
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4})[-/](\\d{2})[-/](\\d{2})[ T](\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,9}))?(Z|[-+]\\d{2}:?\\d{2})?");
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,6})-)?(?:(\\d{1,6}):)?(\\d{1,2}):(\\d{1,2})(?:\\.\\d+)?");

    private Cells() {}

    /** Returns the number of a cell in its base unit (W, Hz, B, and the percent as they are); NaN if it holds none. */
    static double quantity(String cell) {
        Matcher matcher = QUANTITY.matcher(cell.strip());
        if (!matcher.matches()) {
            return Double.NaN;
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "", "W", "%", "C", "J", "Hz" -> value;
            case "mW" -> value / 1e3;
            case "kW" -> value * 1e3;
            case "MHz" -> value * 1e6;
            case "MiB" -> value * (1 << 20);
            case "GiB" -> value * (1 << 30);
            default -> Double.NaN;
        };
    }

    /** Returns whether a cell holds a number with a unit. */
    static boolean hasUnit(String cell, String unit) {
        Matcher matcher = QUANTITY.matcher(cell.strip());
        return matcher.matches() && matcher.group(2).equals(unit);
    }

    /** Returns whether a cell is a time of day of a date. */
    static boolean isTime(String cell) {
        return TIME.matcher(cell.strip()).matches();
    }

    /** Returns whether a time has a zone. */
    static boolean hasZone(String cell) {
        Matcher matcher = TIME.matcher(cell.strip());
        return matcher.matches() && matcher.group(8) != null;
    }

    /** Returns microseconds since 1970, in the zone of the cell or, where it has none, as if it were UTC; NO_TIME if it is none. */
    static long micros(String cell) {
        Matcher matcher = TIME.matcher(cell.strip());
        if (!matcher.matches()) {
            return NO_TIME;
        }
        try {
            String plain = matcher.group(1) + "-" + matcher.group(2) + "-" + matcher.group(3) + "T" + matcher.group(4)
                    + ":" + matcher.group(5) + ":" + matcher.group(6)
                    + (matcher.group(7) == null ? "" : "." + matcher.group(7));
            String zone = matcher.group(8);
            var instant = zone == null
                    ? LocalDateTime.parse(plain).toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(plain
                                    + (zone.length() == 5 ? zone.substring(0, 3) + ":" + zone.substring(3) : zone))
                            .toInstant();
            return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
        } catch (DateTimeException e) {
            return NO_TIME;
        }
    }

    /** Returns the seconds of a duration {@code [days-]hours:minutes:seconds} or {@code minutes:seconds}; -1 if it is none. */
    static long seconds(String cell) {
        Matcher matcher = DURATION.matcher(cell.strip());
        if (!matcher.matches()) {
            return -1;
        }
        return whole(matcher.group(1)) * 86_400
                + whole(matcher.group(2)) * 3_600
                + whole(matcher.group(3)) * 60
                + whole(matcher.group(4));
    }

    private static long whole(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
