package org.flopledger.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The form for Java 25: plain loops over memory segments, which the compiler turns into vector instructions. Layouts are those of
 * {@link ScalarKernel}.
 *
 * <p>Why no explicit vectors: two columns of 64 bits out of cache, each summed exactly in two limbs, went through plain loops at
 * 36 GB/s of the 41 GB/s that only reading them takes, and through {@code jdk.incubator.vector} at 12.7 (JDK 25, one quiet core).
 *
 * <p>Elements are read as unaligned, for a slice of an imported batch may begin anywhere; on x86 and ARMv8 that costs nothing where
 * it is aligned.
 */
final class SegmentKernel implements ColumnKernel {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    /** The low half of a value, see {@link ScalarKernel}. */
    private static final long LIMB = 0xffff_ffffL;

    /** Times a byte, this is eight of it. */
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

    @Override
    public String form() {
        return "segment";
    }

    @Override
    public boolean allSet(long bitmap, int from, int count) {
        return allBitsAre(bitmap, from, count, 0xff);
    }

    @Override
    public boolean noneSet(long bitmap, int from, int count) {
        return allBitsAre(bitmap, from, count, 0);
    }

    private static boolean allBitsAre(long bitmap, int from, int count, int expected) {
        MemorySegment bits = segment(bitmap, (from + (long) count + 7) >>> 3);
        int end = from + count;
        int row = from;
        for (; row < end && (row & 63) != 0; row++) {
            if (differs(bits, row, expected)) {
                return false;
            }
        }
        int words = (end - row) >>> 6;
        if (!isAll(bits.asSlice(row >>> 3, 8L * words), words, expected == 0 ? 0 : -1L)) {
            return false;
        }
        for (row += words << 6; row < end; row++) {
            if (differs(bits, row, expected)) {
                return false;
            }
        }
        return true;
    }

    private static boolean differs(MemorySegment bits, int row, int expected) {
        return (((bits.get(BYTE, row >>> 3) ^ expected) >>> (row & 7)) & 1) != 0;
    }

    /**
     * All values are equal to one if their {@code or} and their {@code and} are. Two reductions, because the compiler makes a slower
     * loop of a lone {@code or}: 30 against 41 GB/s in the first-level cache (decision 0011).
     */
    private static boolean isAll(MemorySegment values, int count, long expected) {
        long or = expected;
        long and = expected;
        for (int i = 0; i < count; i++) {
            long value = values.getAtIndex(LONG, i);
            or |= value;
            and &= value;
        }
        return or == and;
    }

    @Override
    public boolean isConstant8(long address, int count) {
        if (count == 0) {
            return true;
        }
        MemorySegment values = segment(address, count);
        byte first = values.get(BYTE, 0);
        int words = count >>> 3;
        if (!isAll(values, words, (first & 0xffL) * EACH_BYTE)) {
            return false;
        }
        for (int at = words << 3; at < count; at++) {
            if (values.get(BYTE, at) != first) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void extremes32(long first, long second, long third, long fourth, int count, int[] out) {
        MemorySegment values0 = segment(first, 4L * count);
        MemorySegment values1 = segment(second, 4L * count);
        MemorySegment values2 = segment(third, 4L * count);
        MemorySegment values3 = segment(fourth, 4L * count);
        int least0 = Integer.MAX_VALUE;
        int most0 = Integer.MIN_VALUE;
        int least1 = Integer.MAX_VALUE;
        int most1 = Integer.MIN_VALUE;
        int least2 = Integer.MAX_VALUE;
        int most2 = Integer.MIN_VALUE;
        int least3 = Integer.MAX_VALUE;
        int most3 = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int value0 = values0.getAtIndex(INT, i);
            int value1 = values1.getAtIndex(INT, i);
            int value2 = values2.getAtIndex(INT, i);
            int value3 = values3.getAtIndex(INT, i);
            least0 = Math.min(least0, value0);
            most0 = Math.max(most0, value0);
            least1 = Math.min(least1, value1);
            most1 = Math.max(most1, value1);
            least2 = Math.min(least2, value2);
            most2 = Math.max(most2, value2);
            least3 = Math.min(least3, value3);
            most3 = Math.max(most3, value3);
        }
        out[0] = least0;
        out[1] = most0;
        out[2] = least1;
        out[3] = most1;
        out[4] = least2;
        out[5] = most2;
        out[6] = least3;
        out[7] = most3;
    }

    @Override
    public boolean allBelow8(long address, int count, int limit) {
        MemorySegment values = segment(address, count);
        // Eight at a time ("hasmore" of Anderson, Bit Twiddling Hacks): a byte at or above the limit has its top bit,
        // or gets it from what is added. A carry into the next byte comes only from a byte that has its top bit.
        long addend = (0x80L - limit) * EACH_BYTE;
        long tops = 0;
        int words = count >>> 3;
        for (int i = 0; i < words; i++) {
            long eight = values.getAtIndex(LONG, i);
            tops |= eight | (eight + addend);
        }
        boolean allBelow = (tops & (0x80 * EACH_BYTE)) == 0;
        for (int i = words << 3; i < count; i++) {
            allBelow &= (values.get(BYTE, i) & 0xff) < limit;
        }
        return allBelow;
    }

    @Override
    public long orAndSum64(long address, int count, long[] out) {
        MemorySegment values = segment(address, 8L * count);
        long or = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long value = values.getAtIndex(LONG, i);
            or |= value;
            sum += value;
        }
        putSum(or, sum, values, count, out, 0);
        return or;
    }

