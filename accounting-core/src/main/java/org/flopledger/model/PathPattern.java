package org.flopledger.model;

import java.util.List;
import java.util.Set;

/**
 * A run of neighbouring parts of a module path, such as {@code layers.0-11.self_attn}.
 *
 * @param parts each a name, {@code *} for any part, or a range of numbers
 */
record PathPattern(List<String> parts) {

    static PathPattern of(String name) {
        return new PathPattern(List.of(name.split("\\.", -1)));
    }

    static boolean anyMatches(List<PathPattern> patterns, Operation operation) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(operation.path()));
    }

    /** Refuses a name that is part of no operation with learned values. */
    static void requireEachMatches(Set<String> names, List<Operation> operations) {
        for (String name : names) {
            PathPattern pattern = of(name);
            boolean found = operations.stream()
                    .anyMatch(operation -> holdsValues(operation) && pattern.matches(operation.path()));
            if (!found) {
                throw new IllegalArgumentException("part '" + name + "' matches nothing in the model, must be part of a"
                        + " path such as " + Parts.example(operations));
            }
        }
    }

    private static boolean holdsValues(Operation operation) {
        Operation.Matrix matrix = operation.matrix();
        return operation.kind().parameters() > 0 || (matrix != null && matrix.tied());
    }

    boolean matches(String path) {
        String[] found = path.split("\\.", -1);
        for (int start = 0; start + parts.size() <= found.length; start++) {
            if (matchesAt(found, start)) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesAt(String[] found, int start) {
        for (int i = 0; i < parts.size(); i++) {
            if (!matches(parts.get(i), found[start + i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String part, String found) {
        if (part.equals("*") || part.equals(found)) {
            return true;
        }
        int dash = part.indexOf('-');
        if (dash < 1 || !isNumber(found)) {
            return false;
        }
        String first = part.substring(0, dash);
        String last = part.substring(dash + 1);
        return isNumber(first)
                && isNumber(last)
                && Integer.parseInt(first) <= Integer.parseInt(found)
                && Integer.parseInt(found) <= Integer.parseInt(last);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
