package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Shown;
import org.flopledger.model.LowRank;
import org.flopledger.model.Operation;
import org.jspecify.annotations.Nullable;

/** Resolves the ways in which peft names modules: a list of endings, one regular expression, or "all-linear". */
final class ModuleNames {

    private static final int LONGEST_EXPRESSION = 1000;

    private final Fields fields;
    private final List<Operation> operations;

    ModuleNames(Fields fields, List<Operation> operations) {
        this.fields = fields;
        this.operations = operations;
    }

    /**
     * Returns names that match the same modules, without those that {@code exclude_modules} names.
     *
     * @param absent what peft takes where the field is absent, or null if it takes nothing
     */
    Set<String> targets(@Nullable Set<String> absent) {
        Set<String> names = named("target_modules", absent);
        if (fields.raw("exclude_modules") == null) {
            return names;
        }
        Set<String> excluded = named("exclude_modules", Set.of());
        Set<String> left = new TreeSet<>();
        for (Operation operation : operations) {
            String path = operation.path();
            if (isModule(operation) && isTarget(operation, names) && !matches(path, excluded)) {
                left.add(path);
            }
        }
        if (left.isEmpty()) {
            throw fields.wrong("exclude_modules", "naming every target module", "a part of them");
        }
        return left;
    }

    /** Returns the names in one field. */
    Set<String> named(String field, @Nullable Set<String> absent) {
        JsonNode value = fields.raw(field);
        if (value == null) {
            if (absent == null) {
                throw fields.missing(field, "a list of module names: peft has no default for this kind of model");
            }
            return absent;
        }
        if (value.isTextual()) {
            String text = value.textValue();
            return text.toLowerCase(Locale.ROOT).equals(LowRank.ALL_LINEAR)
                    ? Set.of(LowRank.ALL_LINEAR)
                    : matching(field, text);
        }
        List<String> names = fields.texts(field);
        return names == null ? Set.of() : Set.copyOf(names);
    }

    private Set<String> matching(String field, String expression) {
        Pattern pattern = compile(field, expression);
        Set<String> paths = new TreeSet<>();
        for (Operation operation : operations) {
            if (isModule(operation) && new BoundedText(operation.path()).matches(pattern, fields, field)) {
                paths.add(operation.path());
            }
        }
        if (paths.isEmpty()) {
            throw fields.wrong(
                    field,
                    "the expression \"" + Shown.shortened(expression, 60) + "\"",
                    "one that matches a linear module of the model");
        }
        return paths;
    }

    private Pattern compile(String field, String expression) {
        String expected = "a regular expression of at most " + LONGEST_EXPRESSION + " characters";
        if (expression.length() > LONGEST_EXPRESSION) {
            throw fields.wrong(field, "a text of " + expression.length() + " characters", expected);
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw fields.wrong(field, "the text \"" + Shown.shortened(expression, 60) + "\"", expected);
        }
    }

    private static boolean isTarget(Operation operation, Set<String> names) {
        return names.contains(LowRank.ALL_LINEAR)
                ? operation.matrix() != null && operation.role() != Operation.Role.OUTPUT_HEAD
                : matches(operation.path(), names);
    }

    private static boolean matches(String path, Set<String> names) {
        return names.stream().anyMatch(name -> path.equals(name) || path.endsWith("." + name));
    }

    private static boolean isModule(Operation operation) {
        Operation.Matrix matrix = operation.matrix();
        return operation.kind() instanceof Operation.Table || (matrix != null && matrix.module());
    }
}
