package org.flopledger.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.telemetry.KernelForms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each loop of each form gives what its definition says, at lengths around vector lanes and at misaligned addresses. */
class KernelEqualityTest {

    private static final List<ColumnKernel> FORMS = KernelForms.all();

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void free() {
        allocator.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 4096})
    void sumsAndExtremesAreExact(int count) {
        try (ArrowBuf buffer = allocator.buffer(8L * count + 64)) {
            for (long seed = 0; seed < 6; seed++) {
                long[] values = values(new Random(seed), count, seed % 2 == 0 ? Long.MAX_VALUE : 1000);
                long address = fill(buffer, values, (int) seed % 4);
                for (ColumnKernel kernel : FORMS) {
                    assertSums(kernel, address, values, "seed " + seed + ", form " + kernel.form());
                }
            }
        }
    }

    private static void assertSums(ColumnKernel kernel, long address, long[] values, String what) {
        BigInteger sum = BigInteger.ZERO;
        long or = 0;
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (long value : values) {
            sum = sum.add(BigInteger.valueOf(value));
            or |= value;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        long[] out = new long[2];
        assertThat(kernel.orAndSum64(address, values.length, out)).as(what).isEqualTo(or);
        assertThat(BigInteger.valueOf(out[1]).shiftLeft(63).add(BigInteger.valueOf(out[0])))
                .as(what)
                .isEqualTo(sum);
        kernel.extremes64(address, values.length, out);
        assertThat(out).as(what).containsExactly(least, greatest);
        long[] lanes = {0, least, greatest, 0};
        long[] carries = new long[1];
        kernel.scatterAdd64(address, new int[values.length], values.length, lanes, 4, 0, (cell, lane) -> carries[0]++);
        assertThat(BigInteger.valueOf(carries[0]).shiftLeft(63).add(BigInteger.valueOf(lanes[0])))
                .as(what)
                .isEqualTo(sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 4096})
    void stepsAndTwoSumsInOnePassAreWhatThreePassesGive(int count) {
        try (ArrowBuf buffer = allocator.buffer(3 * (8L * count + 64))) {
            for (long seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                long[] addresses = new long[3];
                for (int column = 0; column < 3; column++) {
                    // One column beyond what 64 bits can sum, the others within: each has to choose by itself.
                    long limit = column == seed % 3 ? Long.MAX_VALUE : 1000;
                    ArrowBuf part = buffer.slice(column * (8L * count + 64), 8L * count + 64);
                    addresses[column] = fill(part, values(random, count, limit), (int) seed % 4);
                }
                for (ColumnKernel kernel : FORMS) {
                    assertOnePass(kernel, addresses, count, "seed " + seed + ", form " + kernel.form());
                }
            }
        }
    }

    private static void assertOnePass(ColumnKernel kernel, long[] addresses, int count, String what) {
        long[] steps = new long[2];
        long[] first = new long[2];
        long[] second = new long[2];
        kernel.extremes64(addresses[0], count, steps);
        long or = kernel.orAndSum64(addresses[1], count, first) | kernel.orAndSum64(addresses[2], count, second);
        long[] out = new long[6];
        assertThat(kernel.extremesAndSums(addresses[0], addresses[1], addresses[2], count, out))
                .as(what)
                .isEqualTo(or);
        assertThat(out).as(what).containsExactly(steps[0], steps[1], first[0], first[1], second[0], second[1]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000})
    void extremesOfFourColumnsAreTold(int count) {
        try (ArrowBuf buffer = allocator.buffer(4 * (4L * count + 64))) {
            Random random = new Random(count);
            long[] addresses = new long[4];
            int[] expected = new int[8];
            for (int column = 0; column < 4; column++) {
                long offset = column * (4L * count + 64) + column % 2;
                addresses[column] = buffer.memoryAddress() + offset;
                expected[2 * column] = Integer.MAX_VALUE;
                expected[2 * column + 1] = Integer.MIN_VALUE;
                for (int i = 0; i < count; i++) {
                    int value = random.nextInt();
                    buffer.setInt(offset + 4L * i, value);
                    expected[2 * column] = Math.min(expected[2 * column], value);
                    expected[2 * column + 1] = Math.max(expected[2 * column + 1], value);
                }
            }
            for (ColumnKernel kernel : FORMS) {
                int[] out = new int[8];
                kernel.extremes32(addresses[0], addresses[1], addresses[2], addresses[3], count, out);
                assertThat(out).as(kernel.form()).containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000})
    void oneOddByteAnywhereIsSeen(int count) {
        try (ArrowBuf buffer = allocator.buffer(count + 64L)) {
            for (ColumnKernel kernel : FORMS) {
                for (int value : new int[] {0, 7, 255}) {
                    for (int at = 0; at < count; at++) {
                        buffer.setByte(at, value);
                    }
                    assertThat(kernel.isConstant8(buffer.memoryAddress(), count))
                            .isTrue();
                    for (int odd = 0; odd < count; odd++) {
                        buffer.setByte(odd, value ^ 1);
                        assertThat(kernel.isConstant8(buffer.memoryAddress(), count))
                                .as("%s, value %d, element %d of %d", kernel.form(), value, odd, count)
                                .isEqualTo(count == 1);
                        buffer.setByte(odd, value);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 64, 100})
    void aByteAtTheLimitIsSeen(int count) {
        try (ArrowBuf buffer = allocator.buffer(count + 64L)) {
            for (ColumnKernel kernel : FORMS) {
                for (int value = 0; value < 256; value++) {
                    for (int at = 0; at < count; at++) {
                        buffer.setZero(0, buffer.capacity());
                        buffer.setByte(at, value);
                        assertThat(kernel.allBelow8(buffer.memoryAddress(), count, 12))
                                .as("%s, value %d at %d of %d", kernel.form(), value, at, count)
                                .isEqualTo(value < 12);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 7, 8, 63, 64, 65, 130})
    void bitsAreReadFromAnyRow(int count) {
        try (ArrowBuf buffer = allocator.buffer(64)) {
            for (ColumnKernel kernel : FORMS) {
                for (int from = 0; from < 70; from++) {
                    buffer.setZero(0, 64);
                    for (int bit = from; bit < from + count; bit++) {
                        setBit(buffer, bit);
                    }
                    long address = buffer.memoryAddress();
                    assertThat(kernel.allSet(address, from, count)).isTrue();
                    assertThat(kernel.noneSet(address, from, count)).isEqualTo(count == 0);
                    assertThat(kernel.allSet(address, from, count + 1)).isFalse();
                    assertThat(kernel.noneSet(address, from + count, 65)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 16, 17, 100})
    void sumsOf32BitsAreExact(int count) {
        try (ArrowBuf buffer = allocator.buffer(4L * count + 64)) {
            Random random = new Random(count);
            long sum = 0;
            int or = 0;
            for (int i = 0; i < count; i++) {
                int value = random.nextInt();
                buffer.setInt(4L * i, value);
                sum += value;
                or |= value;
            }
            long[] out = new long[2];
            for (ColumnKernel kernel : FORMS) {
                assertThat(kernel.orAndSum32(buffer.memoryAddress(), count, out))
                        .isEqualTo(or);
                assertThat(out[0]).isEqualTo(sum);
            }
        }
    }

    private static void setBit(ArrowBuf buffer, int bit) {
        buffer.setByte(bit >>> 3, buffer.getByte(bit >>> 3) | (1 << (bit & 7)));
    }

    private static long[] values(Random random, int count, long limit) {
        return random.longs(count, 0, limit)
                .map(value -> random.nextInt(9) == 0 ? limit : value)
                .toArray();
    }

    private static long fill(ArrowBuf buffer, long[] values, int misalignment) {
        for (int i = 0; i < values.length; i++) {
            buffer.setLong(8L * i + misalignment, values[i]);
        }
        return buffer.memoryAddress() + misalignment;
    }
}
