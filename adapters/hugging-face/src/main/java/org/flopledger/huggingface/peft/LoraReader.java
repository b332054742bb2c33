package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.peft.ModuleTree.Entry;
import org.flopledger.huggingface.peft.ModuleTree.Unit;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Treatment;
import org.jspecify.annotations.Nullable;

/** Reads LoRA and what it became: other ranks by name, DoRA, factors on parameters, biases of factors. Confined to one thread. */
final class LoraReader {

    /** peft's own default of {@code r}. */
    private static final long RANK = 8;

    /** Variants whose factors have another shape or run another way. */
    private static final List<String> NOT_DESCRIBED = List.of(
            "layer_replication",
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "velora_config",
            "use_bdlora",
            "use_qalora");

    private final Fields fields;
    private final ModuleTree tree;
    private final ModuleNames names;
    private final MatchBudget budget;
    private final boolean magnitude;
    private final boolean factorBias;
    private final NamedSizes ranks;

    LoraReader(Fields fields, ModuleTree tree, ModuleNames names, MatchBudget budget) {
        this.fields = fields;
        this.tree = tree;
        this.names = names;
        this.budget = budget;
        this.magnitude = fields.flag("use_dora");
        this.factorBias = fields.flag("lora_bias");
        this.ranks = new NamedSizes(
                fields,
                budget,
                "rank_pattern",
                NamedSizes.AS_PART_OF_A_PATH,
                fields.statedSize("r").orElse(RANK));
        for (String name : NOT_DESCRIBED) {
            JsonNode value = fields.raw(name);
            boolean absent = value == null
                    || (value.isBoolean() && !value.booleanValue())
                    || (value.isContainerNode() && value.isEmpty());
            if (!absent) {
                throw fields.wrong(name, "stated", "absent: what it trains is not described here");
            }
        }
    }

    /** Puts factors beside every target. */
    void read(TreatmentPlan plan) {
        JsonNode stated = fields.raw("target_modules");
        Set<String> parameters = new TreeSet<>();
        List<String> statedParameters = fields.texts("target_parameters");
        if (statedParameters != null) {
            parameters.addAll(statedParameters);
        }
        boolean byDefault = stated == null && parameters.isEmpty();
        JsonNode wanted = byDefault ? PeftDefaults.targets("LORA", tree.type()) : stated;
        FusedExperts fused = FusedExperts.of(fields, tree, names, wanted);
        if (fused != null) {
            parameters.addAll(fused.parameters());
            fused.ranks().forEach(ranks::multiply);
        }
        List<Entry> modules = modules(fused == null ? wanted : fused.modules(), stated != null, !parameters.isEmpty());
        for (Entry entry : modules) {
            plan.put(entry, beside(entry));
        }
        Set<Entry> adapted = new LinkedHashSet<>(modules);
        for (String parameter : parameters) {
            adapted.addAll(adaptParameters(plan, parameter));
        }
        if (magnitudeOrBias() && adapted.size() > modules.size()) {
            throw fields.unusable("use_dora and lora_bias do not work with target_parameters");
        }
        ranks.requireEachUsed(adapted, names);
    }

    private boolean magnitudeOrBias() {
        return magnitude || factorBias;
    }

    private List<Entry> modules(@Nullable JsonNode wanted, boolean stated, boolean mayBeEmpty) {
        if (wanted != null && wanted.isArray() && wanted.isEmpty() && mayBeEmpty) {
            return List.of();
        }
        if (wanted == null && mayBeEmpty) {
            return List.of();
        }
        List<Entry> found = new ArrayList<>(wanted == null ? names.targets(null) : names.targets(wanted, stated));
        boolean table = found.stream().anyMatch(ModuleTree::isTokenTable);
        if (table && tree.tied() && fields.flag("ensure_weight_tying")) {
            // The head's factors are those of the table, turned round, as values of their own.
            tree.entries().stream()
                    .filter(entry -> ModuleTree.isOutputHead(entry) && !found.contains(entry))
                    .forEach(found::add);
        }
        return found;
    }

    private Treatment beside(Entry entry) {
        if (entry.unit() != Unit.LINEAR && entry.unit() != Unit.EMBEDDING) {
            throw fields.wrong("target_modules", "naming " + entry.path(), "linear modules or embeddings");
        }
        Treatment treatment = Treatment.lowRank(entry.operation().kind(), ranks.of(entry.path()), magnitude);
        if (!factorBias) {
            return treatment;
        }
        if (entry.unit() == Unit.EMBEDDING) {
            throw fields.wrong("lora_bias", "true", "false where an embedding is a target");
        }
        Matrix matrix = entry.matrix();
        return treatment.toBuilder()
                .adds(Math.multiplyExact(matrix.copies(), matrix.out()))
                .build();
    }

    private List<Entry> adaptParameters(TreatmentPlan plan, String name) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : tree.entries()) {
            String path = entry.parameterPath();
            boolean matrix = entry.operation().matrix() != null;
            budget.spend("target_parameters", 1);
            if (matrix && ModuleNames.isOrEndsWith(path, name)) {
                plan.put(entry, MatrixTreatments.parameterFactors(entry.matrix(), ranks.of(path)));
                found.add(entry);
            }
        }
        if (found.isEmpty()) {
            throw names.unmatched("target_parameters", name);
        }
        return found;
    }
}
