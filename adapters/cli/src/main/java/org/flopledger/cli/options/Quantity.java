package org.flopledger.cli.options;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.flopledger.units.FlopCount;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads amounts as people type them: {@code 7513}, {@code 10_000}, {@code 1e9}, {@code 15T}, {@code 1.5B}. The letters are k, M, B or
 * G, T, P, E, Z and Y, each a thousand times the one before.
 */
public final class Quantity {

    private static final String LETTERS = "kMGTPEZY";
    private static final int THOUSAND = 3;
    private static final int LONGEST = 100;
    private static final int LARGEST_SCALE = 200;

    private Quantity() {}

    /**
     * Returns the number that was typed.
     *
     * @throws NumberFormatException if it is none
     */
    public static BigDecimal decimal(String typed) {
        String text = typed.strip().replace("_", "");
        if (text.length() < 1 || text.length() > LONGEST) {
            throw new NumberFormatException("not a number");
        }
        int thousands = thousands(text);
        String digits = thousands == 0 ? text : text.substring(0, text.length() - 1);
        BigDecimal number = new BigDecimal(digits).scaleByPowerOfTen(THOUSAND * thousands);
        // An exponent is a licence to ask for a billion digits.
        if (Math.abs((long) number.scale()) > LARGEST_SCALE) {
            throw new NumberFormatException("too large or too small");
        }
        return number;
    }

    private static int thousands(String text) {
        char letter = text.charAt(text.length() - 1);
        char spelled = letter == 'B' || letter == 'b' ? 'G' : letter == 'K' ? 'k' : letter;
        return LETTERS.indexOf(spelled) + 1;
    }

    /** Lets every option of a command take amounts so written. */
    public static void register(CommandLine command) {
        command.registerConverter(Long.class, new Whole());
        command.registerConverter(long.class, new Whole());
        command.registerConverter(BigInteger.class, Quantity::whole);
        command.registerConverter(FlopCount.class, Quantity::flop);
    }

    private static BigInteger whole(String typed) {
        try {
            return decimal(typed).toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new TypeConversionException("'" + brief(typed) + "' is not a whole number such as 4096, 1e9 or 15T");
        }
    }

    /**
     * Returns an amount of FLOP.
     *
     * @throws TypeConversionException if it is none
     */
    public static FlopCount flop(String typed) {
        try {
            return FlopCount.of(decimal(typed).toBigIntegerExact());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new TypeConversionException("FLOP count is '" + brief(typed)
                    + "', must be a whole number from 0 to 2^127 - 1 such as 10000, 1e25 or 15T");
        }
    }

    private static String brief(String typed) {
        return typed.length() <= LONGEST ? typed : typed.substring(0, LONGEST) + "...";
    }

    /** Reads a whole number of 64 bits. */
    private static final class Whole implements ITypeConverter<Long> {
        @Override
        public Long convert(String typed) {
            BigInteger number = whole(typed);
            if (number.bitLength() >= Long.SIZE) {
                throw new TypeConversionException("'" + brief(typed) + "' is beyond 2^63 - 1");
            }
            return number.longValueExact();
        }
    }

    /**
     * Devices of one kind: {@code 8xH100}, or {@code H100}, which says nothing of how many.
     *
     * @param count how many; 0 if that was not said
     * @param name the kind as it was typed
     */
    public record Devices(long count, String name) {

        public static Devices parse(String typed) {
            int sign = typed.toLowerCase(Locale.ROOT).indexOf('x');
            if (sign > 0 && sign + 1 < typed.length()) {
                try {
                    BigInteger count = decimal(typed.substring(0, sign)).toBigIntegerExact();
                    if (count.signum() > 0 && count.bitLength() < Integer.SIZE) {
                        return new Devices(
                                count.longValueExact(),
                                typed.substring(sign + 1).strip());
                    }
                } catch (ArithmeticException | NumberFormatException e) {
                    // A name with an x in it, such as RTX-4090.
                    return new Devices(0, typed);
                }
            }
            return new Devices(0, typed);
        }
    }
}
