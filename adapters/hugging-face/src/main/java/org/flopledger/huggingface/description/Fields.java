package org.flopledger.huggingface.description;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Typed, bounded reading of the fields of one JSON object, over the defaults of its family.
 *
 * <p>A field may have several spellings; where two are stated they must agree. A field that is absent has its family's
 * default; a field that is {@code null} has none, as in transformers. Confined to one thread, because reading takes notes.
 */
public final class Fields {

    /** The largest dimension that is believed; products of three stay below 2^90 and are checked again by the model. */
    public static final long LARGEST = 1L << 30;

    /** The entry of a family's defaults that says that they are not known. */
    private static final String MUST_STATE = "mustState";

    private final ObjectNode stated;
    private final @Nullable ObjectNode defaults;
    private final String source;
    private final String path;
    private final Notes notes;
    private final Set<String> read = new HashSet<>();

    public Fields(ObjectNode stated, @Nullable ObjectNode defaults, String source, String path, Notes notes) {
        this.stated = stated;
        this.defaults = defaults;
        this.source = source;
        this.path = path;
        this.notes = notes;
    }

    private @Nullable JsonNode value(String name) {
        read.add(name);
        return stated.get(name);
    }

    private JsonNode present(String name) {
        return Objects.requireNonNull(value(name), name);
    }

    /**
     * Returns the names of the fields that are stated, say something and were not looked at since these fields were made; in
     * their order. Nothing, false, zero and what is empty say nothing.
     */
    public List<String> unread() {
        return names().stream()
                .filter(name -> !read.contains(name) && saysSomething(stated.get(name)))
                .toList();
    }

    /** Says that these fields are understood although nothing reads them: the layers they describe do not exist. */
    public void settle(String... names) {
        read.addAll(List.of(names));
    }

