package org.flopledger.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The form for Java 25: plain loops over memory segments, which the compiler turns into vector instructions. Explicit vectors
 * were measured at a third of the speed (design, section 2), so there are none.
 */
final class SegmentKernel implements ColumnKernel {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final long LIMB = 0xffff_ffffL;
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

    private static boolean isAll(MemorySegment values, int count, long expected) {
        long difference = 0;
        for (int i = 0; i < count; i++) {
            difference |= values.getAtIndex(LONG, i) ^ expected;
        }
        return difference == 0;
    }

    @Override
    public boolean isConstant(long address, int width, int count) {
        if (count == 0) {
            return true;
        }
        MemorySegment values = segment(address, (long) width * count);
        long pattern = switch (width) {
            case 1 -> (values.get(BYTE, 0) & 0xffL) * EACH_BYTE;
            case 4 -> (values.get(INT, 0) & LIMB) * 0x1_0000_0001L;
            case 8 -> values.get(LONG, 0);
            default -> throw new IllegalArgumentException("width is " + width + ", must be 1, 4 or 8");
        };
        int words = (int) (values.byteSize() >>> 3);
        if (!isAll(values, words, pattern)) {
            return false;
        }
        for (long at = 8L * words; at < values.byteSize(); at++) {
            if (values.get(BYTE, at) != (byte) (pattern >>> (8 * (at & 7)))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int or32(long address, int count) {
        MemorySegment values = segment(address, 4L * count);
        int or = 0;
        for (int i = 0; i < count; i++) {
            or |= values.getAtIndex(INT, i);
        }
        return or;
    }

    @Override
    public int largestUnsigned32(long address, int count) {
        MemorySegment values = segment(address, 4L * count);
        int largest = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, values.getAtIndex(INT, i) ^ Integer.MIN_VALUE);
        }
        return largest ^ Integer.MIN_VALUE;
    }

    @Override
    public boolean allBelow8(long address, int count, int limit) {
        MemorySegment values = segment(address, count);
        // Eight at a time: a byte at or above the limit has its top bit, or gets it from what is added. A carry into
        // the next
        // byte comes only from a byte that has its top bit already.
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
        if (or >>> ExactSum.SAFE_BITS == 0) {
            out[0] = sum;
            out[1] = 0;
        } else {
            sumLimbs(values, count, out);
        }
        return or;
    }

    private static void sumLimbs(MemorySegment values, int count, long[] out) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            long value = values.getAtIndex(LONG, i);
            low += value & LIMB;
            high += value >>> 32;
        }
        ExactSum.fromLimbs(low, high, out);
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
