package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Matrix;

/**
 * The modules of a described model under the names that transformers gives them, as peft sees them.
 *
 * <p>Immutable.
 *
 * @param type the {@code model_type}, by which peft looks up its own defaults
 * @param entries the operations that are modules or parameters, in their order
 * @param tied whether the output head shares the input embedding's matrix
 */
record ModuleTree(String type, List<Entry> entries, boolean tied) {

    private static final ObjectNode NAMES = JsonFile.resource(PeftDefaults.class, "module-names.json");

    // The first number between dots is the index of the block.
    private static final Pattern BLOCK = Pattern.compile("(.*?\\.\\d+)\\.(.+)");

    /** What peft would find under a path. */
    enum Unit {
        LINEAR,
        EMBEDDING,
        NORM,
        CONVOLUTION,
        /** The fused weights of several experts: a parameter of three dimensions. */
        EXPERTS,
        /** The weight of a router that is no linear module: a parameter of two dimensions. */
        ROUTER,
        /** Other learned values, which belong to the module that their path names without its last part. */
        VALUES
    }

    /**
     * One operation with learned values.
     *
     * @param operation the operation
     * @param path its path in transformers
     * @param unit what it is there
     */
    record Entry(Operation operation, String path, Unit unit) {

        boolean isModule() {
            return unit == Unit.LINEAR || unit == Unit.EMBEDDING || unit == Unit.NORM || unit == Unit.CONVOLUTION;
        }

        /** Returns the path of the weight itself. */
        String parameterPath() {
            return unit == Unit.EXPERTS ? path : path + ".weight";
        }

        Matrix matrix() {
            if (operation.kind() instanceof Matrix matrix) {
                return matrix;
            }
            throw new IllegalStateException(path + " is no matrix");
        }
    }

    static ModuleTree of(BaseModel base) {
        String type = base.modelType().isEmpty() ? base.family() : base.modelType();
        JsonNode names = NAMES.has(type) ? NAMES.get(type) : NAMES.path(base.family());
        JsonNode aliases = names.isMissingNode() ? NAMES.get("default") : names;
        List<Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        boolean tied = false;
        for (Operation operation : base.architecture().operations()) {
            Matrix matrix = operation.matrix();
            boolean holds = operation.kind().parameters() > 0 || (matrix != null && matrix.tied());
            tied |= matrix != null && matrix.tied();
            if (holds && seen.add(operation.path())) {
                entries.add(new Entry(operation, path(operation, aliases), unit(operation)));
            }
        }
        return new ModuleTree(type, List.copyOf(entries), tied);
    }

    private static String path(Operation operation, JsonNode aliases) {
        String path = operation.path();
        Matcher block = BLOCK.matcher(path);
        if (operation.layer() >= 0 && block.matches()) {
            JsonNode name = aliases.path("block").path(block.group(2));
            return name.isTextual() ? block.group(1) + "." + name.textValue() : path;
        }
        int last = path.lastIndexOf('.') + 1;
        JsonNode name = aliases.path("outside").path(path.substring(last));
        return name.isTextual() ? path.substring(0, last) + name.textValue() : path;
    }

    private static Unit unit(Operation operation) {
        Operation.Kind kind = operation.kind();
        if (kind instanceof Matrix matrix) {
            return matrix.module() ? Unit.LINEAR : matrix.copies() > 1 ? Unit.EXPERTS : Unit.ROUTER;
        } else if (kind instanceof Operation.Table) {
            return Unit.EMBEDDING;
        } else if (kind instanceof Operation.Elementwise values) {
            return values.norm() ? Unit.NORM : Unit.VALUES;
        }
        return Unit.CONVOLUTION;
    }

    /** Returns whether this is the matrix that turns the last stack's output into the vocabulary. */
    static boolean isOutputHead(Entry entry) {
        return entry.operation().role() == Operation.Role.OUTPUT_HEAD;
    }

    /** Returns whether this is the table that tokens are looked up in. */
    static boolean isTokenTable(Entry entry) {
        return entry.operation().kind() instanceof Operation.Table
                && entry.operation().path().endsWith("embed_tokens");
    }

    /** Returns the path of a linear module, for messages. */
    String example() {
        return entries.stream()
                .filter(entry -> entry.unit() == Unit.LINEAR)
                .map(Entry::path)
                .findFirst()
                .orElse("none");
    }
}
