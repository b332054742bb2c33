package org.flopledger.cli.text;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/** Escapes in JSON what {@link ShownText} escapes for people: a reader decodes it to the same text, a terminal draws it harmless. */
final class JsonEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7F;

    private final int[] ascii = standardAsciiEscapesForJSON();

    JsonEscapes() {
        ascii[DELETE] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        char c = (char) character;
        // Half of a pair is not judged alone.
        return ShownText.isSafe(c) || Character.isSurrogate(c)
                ? null
                : new SerializedString(ShownText.escaped(String.valueOf(c)));
    }
}
