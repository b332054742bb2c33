package org.flopledger.cli.report;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Places amounts on a line by their powers of ten. */
final class LogAxis {

    private final double from;
    private final double to;
    private final double left;
    private final double width;

    private LogAxis(double from, double to, double left, double width) {
        this.from = from;
        this.to = to;
        this.left = left;
        this.width = width;
    }

    /** Returns an axis from the power of ten below the least amount to the one above the greatest; zeros have no place on it. */
    static LogAxis of(List<BigInteger> amounts, double left, double width) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (BigInteger amount : amounts) {
            if (amount.signum() > 0) {
                least = Math.min(least, exponent(amount));
                most = Math.max(most, exponent(amount));
            }
        }
        if (least > most) {
            return new LogAxis(0, 1, left, width);
        }
        double to = Math.ceil(most + 0.05);
        return new LogAxis(Math.min(Math.floor(least - 0.05), to - 1), to, left, width);
    }

    private static double exponent(BigInteger amount) {
        return Math.log10(amount.doubleValue());
    }

    double at(BigInteger amount) {
        double exponent = amount.signum() > 0 ? exponent(amount) : from;
        return left + width * (Math.min(Math.max(exponent, from), to) - from) / (to - from);
    }

    /** Returns the exponents to write below the axis, at most about a dozen. */
    List<Integer> ticks() {
        int step = (int) Math.max(1, Math.ceil((to - from) / 12));
        List<Integer> ticks = new ArrayList<>();
        for (int exponent = (int) from; exponent <= to; exponent += step) {
            ticks.add(exponent);
        }
        return ticks;
    }
}
