package org.flopledger.spark;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Makes the values that Spark's function interface asks for. */
final class Rows {

    static final DecimalType FLOP = DataTypes.createDecimalType(38, 0);

    private static final BigInteger MOST = BigInteger.TEN.pow(38);

    private Rows() {}

    static InternalRow row(@Nullable Object... values) {
        return new GenericInternalRow(values);
    }

    static GenericArrayData array(List<InternalRow> rows) {
        return new GenericArrayData(rows.toArray());
    }

    static @Nullable UTF8String text(@Nullable String text) {
        return text == null ? null : UTF8String.fromString(text);
    }

    /** Refuses what has more than 38 digits: Spark would make it null. */
    static Decimal decimal(BigInteger value) {
        if (value.abs().compareTo(MOST) >= 0) {
            throw new ArithmeticException("an amount is " + value + ", must have at most 38 digits");
        }
        return Decimal.apply(new scala.math.BigDecimal(new java.math.BigDecimal(value)), 38, 0);
    }

    static Decimal flop(FlopCount flop) {
        return decimal(flop.toBigInteger());
    }

    static ArrayBasedMapData counts(Map<String, Long> counts) {
        return new ArrayBasedMapData(
                new GenericArrayData(counts.keySet().stream().map(Rows::text).toArray()),
                new GenericArrayData(counts.values().toArray()));
    }
}
