package org.flopledger.spool;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a line, by the names that they have there. */
enum LineField {
    V(Kind.INT),
    TYPE(Kind.TEXT),
    RUN(Kind.TEXT),
    ATTEMPT(Kind.INT),
    STEP(Kind.LONG),
    SOURCE(Kind.TEXT),
    STAGE(Kind.TEXT),
    MODEL(Kind.TEXT),
    STARTED_AT(Kind.LONG),
    ENDED_AT(Kind.LONG),
    TOKENS(Kind.LONG),
    PADDING_TOKENS(Kind.LONG),
    GENERATED_TOKENS(Kind.LONG),
    SEQUENCES(Kind.INT),
    SQUARED_LENGTHS(Kind.LONG),
    REPORTED_FLOP(Kind.TEXT),
    DEVICES(Kind.INT),
    DEVICE_SECONDS(Kind.REAL),
    UTILISATION(Kind.REAL),
    ENERGY_JOULES(Kind.REAL),
    TOTAL_PARAMETERS(Kind.LONG),
    ACTIVE_PARAMETERS(Kind.LONG),
    TRAINABLE_PARAMETERS(Kind.LONG),
    MOE(Kind.TRUTH),
    PEFT_EVENT(Kind.TEXT),
    PEFT_METHOD(Kind.TEXT),
    LOST(Kind.LONG),
    RECOMPUTE(Kind.TEXT),
    CONFIG(Kind.OBJECT),
    ADAPTER(Kind.OBJECT);

    private static final Map<String, LineField> BY_KEY = new HashMap<>();

    static {
        for (LineField field : values()) {
            BY_KEY.put(field.key(), field);
        }
    }

    private final Kind kind;

    LineField(Kind kind) {
        this.kind = kind;
    }

    /** What a field may hold. */
    enum Kind {
        INT,
        LONG,
        REAL,
        TEXT,
        TRUTH,
        OBJECT
    }

    Kind kind() {
        return kind;
    }

    /** Returns the field's name in a line. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the field of a name, or null if there is none: such fields are not read. */
    static @Nullable LineField of(String key) {
        return BY_KEY.get(key);
    }
}
