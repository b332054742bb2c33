package org.flopledger.huggingface.description;

import com.fasterxml.jackson.databind.JsonNode;

/** Shows a JSON value in a message: short, on one line, and with its type where that is what is wrong. */
public final class ShownValue {

    private static final int LONGEST = 48;

    private ShownValue() {}

    public static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "the text \"" + shortened(printable(value.textValue()), LONGEST) + "\"";
            case ARRAY -> "an array of " + value.size();
            case OBJECT -> "an object of " + value.size() + " fields";
            case MISSING -> "nothing";
            default -> shortened(value.asText(), LONGEST);
        };
    }

    public static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "... (" + text.length() + " characters)";
    }

    /** Returns the text without control characters, which could move a terminal's cursor or split a log line. */
    public static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
