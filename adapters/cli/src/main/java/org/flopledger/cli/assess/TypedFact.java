package org.flopledger.cli.assess;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.flopledger.cli.options.Quantity;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Readers of what is typed as a fact; each refuses with what was typed and what was expected. */
final class TypedFact {

    private TypedFact() {}

    /** Returns a word as rules spell it: small letters, hyphens. */
    static String word(String typed) {
        return typed.strip().toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    /**
     * States the fact of an assignment such as {@code training-hardware=yes}.
     *
     * @throws IllegalArgumentException if no fact has that name or the value is not of its kind
     */
    static void addTo(Facts.Builder facts, String assignment) {
        int sign = assignment.indexOf('=');
        if (sign < 1) {
            throw new IllegalArgumentException("--fact is '" + assignment + "', must be NAME=VALUE");
        }
        FactName fact = FactName.ofKey(assignment.substring(0, sign));
        String value = assignment.substring(sign + 1);
        switch (fact.kind()) {
            case TAGS -> facts.tag(fact, FactWords.checked(fact, value));
            case ANSWER -> facts.answer(fact, new YesNo().convert(value));
            case AMOUNT -> facts.amount(fact, new Amount().convert(value));
        }
    }

    /** Reads a whole number of FLOP. */
    static final class Flop implements ITypeConverter<FlopCount> {
        @Override
        public FlopCount convert(String value) {
            return Quantity.flop(value);
        }
    }

    /** Reads the compute of an original, which may be the word unknown. */
    static final class Base implements ITypeConverter<Facts.Original> {
        @Override
        public Facts.Original convert(String value) {
            return value.equalsIgnoreCase("unknown")
                    ? new Facts.Original(null)
                    : new Facts.Original(FlopBounds.exactly(new Flop().convert(value)));
        }
    }

    /** Reads a stage, with hyphens or underscores. */
    static final class StageName implements ITypeConverter<Stage> {
        @Override
        public Stage convert(String value) {
            String name = word(value).replace('-', '_');
            for (Stage stage : Stage.values()) {
                if (stage.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return stage;
                }
            }
            throw new TypeConversionException("stage is '" + value + "', must be one of "
                    + word(List.of(Stage.values()).toString()).replace(",-", ", "));
        }
    }

    /** Reads yes or no. */
    static final class YesNo implements ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String value) {
            return switch (word(value)) {
                case "yes", "true" -> true;
                case "no", "false" -> false;
                default -> throw new TypeConversionException("answer is '" + value + "', must be yes or no");
            };
        }
    }

    /** Reads an amount of money or another plain number. */
    static final class Amount implements ITypeConverter<BigDecimal> {

        private static final int LARGEST_SCALE = 60;

        @Override
        public BigDecimal convert(String value) {
            try {
                BigDecimal amount = Quantity.decimal(value);
                if (amount.signum() >= 0 && Math.abs((long) amount.scale()) <= LARGEST_SCALE) {
                    return amount;
                }
            } catch (NumberFormatException e) {
                // Falls through to the one message below, which says what a number looks like.
            }
            throw new TypeConversionException(
                    "amount is '" + value + "', must be a number >= 0 such as 500000000 or 500M");
        }
    }

    /** Reads a date. */
    static final class Day implements ITypeConverter<LocalDate> {
        @Override
        public LocalDate convert(String value) {
            try {
                return LocalDate.parse(value);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("date is '" + value + "', must be a date such as 2026-11-20");
            }
        }
    }
}
