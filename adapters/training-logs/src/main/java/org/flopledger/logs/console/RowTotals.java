package org.flopledger.logs.console;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.flopledger.logs.RunEvidence;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Sums over the rows of a log: their time, and what the trainer claims. Confined to one thread. */
final class RowTotals {

    private static final double MOST_FLOP = 1e34;
    private static final double MOST_SECONDS = 1e9;
    private static final long MILLIS = 1_000;

    private double seconds;
    private boolean everySecond = true;
    private double claimed;
    private boolean everyClaim = true;
    private long firstMicros = Stamps.NONE;
    private long lastMicros = Stamps.NONE;

    void see(StepRow row) {
        if (row.micros >= 0) {
            firstMicros = firstMicros == Stamps.NONE ? row.micros : Math.min(firstMicros, row.micros);
            lastMicros = Math.max(lastMicros, row.micros);
        }
    }

    void add(StepRow row, long steps) {
        if (row.seconds >= 0 && row.seconds < MOST_SECONDS) {
            seconds += row.seconds * steps;
        } else {
            everySecond = false;
        }
        if (isClaim(row.claimedFlop)) {
            claimed += row.claimedFlop * steps;
        } else {
            everyClaim = false;
        }
    }

    /** Returns what a row claims of each step, or null if it claims nothing that makes sense. */
    static @Nullable FlopCount claim(StepRow row) {
        return flop(row.claimedFlop);
    }

    private static boolean isClaim(double flop) {
        return flop >= 1 && flop < MOST_FLOP;
    }

    private static @Nullable FlopCount flop(double value) {
        if (!isClaim(value)) {
            return null;
        }
        BigInteger exact =
                new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
        return FlopCount.of(exact);
    }

    void tell(RunEvidence.Builder run) {
        if (everySecond && seconds > 0) {
            run.durationMillis(Math.round(seconds * MILLIS));
        }
        FlopCount claim = everyClaim ? flop(claimed) : null;
        if (claim != null) {
            run.reportedFlop(claim);
        }
        run.between(instant(firstMicros), instant(lastMicros));
    }

    private static @Nullable Instant instant(long micros) {
        return micros < 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