    /** Returns whether a value says more than nothing, false, zero and what is empty. */
    public static boolean saysSomething(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.asDouble() != 0;
            case STRING -> !value.textValue().isEmpty();
            case ARRAY, OBJECT -> !value.isEmpty();
            default -> false;
        };
    }

    /** Returns the fields of a whole file. */
    public static Fields of(ObjectNode root, String source, Notes notes) {
        return new Fields(root, null, source, "$", notes);
    }

    /** Returns these fields over the defaults of a family. */
    public Fields over(ObjectNode familyDefaults) {
        return new Fields(stated, familyDefaults, source, path, notes);
    }

    /** Returns these fields with one taken from the object around them, where it states it. */
    public Fields inheriting(Fields outer, String name) {
        return outer.stated.has(name) ? withField(name, outer.stated.get(name)) : this;
    }

    /** Returns these fields with a text where the field is absent; null changes nothing. */
    public Fields orText(String name, @Nullable String value) {
        return value == null || raw(name) != null ? this : withField(name, TextNode.valueOf(value));
    }

    private Fields withField(String name, JsonNode value) {
        ObjectNode copy = stated.deepCopy();
        copy.set(name, value);
        return new Fields(copy, defaults, source, path, notes);
    }

    public Notes notes() {
        return notes;
    }

    public String path() {
        return path;
    }

    /** Returns whether one of the spellings is stated with a value other than null. */
    public boolean states(String... spellings) {
        return statedName(spellings) != null;
    }

    /** Returns whether the field is stated as null, which in transformers is not the same as absent. */
    public boolean isStatedNull(String name) {
        JsonNode value = value(name);
        return value != null && value.isNull();
    }

    /** Returns a size from 1 to 2^30: the stated one, or the family's default. */
    public long size(String... spellings) {
        return required(1, LARGEST, spellings);
    }

    /** Returns a size that may be 0. */
    public long sizeOrZero(String... spellings) {
        return required(0, LARGEST, spellings);
    }

    /** Returns a stated size that may be 0, or this one where the field is absent or null. */
    public long sizeOrDefault(String name, long absent) {
        JsonNode value = raw(name);
        return value == null ? absent : integer(name, value, 0, LARGEST);
    }

    /** Returns a number from 0 to {@code most}. */
    public long sizeUpToOrZero(long most, String... spellings) {
        return required(0, most, spellings);
    }

    /** Returns a size from 1 to {@code most}. */
    public long sizeUpTo(long most, String... spellings) {
        return required(1, most, spellings);
    }

    /** Returns a size, or nothing where the field is null, or is absent and has no default. */
    public OptionalLong optionalSize(String... spellings) {
        String name = statedName(spellings);
        if (name != null) {
            return OptionalLong.of(integer(name, present(name), 1, LARGEST));
        }
        return isNull(spellings) ? OptionalLong.empty() : defaultSize(spellings);
    }

    /** Returns a stated size and nothing else; the family's default is not looked at. */
    public OptionalLong statedSize(String... spellings) {
        String name = statedName(spellings);
        return name == null ? OptionalLong.empty() : OptionalLong.of(integer(name, present(name), 1, LARGEST));
    }

    private long required(long least, long most, String... spellings) {
        String name = statedName(spellings);
        if (name != null) {
            return integer(name, present(name), least, most);
        }
        OptionalLong absent = defaultSize(spellings);
        if (absent.isEmpty()) {
            throw missing(spellings[0], "an integer from " + least + " to " + most);
        }
        return absent.getAsLong();
    }

    private OptionalLong defaultSize(String... spellings) {
        if (defaults != null) {
            for (String name : spellings) {
                JsonNode value = defaults.get(name);
                if (value != null && value.isIntegralNumber()) {
                    notes.defaulted(name, value.longValue());
                    return OptionalLong.of(value.longValue());
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Returns whether the field is stated as -1, which some families write for "to the end". */
    public boolean isMinusOne(String name) {
        JsonNode value = raw(name);
        return value != null && value.isIntegralNumber() && value.longValue() == -1;
    }

    /** Returns a truth value: the stated one, or the family's default, or false. */
    public boolean flag(String name) {
        JsonNode value = value(name);
        if (value == null || value.isNull()) {
            JsonNode absent = defaults == null ? null : defaults.get(name);
            if (absent == null && value == null && mustState()) {
                throw missing(name, "true or false: what this family takes it for where it is absent is not known");
            }
            return absent != null && absent.asBoolean();
        }
        if (!value.isBoolean()) {
            throw wrong(name, ShownValue.of(value), "true or false");
        }
        return value.booleanValue();
    }

    /** Returns whether the family's defaults are not known, so that every truth value must be stated. */
    private boolean mustState() {
        return defaults != null && defaults.has(MUST_STATE);
    }

    /** Returns a stated text, or null. */
    @Nullable
    public String text(String name) {
        JsonNode value = value(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(name, ShownValue.of(value), "a text");
        }
        return value.textValue();
    }

    /** Returns a stated array of integers from 0 to {@code most}, or null. */
    @Nullable
    public List<Long> integers(String name, long most) {
        JsonNode array = array(name);
        if (array == null) {
            return null;
        }
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            values.add(integer(name + "[" + i + "]", array.get(i), 0, most));
        }
        return values;
    }

    /** Returns a stated array of texts, or null. */
    @Nullable
    public List<String> texts(String name) {
        JsonNode array = array(name);
        if (array == null) {
            return null;
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode value = array.get(i);
            if (!value.isTextual()) {
                throw wrong(name + "[" + i + "]", ShownValue.of(value), "a text");
            }
            values.add(value.textValue());
        }
        return values;
    }

    private @Nullable JsonNode array(String name) {
        JsonNode value = value(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isArray()) {
            throw wrong(name, ShownValue.of(value), "an array");
        }
        return value;
    }

    /** Returns the value as it stands, or null where it is absent or null. */
    @Nullable
    public JsonNode raw(String name) {
        JsonNode value = value(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Returns the names of all stated fields. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        stated.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns a stated object, over the defaults of the same name; null where it is absent. */
    @Nullable
    public Fields object(String name) {
        JsonNode value = raw(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof ObjectNode object)) {
            throw wrong(name, ShownValue.of(value), "an object");
        }
        return new Fields(object, defaultObject(name), source, path + "." + name, notes);
    }

    /** Returns a stated object without defaults and with notes of its own; null where it is absent. */
    @Nullable
    public Fields apart(String name, Notes ownNotes) {
        Fields object = object(name);
        return object == null ? null : new Fields(object.stated, null, source, object.path, ownNotes);
    }

    /** Returns a stated object, or an empty one over the defaults of the same name. */
    public Fields objectOrDefaults(String name) {
        Fields object = object(name);
        return object != null
                ? object
                : new Fields(stated.objectNode(), defaultObject(name), source, path + "." + name, notes);
    }

    private @Nullable ObjectNode defaultObject(String name) {
        return defaults != null && defaults.get(name) instanceof ObjectNode object ? object : null;
    }

    private @Nullable String statedName(String... spellings) {
        String found = null;
        for (String name : spellings) {
            JsonNode value = raw(name);
            if (value == null) {
                continue;
            }
            if (found == null) {
                found = name;
            } else if (!value.equals(value(found))) {
                throw wrong(
                        name,
                        ShownValue.of(value),
                        "equal to " + path + "." + found + ", its other spelling (" + ShownValue.of(present(found))
                                + ")");
            }
        }
        return found;
    }

    private boolean isNull(String... spellings) {
        return List.of(spellings).stream().anyMatch(this::isStatedNull);
    }

    private long integer(String name, JsonNode value, long least, long most) {
        String expected = "an integer from " + least + " to " + most;
        if (!value.isNumber()) {
            throw wrong(name, ShownValue.of(value), expected);
        }
        if (value.isFloatingPointNumber() && !value.isBigDecimal()) {
            // NaN and the infinities.
            throw wrong(name, value.asText(), expected);
        }
        BigDecimal number = value.decimalValue();
        // Comparing is cheap whatever the exponent; writing 1e100000 out would not be.
        boolean inRange =
                number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
        if (!inRange || number.stripTrailingZeros().scale() > 0) {
            throw wrong(name, ShownValue.of(value), expected);
        }
        return number.longValueExact();
    }

    /** Returns the exception for a value that stands where another was expected. */
    public DescriptionException wrong(String name, String actual, String expected) {
        return new DescriptionException(source + ": " + path + "." + name + " is " + actual + ", must be " + expected);
    }

    /** Returns the exception for a value that is absent. */
    public DescriptionException missing(String name, String expected) {
        return new DescriptionException(source + ": " + path + "." + name + " is absent, must be " + expected);
    }

    /** Returns the exception for a description whose parts do not fit together. */
    public DescriptionException unusable(String message) {
        return new DescriptionException(source + ": " + path + ": " + message);
    }
}
