package org.flopledger.huggingface.peft;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.peft.ModuleTree.Entry;

/**
 * A size of each target, such as its rank: the common one, or that of the first name in a pattern field that fits. Confined
 * to one thread.
 */
final class NamedSizes {

    /** How peft reads most patterns: the whole path, or its end after a dot. */
    static final UnaryOperator<String> AS_PART_OF_A_PATH = name -> "(.*\\.)?(" + name + ")$";

    private final String field;
    private final Map<String, Long> byName = new LinkedHashMap<>();
    private final Map<String, Long> factors = new LinkedHashMap<>();
    private final PathPatterns patterns;
    private final long common;

    NamedSizes(Fields fields, MatchBudget budget, String field, UnaryOperator<String> around, long common) {
        this.field = field;
        this.common = common;
        Fields stated = fields.object(field);
        if (stated != null) {
            stated.names().forEach(name -> byName.put(name, stated.size(name)));
        }
        this.patterns = new PathPatterns(fields, budget, field, List.copyOf(byName.keySet()), around);
    }

    /** Multiplies the common size of the targets whose path ends so. */
    void multiply(String ending, long factor) {
        factors.put(ending, factor);
    }

    long of(String path) {
        String name = patterns.first(path);
        if (name != null) {
            return byName.getOrDefault(name, common);
        }
        long factor = factors.entrySet().stream()
                .filter(entry -> path.endsWith("." + entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .findFirst()
                .orElse(1);
        return Math.multiplyExact(common, factor);
    }

    /** Refuses a name that fits none of the targets. */
    void requireEachUsed(Iterable<Entry> targets, ModuleNames names) {
        Set<String> unused = new LinkedHashSet<>(byName.keySet());
        for (Entry target : targets) {
            patterns.removeMatching(unused, target.path());
            if (!target.parameterPath().equals(target.path())) {
                patterns.removeMatching(unused, target.parameterPath());
            }
        }
        if (!unused.isEmpty()) {
            throw names.unmatched(field, unused.iterator().next());
        }
    }
}
