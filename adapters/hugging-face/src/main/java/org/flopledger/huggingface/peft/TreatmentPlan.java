package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.peft.ModuleTree.Entry;
import org.flopledger.huggingface.peft.ModuleTree.Unit;
import org.flopledger.model.Operation;
import org.flopledger.model.PeftMethod;
import org.flopledger.model.Treatment;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter does with each operation of one model, while it is found out: first the method's own targets, then what
 * every method has, biases, modules saved whole and trainable tokens. Confined to one thread.
 */
final class TreatmentPlan {

    private final Fields fields;
    private final ModuleTree tree;
    private final Map<Entry, Treatment> treatments = new LinkedHashMap<>();

    TreatmentPlan(Fields fields, ModuleTree tree) {
        this.fields = fields;
        this.tree = tree;
    }

    void put(Entry entry, Treatment treatment) {
        treatments.put(entry, treatment);
    }

    /** Adds learned values that belong to the whole method; they are counted with the first target. */
    void addShared(long values) {
        Entry first = treatments.keySet().iterator().next();
        treatments.computeIfPresent(
                first, (entry, treatment) -> treatment.toBuilder().adds(values).build());
    }

    /**
     * Trains the biases that the field {@code bias} names.
     *
     * @param own the word for the biases of the targets alone, such as {@code lora_only}
     */
    void trainBiases(String own) {
        String bias = fields.text("bias");
        if (bias == null || bias.equals("none")) {
            return;
        }
        boolean all = bias.equals("all");
        if (!all && !bias.endsWith("_only")) {
            throw fields.wrong(
                    "bias", "\"" + ShownValue.shortened(ShownValue.printable(bias), 20) + "\"", "none, all or " + own);
        }
        for (Entry entry : tree.entries()) {
            // The biases of fused experts are parameters of other names.
            boolean has = entry.operation().kind().biases() > 0 && entry.unit() != Unit.EXPERTS;
            boolean named = all || treatments.containsKey(entry);
            if (has && named) {
                Treatment now = treatments.getOrDefault(entry, Treatment.FROZEN);
                treatments.put(entry, now.toBuilder().trainedBias().build());
            }
        }
    }

    /** Trains copies of the modules that {@code modules_to_save} names by the end of their paths. */
    void saveModules(ModuleNames names) {
        List<String> saved = fields.texts("modules_to_save");
        if (saved == null) {
            return;
        }
        Set<String> unmatched = new TreeSet<>(saved);
        boolean embedding = false;
        for (Entry entry : tree.entries()) {
            String found = savedAs(entry, saved);
            if (found != null) {
                treatments.put(entry, Treatment.copied(entry.operation().kind()));
                embedding |= ModuleTree.isTokenTable(entry);
            }
            unmatched.removeIf(name -> savedAs(entry, List.of(name)) != null);
        }
        if (!unmatched.isEmpty()) {
            throw names.unmatched("modules_to_save", unmatched.iterator().next());
        }
        if (embedding && tree.tied() && fields.flag("ensure_weight_tying")) {
            trainTiedHead();
        }
    }

    private static @Nullable String savedAs(Entry entry, List<String> saved) {
        String path = entry.isModule() || entry.unit() == Unit.ROUTER ? entry.path() + "." : entry.path();
        for (int end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
            String module = path.substring(0, end);
            for (String name : saved) {
                if (module.endsWith(name)) {
                    return name;
                }
            }
        }
        return null;
    }

    /** Trains single rows of embeddings; a head that is tied to the table is computed from the changed table. */
    void trainTokens(ModuleNames names) {
        JsonNode stated = fields.raw("trainable_token_indices");
        if (stated == null || stated.isEmpty()) {
            return;
        }
        if (stated.isArray()) {
            Entry table = tree.entries().stream()
                    .filter(ModuleTree::isTokenTable)
                    .findFirst()
                    .orElseThrow(() -> fields.wrong("trainable_token_indices", "stated", "absent without a table"));
            trainTokens(table, stated.size());
            return;
        }
        Map<String, Integer> counts = new HashMap<>();
        stated.properties()
                .forEach(field -> counts.put(field.getKey(), field.getValue().size()));
        boolean both = counts.size() > 1 && tree.tied();
        counts.forEach((name, count) -> {
            List<Entry> found = tree.entries().stream()
                    .filter(entry -> entry.isModule() && entry.path().endsWith(name))
                    .toList();
            if (found.isEmpty()) {
                throw names.unmatched("trainable_token_indices", name);
            }
            found.stream()
                    .filter(entry -> !(both && ModuleTree.isOutputHead(entry)))
                    .forEach(entry -> trainTokens(entry, count));
        });
    }

    /** Trains so many rows of a table, or rows of a matrix as if it were one. */
    void trainTokens(Entry entry, long rows) {
        Operation.Kind kind = entry.operation().kind();
        Treatment.Builder builder = treatments.getOrDefault(entry, Treatment.FROZEN).toBuilder();
        if (kind instanceof Operation.Table table) {
            builder.adds(Math.multiplyExact(rows, table.width())).outputGradient();
        } else if (kind instanceof Operation.Matrix matrix) {
            builder.adds(Math.multiplyExact(rows, matrix.in())).weightGradient();
        } else {
            throw fields.unusable("trainable tokens of " + entry.path() + " are no rows of a table");
        }
        treatments.put(entry, builder.build());
        if (tree.tied() && ModuleTree.isTokenTable(entry)) {
            trainTiedHead();
        }
    }

    private void trainTiedHead() {
        for (Entry entry : tree.entries()) {
            if (entry.operation().matrix() != null && entry.matrix().tied()) {
                Treatment now = treatments.getOrDefault(entry, Treatment.FROZEN);
                treatments.put(entry, now.toBuilder().weightGradient().build());
            }
        }
    }

    /** Returns the method. */
    PeftMethod method(PeftTechnique technique, long virtualTokens) {
        Map<String, Treatment> byPath = new HashMap<>();
        treatments.forEach((entry, treatment) -> byPath.put(entry.operation().path(), treatment));
        return new PeftMethod.ByPath(technique, byPath, virtualTokens);
    }
}
