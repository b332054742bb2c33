package org.flopledger.internal.cells;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.flopledger.internal.kernel.HotLanes;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a cell: what each of its 64-bit lanes holds, and how two cells combine lane by lane.
 *
 * <p>The eight hot lanes, which every row touches, are one cache line. Sums of integers keep 63 bits in a lane and the rest
 * in another (see {@code internal.kernel.ColumnKernel}); sums of reals, of reported FLOP and of generated tokens have three
 * lanes, least significant first. Every combination is commutative and associative, so a state does not depend on order.
 *
 * <p>Methods take arrays and places in them, because a cell is no object: it is places in the arrays of a {@link CellTable}.
 */
public final class Lanes {

    public static final int HOT = HotLanes.COUNT;
    public static final int ROWS = HotLanes.ROWS;
    public static final int TOKENS = HotLanes.TOKENS;
    public static final int SEQUENCES = HotLanes.SEQUENCES;
    public static final int SQUARED = HotLanes.SQUARED;
    public static final int PADDING = HotLanes.PADDING;
    public static final int PADDING_ROWS = HotLanes.PADDING_ROWS;
    public static final int FIRST_STEP = HotLanes.FIRST_STEP;
    public static final int LAST_STEP = HotLanes.LAST_STEP;

    public static final int STARTED_FIRST = 5;
    public static final int STARTED_LAST = 6;
    public static final int ENDED_FIRST = 7;
    public static final int ENDED_LAST = 8;
    public static final int DEVICES_LEAST = 9;
    public static final int DEVICES_MOST = 10;
    public static final int MOE_ROWS = 11;
    public static final int MOE_KNOWN = 12;

    // The units of 2^63 of the sum in hot lane n are cold lane n; cold lane 0 is unused.

    /** Each real sum is three lanes and the rows that had a value. */
    public static final int DEVICE_SECONDS = 13;

    public static final int UTILISED_SECONDS = 17;
    public static final int JOULES = 21;
    public static final int REPORTED = 25;

    /** Each parameter count is five lanes: least, most, rows, step of the latest, latest. */
    public static final int TOTAL_PARAMETERS = 29;

    public static final int ACTIVE_PARAMETERS = 34;
    public static final int TRAINABLE_PARAMETERS = 39;
    /** A sum of integers beside the figures: three lanes and the rows, as those above. */
    public static final int GENERATED_TOKENS = 44;

    public static final int COLD = 48;

    public static final int WIDE_ROWS = 3;
    public static final int PARAMETER_MOST = 1;
    public static final int PARAMETER_ROWS = 2;
    static final int PARAMETER_STEP = 3;
    public static final int PARAMETER_LATEST = 4;

    private static final int[] HOT_SUMS = {TOKENS, SEQUENCES, SQUARED, PADDING};
    private static final int[] WIDE_SUMS = {DEVICE_SECONDS, UTILISED_SECONDS, JOULES, REPORTED, GENERATED_TOKENS};
    private static final int[] TIMES = {STARTED_FIRST, ENDED_FIRST};
    private static final int WIDE_BITS = 191;

    /** Where the lanes of each parameter count begin. */
    public static final List<Integer> PARAMETERS = List.of(TOTAL_PARAMETERS, ACTIVE_PARAMETERS, TRAINABLE_PARAMETERS);

    private Lanes() {}

    /** Sets a new cell's lanes to what no observation gives. */
    public static void clear(long[] hot, int hotAt, long[] cold, int coldAt) {
        Arrays.fill(hot, hotAt, hotAt + HOT, 0);
        hot[hotAt + FIRST_STEP] = Long.MAX_VALUE;
        hot[hotAt + LAST_STEP] = Long.MIN_VALUE;
        Arrays.fill(cold, coldAt, coldAt + COLD, 0);
        for (int lane : new int[] {STARTED_FIRST, ENDED_FIRST, DEVICES_LEAST}) {
            cold[coldAt + lane] = Long.MAX_VALUE;
            cold[coldAt + lane + 1] = Long.MIN_VALUE;
        }
        for (int lane : PARAMETERS) {
            cold[coldAt + lane] = Long.MAX_VALUE;
            cold[coldAt + lane + PARAMETER_MOST] = Long.MIN_VALUE;
            cold[coldAt + lane + PARAMETER_STEP] = Long.MIN_VALUE;
            cold[coldAt + lane + PARAMETER_LATEST] = Long.MIN_VALUE;
        }
    }

