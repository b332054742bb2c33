package org.flopledger.huggingface.peft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.flopledger.huggingface.description.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The names or expressions of a pattern field such as {@code rank_pattern}, of which the first that fits a path counts.
 *
 * <p>Most are plain names: they are found by looking up the end of the path, so that tens of thousands of them cost no more
 * than the path has parts. Confined to one thread.
 */
final class PathPatterns {

    private final String field;
    private final List<String> written;
    private final MatchBudget budget;
    private final Map<Ending, Map<String, Integer>> plain = new HashMap<>();
    private final List<Expression> expressions = new ArrayList<>();

    /** The length of a plain name and where it has dots, each of which stands for any character. */
    private record Ending(int length, List<Integer> dots) {}

    private record Expression(int index, PythonPattern pattern) {}

    /**
     * Reads the names.
     *
     * @param around what peft puts around a name to make an expression of it
     */
    PathPatterns(Fields fields, MatchBudget budget, String field, List<String> names, UnaryOperator<String> around) {
        this.field = field;
        this.written = List.copyOf(names);
        this.budget = budget;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (isPlain(name)) {
                plain.computeIfAbsent(ending(name), shape -> new HashMap<>()).putIfAbsent(name, i);
            } else {
                expressions.add(new Expression(i, PythonPattern.of(fields, budget, field, name, around.apply(name))));
            }
        }
    }

    /** Returns the first name that fits, or null. */
    @Nullable
    String first(String path) {
        int least = firstPlain(path);
        for (Expression expression : expressions) {
            if (expression.index >= least) {
                break;
            }
            if (expression.pattern.matchesFromStart(path)) {
                least = expression.index;
            }
        }
        return least == Integer.MAX_VALUE ? null : written.get(least);
    }

    /** Takes from these names all that fit the path. */
    void removeMatching(Set<String> names, String path) {
        plainOnes(path).forEach(index -> names.remove(written.get(index)));
        for (Expression expression : expressions) {
            String name = written.get(expression.index);
            if (names.contains(name) && expression.pattern.matchesFromStart(path)) {
                names.remove(name);
            }
        }
    }

    private int firstPlain(String path) {
        return plainOnes(path).stream().mapToInt(Integer::intValue).min().orElse(Integer.MAX_VALUE);
    }

    /** Returns the positions of the plain names that fit. */
    private List<Integer> plainOnes(String path) {
        List<Integer> found = new ArrayList<>();
        budget.spend(field, plain.size());
        for (Map.Entry<Ending, Map<String, Integer>> entry : plain.entrySet()) {
            int start = path.length() - entry.getKey().length;
            if (start < 0 || (start > 0 && path.charAt(start - 1) != '.')) {
                continue;
            }
            var end = new StringBuilder(path.substring(start));
            entry.getKey().dots.forEach(dot -> end.setCharAt(dot, '.'));
            budget.spend(field, end.length());
            Integer index = entry.getValue().get(end.toString());
            if (index != null) {
                found.add(index);
            }
        }
        return found;
    }

    private static boolean isPlain(String name) {
        return name.chars()
                .allMatch(c -> (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '_'
                        || c == '.');
    }

    private static Ending ending(String name) {
        List<Integer> dots = new ArrayList<>();
        for (int i = name.indexOf('.'); i >= 0; i = name.indexOf('.', i + 1)) {
            dots.add(i);
        }
        return new Ending(name.length(), dots);
    }
}
