package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a dictionary that Python printed, such as {@code {'loss': '5.832', 'epoch': 0.4}}; a number may stand in
 * quotes, as newer trainers print it. Nothing is evaluated. Stateless.
 */
final class PythonLiteral {

    /** A name in quotes, a colon, and what follows up to the next comma or brace. */
    private static final Pattern MEMBER =
            Pattern.compile("'([\\w./%() -]{1,80})': (?:'([^']{0,60})'|([^,'{}\\[\\]]{1,60}))");

    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,20}(\\.\\d{0,30})?([eE][-+]?\\d{1,2})?");
    private static final int MOST_MEMBERS = 256;

    private PythonLiteral() {}

    /** Returns the members of the first dictionary on a line: numbers, and texts that {@code texts} takes; null if there is none. */
    static @Nullable Map<String, BigDecimal> numbers(String line, Map<String, String> texts) {
        int begin = line.indexOf("{'");
        int end = begin < 0 ? -1 : line.indexOf('}', begin);
        if (end < 0) {
            return null;
        }
        Map<String, BigDecimal> members = new LinkedHashMap<>();
        Matcher member = MEMBER.matcher(line).region(begin, end);
        while (members.size() < MOST_MEMBERS && member.find()) {
            String value =
                    member.group(2) != null ? member.group(2) : member.group(3).strip();
            if (NUMBER.matcher(value).matches()) {
                members.put(member.group(1), new BigDecimal(value));
            } else if (texts.size() < MOST_MEMBERS) {
                texts.put(member.group(1), value);
            }
        }
        return members;
    }
}
