package org.flopledger.internal.kernel;

/**
 * The form for Java 17: plain loops over values read one at a time. Also the twin that the other form is compared with.
 *
 * <pre>
 * bitmap   bit of row r: byte r >>> 3, bit r &amp; 7, least first (Arrow columnar format, "Validity bitmaps")
 *          row  0 ... 7 | 8 ... 15 | ...    64 rows are one word of 64 bits
 * values   8, 32 or 64 bits, one behind the other
 * lanes    cells[i] * stride + lane         see {@link HotLanes}
 * </pre>
 *
 * <p>A loop that only asks whether all values are alike gathers the differences and tests them once, behind the loop: nearly every
 * column that is asked about is alike to its end, where leaving early saves nothing and costs a branch a value.
 */
final class ScalarKernel implements ColumnKernel {

    /** The low half of a value. Of at most 2^12 values in a block the halves add up to less than 2^44, far from an overflow. */
    private static final long LIMB = 0xffff_ffffL;

    private final NativeMemory memory;

    ScalarKernel(NativeMemory memory) {
        this.memory = memory;
    }

    @Override
    public String form() {
        return "scalar";
    }

    @Override
    public boolean allSet(long bitmap, int from, int count) {
        return allBitsAre(bitmap, from, count, 0xff);
    }

    @Override
    public boolean noneSet(long bitmap, int from, int count) {
        return allBitsAre(bitmap, from, count, 0);
    }

    private boolean allBitsAre(long bitmap, int from, int count, int expected) {
        int row = from;
        int end = from + count;
        // Bit by bit up to where a word begins; from there on 64 rows are one load.
        for (; row < end && (row & 63) != 0; row++) {
            if (differs(bitmap, row, expected)) {
                return false;
            }
        }
        long word = expected == 0 ? 0 : -1L;
        long difference = 0;
        for (; row + 64 <= end; row += 64) {
            difference |= memory.longAt(bitmap + (row >>> 3)) ^ word;
        }
        if (difference != 0) {
            return false;
        }
        for (; row < end; row++) {
            if (differs(bitmap, row, expected)) {
                return false;
            }
        }
        return true;
    }

    private boolean differs(long bitmap, int row, int expected) {
        return (((memory.byteAt(bitmap + (row >>> 3)) ^ expected) >>> (row & 7)) & 1) != 0;
    }

    @Override
    public boolean isConstant8(long address, int count) {
        int difference = 0;
        for (int i = 1; i < count; i++) {
            difference |= memory.byteAt(address + i) ^ memory.byteAt(address);
        }
        return difference == 0;
    }

    @Override
    public void extremes32(long first, long second, long third, long fourth, int count, int[] out) {
        extremes32(first, count, out, 0);
        extremes32(second, count, out, 2);
        extremes32(third, count, out, 4);
        extremes32(fourth, count, out, 6);
    }

    /** One column after the other: without vector instructions a pass is bound by its loads, not by the memory. */
    private void extremes32(long address, int count, int[] out, int at) {
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int value = memory.intAt(address + 4L * i);
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        out[at] = least;
        out[at + 1] = greatest;
    }

