package org.flopledger.cli.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes canonical JSON: keys in the order of the calls, big integers as decimal strings, UTC instants, null where a value is
 * unknown.
 *
 * <p>Every method returns this writer. Confined to one thread. {@link #close()} writes a final newline and flushes, and leaves
 * the target open.
 */
public final class CanonicalJson implements AutoCloseable {

    private final Writer target;
    private final JsonGenerator generator;

    /** Writes to a target, which stays open. */
    public CanonicalJson(Writer target) {
        this.target = target;
        try {
            generator = new JsonFactory()
                    .setCharacterEscapes(new JsonEscapes())
                    .createGenerator(target)
                    .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                    .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT.mappedFeature());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an object that is an element of an array, or the whole. */
    public CanonicalJson beginObject() {
        return write(generator::writeStartObject);
    }

    /** Opens an object that is a field. */
    public CanonicalJson beginObject(String name) {
        return write(() -> generator.writeObjectFieldStart(name));
    }

    /** Closes an object. */
    public CanonicalJson endObject() {
        return write(generator::writeEndObject);
    }

    /** Opens an array that is a field. */
    public CanonicalJson beginArray(String name) {
        return write(() -> generator.writeArrayFieldStart(name));
    }

    /** Closes an array. */
    public CanonicalJson endArray() {
        return write(generator::writeEndArray);
    }

    /** Writes an array of texts that is a field. */
    public CanonicalJson texts(String name, Iterable<String> values) {
        beginArray(name);
        values.forEach(this::element);
        return endArray();
    }

    /** Writes a warning as an element of the array that is open: its kind by name, which is a promise, and a sentence. */
    public CanonicalJson warning(Enum<?> code, String message) {
        return beginObject().text("code", code.name()).text("message", message).endObject();
    }

    /** Writes a text that is an element of an array. */
    public CanonicalJson element(String value) {
        return write(() -> generator.writeString(value));
    }

    /** Writes a text; null where unknown. */
    public CanonicalJson text(String name, @Nullable String value) {
        return write(() -> generator.writeStringField(name, value));
    }

    /**
     * Writes an exact integer as a decimal string; null where unknown.
     *
     * @param value a {@link Long}, {@link java.math.BigInteger} or {@link org.flopledger.units.FlopCount}
     */
    public CanonicalJson exact(String name, @Nullable Object value) {
        return text(name, value == null ? null : value.toString());
    }

    /** Writes a small integer as a JSON number; null where unknown. */
    public CanonicalJson number(String name, @Nullable Long value) {
        return value == null ? text(name, null) : write(() -> generator.writeNumberField(name, value.longValue()));
    }

    /** Writes yes or no. */
    public CanonicalJson flag(String name, boolean value) {
        return write(() -> generator.writeBooleanField(name, value));
    }

    /** Writes an instant as ISO-8601 in UTC; null where unknown. */
    public CanonicalJson instant(String name, @Nullable Instant value) {
        return text(name, value == null ? null : value.toString());
    }

    /** Writes a field that is unknown or does not apply. */
    public CanonicalJson none(String name) {
        return text(name, null);
    }

    @Override
    public void close() {
        write(() -> {
            generator.close();
            target.write('\n');
            target.flush();
        });
    }

    private CanonicalJson write(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
