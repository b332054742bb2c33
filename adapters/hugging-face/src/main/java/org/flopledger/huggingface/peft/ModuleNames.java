package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.peft.ModuleTree.Entry;
import org.flopledger.huggingface.peft.ModuleTree.Unit;
import org.flopledger.model.LowRank;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the ways in which peft names modules: a list of endings, one regular expression, or "all-linear"; without those
 * that are excluded or saved whole. A name that stands in a list and matches nothing is an error. Confined to one thread.
 */
final class ModuleNames {

    private final Fields fields;
    private final ModuleTree tree;
    private final MatchBudget budget;

    ModuleNames(Fields fields, ModuleTree tree, MatchBudget budget) {
        this.fields = fields;
        this.tree = tree;
        this.budget = budget;
    }

    /**
     * Returns the modules that {@code target_modules} names.
     *
     * @param absent what peft takes where the field is absent, or null if it takes nothing
     * @throws DescriptionException if a name of a list, or the whole, matches nothing
     */
    List<Entry> targets(@Nullable JsonNode absent) {
        JsonNode stated = fields.raw("target_modules");
        if (stated == null && absent == null) {
            throw fields.missing(
                    "target_modules", "a list of module names: peft has no default for this kind of model");
        }
        return targets(stated == null ? absent : stated, stated != null);
    }

    /** Returns the modules of a list or an expression in place of the one that is stated. */
    List<Entry> targets(@Nullable JsonNode value, boolean everyName) {
        Predicate<String> named = matcher("target_modules", value, everyName);
        Predicate<String> excluded = excluded();
        Predicate<String> inLayers = value != null && value.isArray() ? layers() : path -> true;
        Set<String> exact = value != null && value.isArray() ? texts(value) : Set.of();
        List<Entry> found = new ArrayList<>();
        for (Entry entry : tree.entries()) {
            boolean candidate = entry.isModule() && named.test(entry.path()) && !isAllLinearsHead(value, entry);
            if (candidate
                    && !excluded.test(entry.path())
                    && (exact.contains(entry.path()) || inLayers.test(entry.path()))) {
                found.add(entry);
            }
        }
        if (found.isEmpty()) {
            throw fields.unusable("target_modules match nothing that is left after layers_to_transform, exclude_modules"
                    + " and modules_to_save; a module of this model is " + tree.example());
        }
        return found;
    }

    private boolean isAllLinearsHead(@Nullable JsonNode value, Entry entry) {
        return isAllLinear(value) && (entry.unit() != Unit.LINEAR || ModuleTree.isOutputHead(entry));
    }

    static boolean isAllLinear(@Nullable JsonNode value) {
        return value != null
                && value.isTextual()
                && value.textValue().toLowerCase(Locale.ROOT).equals(LowRank.ALL_LINEAR);
    }

    /**
     * Returns which paths a field names.
     *
     * @param everyName whether each name of a list must match a module
     */
    Predicate<String> matcher(String field, @Nullable JsonNode value, boolean everyName) {
        if (value == null) {
            return path -> false;
        } else if (isAllLinear(value)) {
            return path -> true;
        } else if (value.isTextual()) {
            PythonPattern pattern = PythonPattern.of(fields, budget, field, value.textValue(), value.textValue());
            return pattern::matchesWhole;
        } else if (!value.isArray()) {
            throw fields.wrong(field, ShownValue.of(value), "a list of module names or a regular expression");
        }
        Set<String> names = texts(value);
        if (everyName) {
            names.forEach(name -> requireModule(field, name));
        }
        return path -> {
            budget.spend(field, names.size());
            return names.stream().anyMatch(name -> isOrEndsWith(path, name));
        };
    }

    /** Returns which paths a field names by their last characters, or by one expression, as IA3 does. */
    Predicate<String> endings(String field, JsonNode value) {
        if (!value.isArray()) {
            return matcher(field, value, false);
        }
        Set<String> names = texts(value);
        return path -> names.stream().anyMatch(path::endsWith);
    }

    private void requireModule(String field, String name) {
        budget.spend(field, tree.entries().size());
        if (tree.entries().stream().noneMatch(entry -> entry.isModule() && isOrEndsWith(entry.path(), name))) {
            throw unmatched(field, name);
        }
    }

    private Set<String> texts(JsonNode list) {
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode name : list) {
            if (!name.isTextual()) {
                throw fields.wrong("target_modules", "a list with " + ShownValue.of(name), "a list of texts");
            }
            texts.add(name.textValue());
        }
        return texts;
    }

    static boolean isOrEndsWith(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }

    private Predicate<String> excluded() {
        Predicate<String> excluded = matcher("exclude_modules", fields.raw("exclude_modules"), true);
        List<String> saved = fields.texts("modules_to_save");
        return saved == null ? excluded : excluded.or(path -> saved.stream().anyMatch(name -> isInside(path, name)));
    }

    /** Returns whether the path has {@code name} as a whole run of its parts. */
    private static boolean isInside(String path, String name) {
        return ("." + path + ".").contains("." + name + ".");
    }

    /** One index or a list of them; where a pattern names the list of layers, only the numbers after it are indexes. */
    private Predicate<String> layers() {
        JsonNode stated = fields.raw("layers_to_transform");
        if (stated == null || (stated.isArray() && stated.isEmpty())) {
            return path -> true;
        }
        List<Long> listed = stated.isArray() ? fields.integers("layers_to_transform", Spellings.MOST_LAYERS) : null;
        Set<Long> indexes = new LinkedHashSet<>(
                listed != null ? listed : List.of(fields.sizeUpToOrZero(Spellings.MOST_LAYERS, "layers_to_transform")));
        Set<String> lists = layerLists();
        for (long index : indexes) {
            if (tree.entries().stream().noneMatch(entry -> layerOf(entry.path(), lists) == index)) {
                throw unmatched("layers_to_transform", Long.toString(index));
            }
        }
        return path -> indexes.contains(layerOf(path, lists));
    }

    private Set<String> layerLists() {
        JsonNode stated = fields.raw("layers_pattern");
        if (stated == null) {
            return Set.of();
        }
        Set<String> lists = stated.isTextual() ? Set.of(stated.textValue()) : texts(stated);
        for (String list : lists) {
            if (!list.matches("[A-Za-z0-9_.]+")) {
                throw fields.wrong("layers_pattern", ShownValue.of(stated), "plain names of lists of layers");
            }
        }
        return lists;
    }

    /** Returns the first number that is a whole part of the path, with a part after it and two before; -1 for none. */
    private static long layerOf(String path, Set<String> lists) {
        String[] parts = path.split("\\.", -1);
        for (int i = 2; i < parts.length - 1; i++) {
            boolean named = lists.isEmpty();
            for (String list : lists) {
                named |= ("." + String.join(".", List.of(parts).subList(0, i))).endsWith("." + list);
            }
            if (named && parts[i].matches("[0-9]{1,9}")) {
                return Long.parseLong(parts[i]);
            }
        }
        return -1;
    }

    /** Returns the exception for a name that matches nothing. */
    DescriptionException unmatched(String field, String name) {
        return fields.wrong(
                field,
                "naming \"" + ShownValue.shortened(ShownValue.printable(name), 60)
                        + "\", which is nothing in this model",
                "names of its modules, such as " + tree.example());
    }
}