    @Override
    public long extremesAndSums(long steps, long first, long second, int count, long[] out) {
        MemorySegment stepValues = segment(steps, 8L * count);
        MemorySegment firstValues = segment(first, 8L * count);
        MemorySegment secondValues = segment(second, 8L * count);
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        long firstOr = 0;
        long firstSum = 0;
        long secondOr = 0;
        long secondSum = 0;
        for (int i = 0; i < count; i++) {
            long step = stepValues.getAtIndex(LONG, i);
            long one = firstValues.getAtIndex(LONG, i);
            long other = secondValues.getAtIndex(LONG, i);
            least = Math.min(least, step);
            greatest = Math.max(greatest, step);
            firstOr |= one;
            firstSum += one;
            secondOr |= other;
            secondSum += other;
        }
        out[0] = least;
        out[1] = greatest;
        putSum(firstOr, firstSum, firstValues, count, out, 2);
        putSum(secondOr, secondSum, secondValues, count, out, 4);
        return firstOr | secondOr;
    }

    /** Writes a sum that did not overflow, or takes it again in limbs. */
    private static void putSum(long or, long sum, MemorySegment values, int count, long[] out, int at) {
        if (or >>> ExactSum.SAFE_BITS == 0) {
            out[at] = sum;
            out[at + 1] = 0;
        } else {
            sumLimbs(values, count, out, at);
        }
    }