    /** Adds {@code units * 2^63 + low} to the sum in a hot lane. */
    static void addSum(long[] hot, int hotAt, long[] cold, int coldAt, int lane, long low, long units) {
        long sum = hot[hotAt + lane] + low;
        hot[hotAt + lane] = sum & Long.MAX_VALUE;
        cold[coldAt + lane] += units + (sum >>> 63);
    }

    /** Widens {@code [first, last]} in two lanes. */
    public static void addExtremes(long[] lanes, int at, long least, long most) {
        lanes[at] = Math.min(lanes[at], least);
        lanes[at + 1] = Math.max(lanes[at + 1], most);
    }

    /** Adds a 192-bit number to three lanes. */
    public static void addWide(long[] lanes, int at, long low, long middle, long high) {
        long sum = lanes[at] + low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        lanes[at] = sum;
        sum = lanes[at + 1] + carry;
        carry = sum == 0 ? carry : 0;
        sum += middle;
        carry += Long.compareUnsigned(sum, middle) < 0 ? 1 : 0;
        lanes[at + 1] = sum;
        lanes[at + 2] = Math.addExact(Math.addExact(lanes[at + 2], high), carry);
    }

    /**
     * Adds a non-negative number to three lanes.
     *
     * @throws ArithmeticException if the lanes cannot hold the sum
     */
    public static void addWide(long[] lanes, int at, BigInteger number) {
        if (number.bitLength() > WIDE_BITS) {
            throw new ArithmeticException("sum has " + number.bitLength() + " bits, must have at most " + WIDE_BITS);
        }
        addWide(
                lanes,
                at,
                number.longValue(),
                number.shiftRight(64).longValue(),
                number.shiftRight(128).longValue());
    }

    /** Widens the time spans of a cell by those of another. */
    public static void addTimes(long[] cold, int coldAt, long[] otherCold, int otherColdAt) {
        for (int lane : TIMES) {
            addExtremes(cold, coldAt + lane, otherCold[otherColdAt + lane], otherCold[otherColdAt + lane + 1]);
        }
    }

