package org.flopledger.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/** Puts numbers of foreign kinds into the columns of a step row; what is no such number becomes one that is rejected. */
final class Values {

    /** Rejected in every column that counts. */
    private static final long NONE = -1;

    private static final BigDecimal MOST = new BigDecimal(BigInteger.ONE.shiftLeft(63));

    private Values() {}

    static void whole(TableRows into, StepColumn column, long value) {
        switch (column) {
            case REPORTED_FLOP -> into.flop(BigDecimal.valueOf(value));
            case DEVICE_SECONDS, UTILISATION, ENERGY_JOULES ->
                into.word(column, Double.doubleToRawLongBits((double) value));
            case STAGE -> into.text(column, name(Stage.values(), value));
            case PEFT_EVENT -> into.text(column, name(PeftEvent.values(), value));
            case PEFT_METHOD -> into.text(column, name(PeftTechnique.values(), value));
            case MOE -> into.word(column, value == 0 ? 0 : 1);
            default -> into.word(column, value);
        }
    }

    private static String name(Enum<?>[] constants, long code) {
        return code >= 0 && code < constants.length ? constants[(int) code].name() : "";
    }

    static void real(TableRows into, StepColumn column, double value) {
        switch (column) {
            case DEVICE_SECONDS, UTILISATION, ENERGY_JOULES -> into.word(column, Double.doubleToRawLongBits(value));
            default -> {
                boolean isWhole = value == Math.rint(value) && Math.abs(value) < 0x1p63;
                if (column == StepColumn.REPORTED_FLOP && Double.isFinite(value)) {
                    into.flop(new BigDecimal(value));
                } else {
                    whole(into, column, isWhole ? (long) value : NONE);
                }
            }
        }
    }

    static void decimal(TableRows into, StepColumn column, BigDecimal value) {
        switch (column) {
            case REPORTED_FLOP -> into.flop(value);
            case DEVICE_SECONDS, UTILISATION, ENERGY_JOULES ->
                into.word(column, Double.doubleToRawLongBits(value.doubleValue()));
            default -> {
                boolean isWhole =
                        value.stripTrailingZeros().scale() <= 0 && value.abs().compareTo(MOST) < 0;
                whole(into, column, isWhole ? value.longValue() : NONE);
            }
        }
    }
}
