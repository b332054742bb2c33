package org.flopledger.huggingface.peft;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;

/**
 * A regular expression of Python's {@code re}, matched in time linear in the path and the expression.
 *
 * <p>Where Python and RE2 read an expression differently, or RE2 cannot say it at all (look-around, references back to a
 * group, conditions, atomic groups), the expression is refused: it is never matched with another meaning. Immutable.
 */
final class PythonPattern {

    private static final int LONGEST = 1000;
    private static final int MOST_REPETITIONS = 1000;
    private static final int STEPS_TO_COMPILE = 500;

    /** Escapes that mean the same in Python and in RE2; a letter or digit that is not here is refused. */
    private static final String SAME_ESCAPES = "AbBdDsSwWnrtafv";

    private final Pattern pattern;
    private final int size;
    private final String field;
    private final MatchBudget budget;

    private PythonPattern(Pattern pattern, int size, String field, MatchBudget budget) {
        this.pattern = pattern;
        this.size = size;
        this.field = field;
        this.budget = budget;
    }

    /**
     * Returns the expression.
     *
     * @param written the part of it that stands in the file, which messages show
     * @param expression the whole expression, with what peft puts around {@code written}
     * @throws DescriptionException if it is no expression that both read alike; the message names the field
     */
    static PythonPattern of(Fields fields, MatchBudget budget, String field, String written, String expression) {
        String expected = "a regular expression of at most " + LONGEST
                + " characters without look-around, references back to a group, or repetition of more than "
                + MOST_REPETITIONS;
        if (written.length() > LONGEST) {
            throw fields.wrong(field, "a text of " + written.length() + " characters", expected);
        }
        int repetitions = repetitions(written);
        if (repetitions < 0) {
            throw fields.wrong(field, "the expression \"" + ShownValue.shortened(written, 60) + "\"", expected);
        }
        try {
            int size = Math.multiplyExact(expression.length(), repetitions);
            budget.spend(field, (long) STEPS_TO_COMPILE * size);
            return new PythonPattern(Pattern.compile(expression), size, field, budget);
        } catch (PatternSyntaxException e) {
            throw fields.wrong(field, "the expression \"" + ShownValue.shortened(written, 60) + "\"", expected);
        }
    }

    /** Returns whether the whole path matches: Python's {@code re.fullmatch}. */
    boolean matchesWhole(String path) {
        budget.spend(field, (long) size * (path.length() + 1));
        return pattern.matcher(path).matches();
    }

    /** Returns whether the path matches from its first character on: Python's {@code re.match}. */
    boolean matchesFromStart(String path) {
        budget.spend(field, (long) size * (path.length() + 1));
        return pattern.matcher(path).lookingAt();
    }

    /** Returns the product of all counted repetitions, at least 1; -1 if Python and RE2 could read it differently. */
    private static int repetitions(String expression) {
        long product = 1;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\') {
                i++;
                if (i == expression.length() || !isSameEscape(expression.charAt(i))) {
                    return -1;
                }
            } else if (c == '[') {
                i = endOfClass(expression, i);
                if (i < 0) {
                    return -1;
                }
            } else if (c == '(' && expression.startsWith("(?", i) && !isSameGroup(expression, i)) {
                return -1;
            } else if (c == '{') {
                long count = count(expression, i);
                product *= Math.max(1, count);
                if (count < 0 || product > MOST_REPETITIONS) {
                    return -1;
                }
            }
        }
        return (int) product;
    }

    private static boolean isSameEscape(char c) {
        boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return c < 128 && (!letterOrDigit || SAME_ESCAPES.indexOf(c) >= 0);
    }

    private static boolean isSameGroup(String expression, int at) {
        return expression.startsWith("(?:", at)
                || expression.startsWith("(?P<", at)
                || (expression.startsWith("(?i)", at) && at == 0);
    }

    /** Returns the position of the bracket that ends a class, or -1 where the two languages may differ. */
    private static int endOfClass(String expression, int start) {
        int first = start + 1 + (expression.startsWith("[^", start) ? 1 : 0);
        for (int i = first; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\') {
                i++;
                // Inside a class \b is a backspace in Python.
                if (i == expression.length() || expression.charAt(i) == 'b' || !isSameEscape(expression.charAt(i))) {
                    return -1;
                }
            } else if (c == '[' || isSetOperation(expression, i)) {
                // Python warns that nested classes and set operations will change their meaning.
                return -1;
            } else if (c == ']' && i > first) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSetOperation(String expression, int at) {
        String twice = String.valueOf(expression.charAt(at)).repeat(2);
        return List.of("&&", "~~", "||", "--").contains(twice) && expression.startsWith(twice, at);
    }

    /** Returns the most repetitions of {@code {n}}, {@code {n,}} or {@code {n,m}}; -1 for anything else. */
    private static long count(String expression, int start) {
        int end = expression.indexOf('}', start);
        if (end < 0) {
            return -1;
        }
        String[] numbers = expression.substring(start + 1, end).split(",", -1);
        boolean numeric = numbers.length <= 2
                && numbers[0].matches("[0-9]{1,4}")
                && (numbers.length == 1 || numbers[1].matches("[0-9]{0,4}"));
        if (!numeric) {
            return -1;
        }
        long least = Long.parseLong(numbers[0]);
        return numbers.length == 1 || numbers[1].isEmpty() ? least : Long.parseLong(numbers[1]);
    }
}