    /** Returns whether the time spans of a cell are spans: in order, or those of no observation. */
    public static boolean hasTimesInOrder(long[] cold, int coldAt) {
        for (int lane : TIMES) {
            long first = cold[coldAt + lane];
            long last = cold[coldAt + lane + 1];
            if (first > last && (first != Long.MAX_VALUE || last != Long.MIN_VALUE)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the wide sums of two cells together fit their lanes. */
    public static boolean fitTogether(long[] cold, int coldAt, long[] otherCold, int otherColdAt) {
        for (int lane : WIDE_SUMS) {
            // One more for a carry from the lanes below.
            if (cold[coldAt + lane + 2] > Long.MAX_VALUE - 1 - otherCold[otherColdAt + lane + 2]) {
                return false;
            }
        }
        return true;
    }

    /** Takes in a parameter count seen at a step: of several at the latest step the greatest counts. */
    public static void addParameters(long[] lanes, int at, long least, long most, long rows, long step, long latest) {
        addExtremes(lanes, at, least, most);
        lanes[at + PARAMETER_ROWS] += rows;
        boolean isLater = step > lanes[at + PARAMETER_STEP];
        if (isLater || (step == lanes[at + PARAMETER_STEP] && latest > lanes[at + PARAMETER_LATEST])) {
            lanes[at + PARAMETER_STEP] = step;
            lanes[at + PARAMETER_LATEST] = latest;
        }
    }

    /** Adds a whole cell to another. */
    public static void merge(
            long[] hot,
            int hotAt,
            long[] cold,
            int coldAt,
            long[] otherHot,
            int otherHotAt,
            long[] otherCold,
            int otherColdAt) {
        hot[hotAt + ROWS] += otherHot[otherHotAt + ROWS];
        hot[hotAt + PADDING_ROWS] += otherHot[otherHotAt + PADDING_ROWS];
        for (int lane : HOT_SUMS) {
            addSum(hot, hotAt, cold, coldAt, lane, otherHot[otherHotAt + lane], otherCold[otherColdAt + lane]);
        }
        addExtremes(hot, hotAt + FIRST_STEP, otherHot[otherHotAt + FIRST_STEP], otherHot[otherHotAt + LAST_STEP]);
        for (int lane : new int[] {STARTED_FIRST, ENDED_FIRST, DEVICES_LEAST}) {
            addExtremes(cold, coldAt + lane, otherCold[otherColdAt + lane], otherCold[otherColdAt + lane + 1]);
        }
        cold[coldAt + MOE_ROWS] += otherCold[otherColdAt + MOE_ROWS];
        cold[coldAt + MOE_KNOWN] += otherCold[otherColdAt + MOE_KNOWN];
        for (int lane : WIDE_SUMS) {
            int from = otherColdAt + lane;
            addWide(cold, coldAt + lane, otherCold[from], otherCold[from + 1], otherCold[from + 2]);
            cold[coldAt + lane + WIDE_ROWS] += otherCold[from + WIDE_ROWS];
        }
        for (int lane : PARAMETERS) {
            int from = otherColdAt + lane;
            addParameters(
                    cold,
                    coldAt + lane,
                    otherCold[from],
                    otherCold[from + PARAMETER_MOST],
                    otherCold[from + PARAMETER_ROWS],
                    otherCold[from + PARAMETER_STEP],
                    otherCold[from + PARAMETER_LATEST]);
        }
    }

    /** Returns what makes lanes impossible as the sums of at least one row, or null if nothing does. */
    public static @Nullable String fault(long[] hot, int hotAt, long[] cold, int coldAt) {
        if (hot[hotAt + ROWS] < 1 || hot[hotAt + FIRST_STEP] > hot[hotAt + LAST_STEP] || hot[hotAt + FIRST_STEP] < 0) {
            return "rows are " + hot[hotAt + ROWS] + " at steps " + hot[hotAt + FIRST_STEP] + " to "
                    + hot[hotAt + LAST_STEP] + ", must be at least 1 at steps in order";
        }
        for (int lane : HOT_SUMS) {
            if (hot[hotAt + lane] < 0 || cold[coldAt + lane] < 0) {
                return "sum in lane " + lane + " is negative";
            }
        }
        for (int lane : WIDE_SUMS) {
            if (cold[coldAt + lane + 2] < 0 || !isCount(hot[hotAt + ROWS], cold[coldAt + lane + WIDE_ROWS])) {
                return "sum in lane " + (HOT + lane) + " is negative, or of more rows than there are";
            }
        }
        boolean hasCounts = isCount(hot[hotAt + ROWS], hot[hotAt + PADDING_ROWS])
                && isCount(hot[hotAt + ROWS], cold[coldAt + MOE_KNOWN])
                && isCount(cold[coldAt + MOE_KNOWN], cold[coldAt + MOE_ROWS]);
        for (int lane : PARAMETERS) {
            hasCounts &= isCount(hot[hotAt + ROWS], cold[coldAt + lane + PARAMETER_ROWS]);
        }
        return hasCounts && cold[coldAt] == 0 ? null : "a count of rows is negative or above " + hot[hotAt + ROWS];
    }

    private static boolean isCount(long rows, long part) {
        return part >= 0 && part <= rows;
    }
}
