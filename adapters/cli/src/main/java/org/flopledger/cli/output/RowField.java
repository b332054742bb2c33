package org.flopledger.cli.output;

import java.math.BigDecimal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table: what is shown of a row, and the exact value it is sorted, chosen and exported by.
 *
 * @param name its name in {@code --sort}, {@code --where} and {@code --csv}
 * @param header its name above the column
 * @param isNumeric whether values are numbers
 * @param value exact value of a row, a {@link BigDecimal} or a text; null where unknown
 * @param shown what a person sees of a row
 */
public record RowField<R>(
        String name, String header, boolean isNumeric, Function<R, @Nullable Object> value, Function<R, String> shown) {

    private static final String UNKNOWN = "?";

    /** Returns a column of texts. */
    static <R> RowField<R> text(String name, String header, Function<R, @Nullable Object> value) {
        return new RowField<>(name, header, false, value, row -> or(value.apply(row)));
    }

    /** Returns a column of numbers that are shown as written by {@code shown}. */
    static <R> RowField<R> number(
            String name, String header, Function<R, @Nullable Object> value, Function<R, String> shown) {
        return new RowField<>(
                name,
                header,
                true,
                row -> {
                    Object number = value.apply(row);
                    return number == null ? null : new BigDecimal(number.toString());
                },
                shown);
    }

    /** Returns a column of numbers that are shown as they are. */
    static <R> RowField<R> number(String name, String header, Function<R, @Nullable Object> value) {
        return number(name, header, value, row -> or(value.apply(row)));
    }

    private static String or(@Nullable Object value) {
        return value == null ? UNKNOWN : value.toString();
    }
}
