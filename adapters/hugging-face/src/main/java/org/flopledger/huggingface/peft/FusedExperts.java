package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.peft.ModuleTree.Entry;
import org.flopledger.huggingface.peft.ModuleTree.Unit;
import org.jspecify.annotations.Nullable;

/**
 * The names of experts in transformers 4, which peft turns into the fused parameters of transformers 5.
 *
 * <p>Each projection of an expert was a linear module; now all experts' gate and up projections are one parameter and the
 * down projections another, and the router is a parameter too. peft rewrites an adapter's target modules so, with twice the
 * rank where two projections became one. A name of such a projection then no longer means the dense layers beside the
 * experts.
 *
 * @param modules names of modules that stay targets
 * @param parameters names of parameters that become targets
 * @param ranks factor of the rank by name of the parameter, where it is not 1
 */
record FusedExperts(JsonNode modules, Set<String> parameters, Map<String, Long> ranks) {

    private static final Set<String> LIKE_MIXTRAL = Set.of("mixtral", "minimax", "minimax_m2");

    private static final Set<String> LIKE_QWEN = Set.of(
            "qwen2_moe",
            "deepseek_v2",
            "deepseek_v3",
            "dots1",
            "ernie4_5_moe",
            "glm4_moe",
            "glm4_moe_lite",
            "glm4v_moe",
            "longcat_flash",
            "solar_open",
            "qwen3_moe",
            "qwen3_omni_moe",
            "qwen3_omni_moe_thinker",
            "qwen3_next",
            "hunyuan_v1_moe",
            "flex_olmo",
            "olmoe");

    private static final String ROUTER = "gate.weight";
    private static final String FUSED = "gate_up_proj";
    private static final String DOWN = "down_proj";

    /** What an old name became, and which two names became one parameter. */
    private record Names(Map<String, String> became, List<String> pair) {}

    private static final Names MIXTRAL =
            new Names(Map.of("gate", ROUTER, "w1", FUSED, "w3", FUSED, "w2", DOWN), List.of("w1", "w3"));

    private static final Names QWEN = new Names(
            Map.of("gate", ROUTER, "gate_proj", FUSED, "up_proj", FUSED, DOWN, DOWN), List.of("gate_proj", "up_proj"));

    /**
     * Returns the targets of an adapter after peft's rewriting, or null where the model's experts were never renamed.
     *
     * @param stated {@code target_modules} or peft's default; null for none
     */
    static @Nullable FusedExperts of(Fields fields, ModuleTree tree, ModuleNames matcher, @Nullable JsonNode stated) {
        Names names = LIKE_MIXTRAL.contains(tree.type()) ? MIXTRAL : LIKE_QWEN.contains(tree.type()) ? QWEN : null;
        if (names == null || stated == null) {
            return null;
        }
        Set<String> targets =
                stated.isTextual() ? resolved(names, tree, matcher, stated) : Set.copyOf(listed(fields, stated));
        return targets.isEmpty() ? null : rewritten(fields, names, targets);
    }

    private static List<String> listed(Fields fields, JsonNode stated) {
        List<String> names = fields.texts("target_modules");
        if (names != null) {
            return names;
        }
        List<String> defaults = new ArrayList<>();
        stated.forEach(name -> defaults.add(name.textValue()));
        return defaults;
    }

    /** Turns an expression, or "all-linear", into last parts of names, as peft does before it rewrites them. */
    private static Set<String> resolved(Names names, ModuleTree tree, ModuleNames matcher, JsonNode stated) {
        Set<String> found = new TreeSet<>();
        if (ModuleNames.isAllLinear(stated)) {
            for (Entry entry : tree.entries()) {
                if (entry.unit() == Unit.LINEAR && !ModuleTree.isOutputHead(entry)) {
                    found.add(last(entry.path()));
                }
            }
            found.addAll(names.became.keySet());
            return found;
        }
        Predicate<String> matches = matcher.matcher("target_modules", stated, false);
        Map<String, Set<String>> containers = new HashMap<>();
        for (Entry entry : tree.entries()) {
            String parameter = entry.parameterPath();
            for (String path : List.of(entry.path(), parameter)) {
                if (matches.test(path)) {
                    found.add(last(path));
                }
            }
            int dot = parameter.lastIndexOf('.');
            containers
                    .computeIfAbsent(parameter.substring(dot + 1), leaf -> new TreeSet<>())
                    .add(parameter.substring(0, Math.max(0, dot)));
        }
        names.became.forEach((old, now) -> {
            if (containers.getOrDefault(now, Set.of()).stream().anyMatch(path -> matches.test(path + "." + old))) {
                found.add(old);
            }
        });
        return found;
    }

    private static FusedExperts rewritten(Fields fields, Names names, Set<String> targets) {
        ArrayNode modules = JsonNodeFactory.instance.arrayNode();
        Set<String> parameters = new TreeSet<>();
        Set<String> paired = new TreeSet<>();
        for (String target : targets) {
            String old = names.became.keySet().stream()
                    .filter(name -> ModuleNames.isOrEndsWith(target, name))
                    .findFirst()
                    .orElse(null);
            if (old == null) {
                modules.add(target);
            } else {
                parameters.add(names.became.getOrDefault(old, old));
                if (names.pair.contains(old)) {
                    paired.add(old);
                }
            }
        }
        if (paired.size() == 1) {
            throw fields.wrong(
                    "target_modules",
                    "naming only one of " + names.pair + " of the experts",
                    "naming both: they are one parameter");
        }
        Map<String, Long> ranks = new LinkedHashMap<>();
        if (paired.size() == 2) {
            ranks.put(FUSED, 2L);
        }
        return new FusedExperts(modules, parameters, ranks);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
