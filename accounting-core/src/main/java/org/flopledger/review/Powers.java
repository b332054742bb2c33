package org.flopledger.review;

import java.math.BigInteger;

/** Writes exact figures so that a reader sees their size. */
final class Powers {

    private Powers() {}

    /** Returns {@code 10^25 (10000000000000000000000000)}, {@code 10^25/3}, or the plain figure where it is short. */
    static String words(ThresholdLine level) {
        String numerator = power(level.numerator());
        if (!level.denominator().equals(BigInteger.ONE)) {
            return numerator + "/" + level.denominator();
        }
        return numerator.equals(level.numerator().toString()) ? numerator : numerator + " (" + level.numerator() + ")";
    }

    private static String power(BigInteger number) {
        String digits = number.toString();
        String significant = digits.replaceFirst("0+$", "");
        int zeros = digits.length() - significant.length();
        if (zeros < 6) {
            return digits;
        }
        return significant.equals("1") ? "10^" + zeros : significant + " x 10^" + zeros;
    }
}
