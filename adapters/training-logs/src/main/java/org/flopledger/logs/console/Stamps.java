package org.flopledger.logs.console;

/**
 * Reads the time at which a line was written, such as {@code 2026-05-15 17:10:32.805179} or {@code 2023-04-18 03:36:02,682}. Consoles
 * do not say the zone; it is taken for UTC, which is right for durations. Stateless.
 */
public final class Stamps {

    /** No time. */
    public static final long NONE = -1;

    private static final int LENGTH = 19;
    private static final int LATEST = 160;
    private static final long MICROS = 1_000_000;
    private static final int DAY_SECONDS = 86_400;
    private static final int LAST_YEAR = 2200;
    /** Days from 0000-03-01 to 1970-01-01. */
    private static final int EPOCH = 719_468;

    private Stamps() {}

    /** Returns the first time in a line before a place, microseconds since 1970 UTC, or {@link #NONE}. */
    public static long before(ConsoleLine line, int place) {
        int last = Math.min(place, line.from() + LATEST) - LENGTH;
        for (int i = line.from(); i <= last; i++) {
            if (line.at(i) == '2' && line.at(i + 4) == '-' && line.at(i + 7) == '-' && line.at(i + 13) == ':') {
                return at(line, i);
            }
        }
        return NONE;
    }

    private static long at(ConsoleLine line, int i) {
        int year = number(line, i, 4);
        int month = number(line, i + 5, 2);
        int day = number(line, i + 8, 2);
        int hour = number(line, i + 11, 2);
        int minute = number(line, i + 14, 2);
        int second = number(line, i + 17, 2);
        boolean separated = line.at(i + 16) == ':' && (line.at(i + 10) == ' ' || line.at(i + 10) == 'T');
        boolean whole = (year | month | day | hour | minute | second) >= 0;
        boolean possible = year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24;
        if (!separated || !whole || !possible || minute > 59 || second > 60) {
            return NONE;
        }
        long seconds = days(year, month, day) * DAY_SECONDS + hour * 3600L + minute * 60L + second;
        return seconds * MICROS + fraction(line, i + LENGTH);
    }

    /** Days since 1970: the year begins in March, so that its leap day is its last (H. Hinnant, days_from_civil). */
    private static long days(int year, int month, int day) {
        int shifted = month > 2 ? year : year - 1;
        int century = shifted / 100;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return 365L * shifted + shifted / 4 - century + century / 4 + dayOfYear - EPOCH;
    }

    private static long fraction(ConsoleLine line, int at) {
        if (line.at(at) != '.' && line.at(at) != ',') {
            return 0;
        }
        long micros = 0;
        long unit = MICROS;
        for (int i = at + 1; unit > 1 && line.at(i) >= '0' && line.at(i) <= '9'; i++) {
            unit /= 10;
            micros += (line.at(i) - '0') * unit;
        }
        return micros;
    }

    private static int number(ConsoleLine line, int at, int digits) {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            byte next = line.at(i);
            if (next < '0' || next > '9') {
                return -1;
            }
            value = 10 * value + (next - '0');
        }
        return value;
    }
}
