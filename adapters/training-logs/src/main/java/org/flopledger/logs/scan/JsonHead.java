package org.flopledger.logs.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** The names of the outermost object of a JSON text whose end may be cut off. Stateless. */
public final class JsonHead {

    private static final int MOST_NAMES = 512;
    private static final JsonFactory JSON = JsonLimits.factory();

    private JsonHead() {}

    /** Returns the names in their order, as far as the bytes go; empty if they do not begin an object. */
    public static Set<String> names(byte[] bytes, int from, int to) {
        var names = new LinkedHashSet<String>();
        try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return names;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME && names.size() < MOST_NAMES) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        } catch (IOException e) {
            // The head ends in the middle, or the text only begins like JSON: what came before is all there is.
            return names;
        }
        return names;
    }
}
