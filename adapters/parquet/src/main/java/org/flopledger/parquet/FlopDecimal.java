package org.flopledger.parquet;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.Binary;
import org.flopledger.units.FlopCount;

/** FLOP as Parquet keeps a decimal of 38 digits: 16 bytes, the greatest first. */
final class FlopDecimal {

    private static final BigInteger MOST = BigInteger.TEN.pow(StepParquetSchema.DECIMAL_DIGITS);

    private FlopDecimal() {}

    static Binary bytes(long high, long low) {
        return Binary.fromConstantByteArray(ByteBuffer.allocate(StepParquetSchema.DECIMAL_BYTES)
                .putLong(high)
                .putLong(low)
                .array());
    }

    /** Refuses what has more than 38 digits, rather than write something else. */
    static Binary bytes(BigInteger value) {
        if (value.signum() < 0 || value.compareTo(MOST) >= 0) {
            throw new ArithmeticException("a sum is " + value + ", must be from 0 to 10^38 - 1 to be a decimal");
        }
        return bytes(value.shiftRight(64).longValue(), value.longValue());
    }

    static Binary bytes(FlopCount flop) {
        return bytes(flop.toBigInteger());
    }
}
