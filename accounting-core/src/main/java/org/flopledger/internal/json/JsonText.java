package org.flopledger.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes canonical JSON: keys in the order of the calls, exact integers as decimal strings, UTC instants, null where a value is
 * unknown. No spaces and no line ends.
 *
 * <p>Given to a consumer that writes the fields of one object. Confined to one thread.
 */
public final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator generator;

    private JsonText(JsonGenerator generator) {
        this.generator = generator;
    }

    /** Returns one object with the fields that are written. */
    public static String of(Consumer<JsonText> fields) {
        var out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            new JsonText(generator).object(fields);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return out.toString();
    }

    private void object(Consumer<JsonText> fields) {
        write(generator::writeStartObject);
        fields.accept(this);
        write(generator::writeEndObject);
    }

    /** Writes a text, an exact integer, an instant or a date as a string; null where unknown. */
    public JsonText text(String name, @Nullable Object value) {
        return write(() -> generator.writeStringField(name, value == null ? null : value.toString()));
    }

    /** Writes a whole number that every reader holds exactly, such as an index; null where unknown. */
    public JsonText number(String name, @Nullable Long value) {
        return value == null ? text(name, null) : write(() -> generator.writeNumberField(name, value.longValue()));
    }

    /** Writes a whole number that every reader holds exactly. */
    public JsonText number(String name, long value) {
        return write(() -> generator.writeNumberField(name, value));
    }

    /** Writes a number with a fraction. */
    public JsonText real(String name, double value) {
        return write(() -> generator.writeNumberField(name, value));
    }

    /** Writes yes or no. */
    public JsonText flag(String name, boolean value) {
        return write(() -> generator.writeBooleanField(name, value));
    }

    /** Writes an array of strings. */
    public JsonText texts(String name, Iterable<?> values) {
        write(() -> generator.writeArrayFieldStart(name));
        for (Object value : values) {
            write(() -> generator.writeString(value.toString()));
        }
        return write(generator::writeEndArray);
    }

    /** Writes an array of one value of each element: whole numbers as numbers, what is null as null, all else as strings. */
    public <T> JsonText column(String name, Iterable<T> elements, Function<T, @Nullable Object> value) {
        write(() -> generator.writeArrayFieldStart(name));
        for (T element : elements) {
            Object one = value.apply(element);
            write(() -> {
                if (one instanceof Number number) {
                    generator.writeNumber(number.longValue());
                } else {
                    generator.writeString(one == null ? null : one.toString());
                }
            });
        }
        return write(generator::writeEndArray);
    }

    /** Writes an object that is a field. */
    public JsonText object(String name, Consumer<JsonText> fields) {
        write(() -> generator.writeFieldName(name));
        object(fields);
        return this;
    }

    /** Writes an array with an object for each element. */
    public <T> JsonText objects(String name, Iterable<T> elements, BiConsumer<JsonText, T> fields) {
        write(() -> generator.writeArrayFieldStart(name));
        for (T element : elements) {
            object(json -> fields.accept(json, element));
        }
        return write(generator::writeEndArray);
    }

    private JsonText write(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
