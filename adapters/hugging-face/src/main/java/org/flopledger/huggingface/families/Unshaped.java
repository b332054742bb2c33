package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.JsonFile;

/** Tells the fields that may decide what a model multiplies from those that decide training, generation or numerics. */
public final class Unshaped {

    private static final Set<String> NAMES = new HashSet<>();
    private static final Set<String> SETTLED = new HashSet<>();
    private static final List<Pattern> PATTERNS = new ArrayList<>();

    static {
        ObjectNode data = JsonFile.resource(Unshaped.class, "unshaped.json");
        data.get("names").forEach(name -> NAMES.add(name.asText()));
        data.get("knownFamilies").forEach(name -> SETTLED.add(name.asText()));
        data.get("patterns").forEach(pattern -> PATTERNS.add(Pattern.compile(pattern.asText())));
    }

    private Unshaped() {}

    /**
     * Returns the stated fields that nothing has read although they may decide what is multiplied.
     *
     * @param known whether the family is the stated one, whose reader has settled what some fields mean
     */
    public static List<String> unreadShapes(Fields fields, boolean known) {
        return fields.unread().stream().filter(name -> !isUnshaped(name, known)).toList();
    }

    /** Returns whether a field of this name decides neither the shape of a layer nor how often it runs, in any type. */
    public static boolean decidesNoShape(String name) {
        return isUnshaped(name, false);
    }

    private static boolean isUnshaped(String name, boolean known) {
        return NAMES.contains(name)
                || (known && SETTLED.contains(name))
                || PATTERNS.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
