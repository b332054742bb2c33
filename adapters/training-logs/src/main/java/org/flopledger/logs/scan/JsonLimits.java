package org.flopledger.logs.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;

/** The bounds within which JSON from outside is read. */
public final class JsonLimits {

    private static final int DEEPEST_NESTING = 64;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int LONGEST_NAME = 1 << 12;
    private static final int LONGEST_NUMBER = 64;

    private JsonLimits() {}

    /** Returns a factory with bounds; Python's NaN and Infinity are accepted, and no text of the input reaches a message. */
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST_NESTING)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNameLength(LONGEST_NAME)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                // Names repeat in every record: interning them is a global lock and of no use to us.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // A document with very many names may meet a chain of collisions by chance: the table of names is then
                // begun
                // anew, instead of the document being refused.
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .build();
    }
}