    private static void sumLimbs(MemorySegment values, int count, long[] out, int at) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            long value = values.getAtIndex(LONG, i);
            low += value & LIMB;
            high += value >>> 32;
        }
        ExactSum.fromLimbs(low, high, out, at);
    }

    @Override
    public int orAndSum32(long address, int count, long[] out) {
        MemorySegment values = segment(address, 4L * count);
        int or = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int value = values.getAtIndex(INT, i);
            or |= value;
            sum += value;
        }
        out[0] = sum;
        out[1] = 0;
        return or;
    }

    @Override
    public void extremes64(long address, int count, long[] out) {
        MemorySegment values = segment(address, 8L * count);
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            long value = values.getAtIndex(LONG, i);
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        out[0] = least;
        out[1] = greatest;
    }

    @Override
    public void copy32(long address, int count, int[] out) {
        MemorySegment.copy(segment(address, 4L * count), INT, 0, out, 0, count);
    }

    @Override
    public void copy64(long address, int count, long[] out) {
        MemorySegment.copy(segment(address, 8L * count), LONG, 0, out, 0, count);
    }

    @Override
    public int lookUpCells(RowKeys keys, int first, int count, int[] cells, int at) {
        return keys.model() == 0
                ? lookUpWithoutModel(keys, first, count, cells, at)
                : lookUpWithModel(keys, first, count, cells, at);
    }

    private static int lookUpWithModel(RowKeys keys, int first, int count, int[] cells, int at) {
        MemorySegment runs = segment(keys.run() + 4L * first, 4L * count);
        MemorySegment attempts = segment(keys.attempt() + 4L * first, 4L * count);
        MemorySegment stages = segment(keys.stage() + first, count);
        MemorySegment models = segment(keys.model() + 4L * first, 4L * count);
        long[] lastKey = keys.lastKey();
        int[] lastCell = keys.lastCell();
        for (int i = 0; i < count; i++) {
            int run = runs.getAtIndex(INT, i);
            long key = RowKeys.pack(attempts.getAtIndex(INT, i), stages.get(BYTE, i), models.getAtIndex(INT, i));
            if (lastKey[run] != key) {
                return i;
            }
            cells[at + i] = lastCell[run];
        }
        return count;
    }

    private static int lookUpWithoutModel(RowKeys keys, int first, int count, int[] cells, int at) {
        MemorySegment runs = segment(keys.run() + 4L * first, 4L * count);
        MemorySegment attempts = segment(keys.attempt() + 4L * first, 4L * count);
        MemorySegment stages = segment(keys.stage() + first, count);
        long[] lastKey = keys.lastKey();
        int[] lastCell = keys.lastCell();
        for (int i = 0; i < count; i++) {
            int run = runs.getAtIndex(INT, i);
            long key = RowKeys.pack(attempts.getAtIndex(INT, i), stages.get(BYTE, i), RowKeys.NO_MODEL);
            if (lastKey[run] != key) {
                return i;
            }
            cells[at + i] = lastCell[run];
        }
        return count;
    }

    @Override
    public void scatterHot(
            long steps, long tokens, long squared, int[] cells, int count, long[] lanes, int stride, Carry carry) {
        MemorySegment stepValues = segment(steps, 8L * count);
        MemorySegment tokenValues = segment(tokens, 8L * count);
        MemorySegment squaredValues = segment(squared, 8L * count);
        for (int i = 0; i < count; i++) {
            int at = cells[i] * stride;
            long tokenSum = lanes[at + HotLanes.TOKENS] + tokenValues.getAtIndex(LONG, i);
            long squaredSum = lanes[at + HotLanes.SQUARED] + squaredValues.getAtIndex(LONG, i);
            if ((tokenSum | squaredSum) < 0) {
                tokenSum = carry(tokenSum, cells[i], HotLanes.TOKENS, carry);
                squaredSum = carry(squaredSum, cells[i], HotLanes.SQUARED, carry);
            }
            lanes[at + HotLanes.ROWS]++;
            lanes[at + HotLanes.TOKENS] = tokenSum;
            lanes[at + HotLanes.SQUARED] = squaredSum;
            long step = stepValues.getAtIndex(LONG, i);
            if (step < lanes[at + HotLanes.FIRST_STEP]) {
                lanes[at + HotLanes.FIRST_STEP] = step;
            }
            if (step > lanes[at + HotLanes.LAST_STEP]) {
                lanes[at + HotLanes.LAST_STEP] = step;
            }
        }
    }

    private static long carry(long sum, int cell, int lane, ColumnKernel.Carry carry) {
        if (sum < 0) {
            carry.carry(cell, lane);
        }
        return sum & Long.MAX_VALUE;
    }

    @Override
    public void scatterCount(int[] cells, int count, long[] lanes, int stride, int lane) {
        for (int i = 0; i < count; i++) {
            lanes[cells[i] * stride + lane]++;
        }
    }

    @Override
    public void scatterAdd64(long address, int[] cells, int count, long[] lanes, int stride, int lane, Carry carry) {
        MemorySegment values = segment(address, 8L * count);
        for (int i = 0; i < count; i++) {
            int at = cells[i] * stride + lane;
            long sum = lanes[at] + values.getAtIndex(LONG, i);
            if (sum < 0) {
                sum &= Long.MAX_VALUE;
                carry.carry(cells[i], lane);
            }
            lanes[at] = sum;
        }
    }

    @Override
    public void scatterAdd32(long address, int[] cells, int count, long[] lanes, int stride, int lane, Carry carry) {
        MemorySegment values = segment(address, 4L * count);
        for (int i = 0; i < count; i++) {
            int at = cells[i] * stride + lane;
            long sum = lanes[at] + values.getAtIndex(INT, i);
            if (sum < 0) {
                sum &= Long.MAX_VALUE;
                carry.carry(cells[i], lane);
            }
            lanes[at] = sum;
        }
    }

    @Override
    public void scatterExtremes64(long address, int[] cells, int count, long[] lanes, int stride, int lane) {
        MemorySegment values = segment(address, 8L * count);
        for (int i = 0; i < count; i++) {
            long value = values.getAtIndex(LONG, i);
            int at = cells[i] * stride + lane;
            if (value < lanes[at]) {
                lanes[at] = value;
            }
            if (value > lanes[at + 1]) {
                lanes[at + 1] = value;
            }
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment segment(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