    @Override
    public boolean allBelow8(long address, int count, int limit) {
        int largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, memory.byteAt(address + i) & 0xff);
        }
        return count == 0 || largest < limit;
    }

    @Override
    public long extremesAndSums(long steps, long first, long second, int count, long[] out) {
        extremes64(steps, count, out);
        return orAndSum64(first, count, out, 2) | orAndSum64(second, count, out, 4);
    }

    @Override
    public long orAndSum64(long address, int count, long[] out) {
        return orAndSum64(address, count, out, 0);
    }

    private long orAndSum64(long address, int count, long[] out, int at) {
        long or = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long value = memory.longAt(address + 8L * i);
            or |= value;
            sum += value;
        }
        if (or >>> ExactSum.SAFE_BITS == 0) {
            out[at] = sum;
            out[at + 1] = 0;
        } else {
            sumLimbs(address, count, out, at);
        }
        return or;
    }

    private void sumLimbs(long address, int count, long[] out, int at) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            long value = memory.longAt(address + 8L * i);
            low += value & LIMB;
            high += value >>> 32;
        }
        ExactSum.fromLimbs(low, high, out, at);
    }

    @Override
    public int orAndSum32(long address, int count, long[] out) {
        int or = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int value = memory.intAt(address + 4L * i);
            or |= value;
            sum += value;
        }
        out[0] = sum;
        out[1] = 0;
        return or;
    }

    @Override
    public void extremes64(long address, int count, long[] out) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            long value = memory.longAt(address + 8L * i);
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        out[0] = least;
        out[1] = greatest;
    }

    @Override
    public void copy32(long address, int count, int[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = memory.intAt(address + 4L * i);
        }
    }

    @Override
    public void copy64(long address, int count, long[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = memory.longAt(address + 8L * i);
        }
    }

    @Override
    public int lookUpCells(RowKeys keys, int first, int count, int[] cells, int at) {
        long[] lastKey = keys.lastKey();
        int[] lastCell = keys.lastCell();
        long run = keys.run() + 4L * first;
        long attempt = keys.attempt() + 4L * first;
        long stage = keys.stage() + first;
        long model = keys.model() == 0 ? 0 : keys.model() + 4L * first;
        for (int i = 0; i < count; i++) {
            int row = memory.intAt(run + 4L * i);
            int modelIndex = model == 0 ? RowKeys.NO_MODEL : memory.intAt(model + 4L * i);
            long key = RowKeys.pack(memory.intAt(attempt + 4L * i), memory.byteAt(stage + i), modelIndex);
            if (lastKey[row] != key) {
                return i;
            }
            cells[at + i] = lastCell[row];
        }
        return count;
    }

    @Override
    public void scatterHot(
            long steps, long tokens, long squared, int[] cells, int count, long[] lanes, int stride, Carry carry) {
        for (int i = 0; i < count; i++) {
            int at = cells[i] * stride;
            long tokenSum = lanes[at + HotLanes.TOKENS] + memory.longAt(tokens + 8L * i);
            long squaredSum = lanes[at + HotLanes.SQUARED] + memory.longAt(squared + 8L * i);
            // Both sums are below 2^64 and have 63 bits: either sign says carry, and one branch tests the two.
            if ((tokenSum | squaredSum) < 0) {
                tokenSum = carry(tokenSum, cells[i], HotLanes.TOKENS, carry);
                squaredSum = carry(squaredSum, cells[i], HotLanes.SQUARED, carry);
            }
            lanes[at + HotLanes.ROWS]++;
            lanes[at + HotLanes.TOKENS] = tokenSum;
            lanes[at + HotLanes.SQUARED] = squaredSum;
            long step = memory.longAt(steps + 8L * i);
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
        for (int i = 0; i < count; i++) {
            add(memory.longAt(address + 8L * i), cells[i], lanes, stride, lane, carry);
        }
    }

    @Override
    public void scatterAdd32(long address, int[] cells, int count, long[] lanes, int stride, int lane, Carry carry) {
        for (int i = 0; i < count; i++) {
            add(memory.intAt(address + 4L * i), cells[i], lanes, stride, lane, carry);
        }
    }

    private static void add(long value, int cell, long[] lanes, int stride, int lane, Carry carry) {
        int at = cell * stride + lane;
        long sum = lanes[at] + value;
        if (sum < 0) {
            sum &= Long.MAX_VALUE;
            carry.carry(cell, lane);
        }
        lanes[at] = sum;
    }

    @Override
    public void scatterExtremes64(long address, int[] cells, int count, long[] lanes, int stride, int lane) {
        for (int i = 0; i < count; i++) {
            long value = memory.longAt(address + 8L * i);
            int at = cells[i] * stride + lane;
            if (value < lanes[at]) {
                lanes[at] = value;
            }
            if (value > lanes[at + 1]) {
                lanes[at + 1] = value;
            }
        }
    }
}
