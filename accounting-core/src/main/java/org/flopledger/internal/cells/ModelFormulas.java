package org.flopledger.internal.cells;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.units.CountingMethod;
import org.jspecify.annotations.Nullable;

/**
 * What a step of each registered model costs, by the model key of the batch and by method. Immutable.
 *
 * <p>Sums that were folded before their model was known give only an interval for windowed and chunked attention, which is
 * counted row by row while folding. A ledger keeps the steps and counts them again.
 */
public final class ModelFormulas {

    private static final ModelFormulas NONE = new ModelFormulas(Map.of(), Map.of());

    private final Map<String, Map<CountingMethod, StepFormula>> byModel;
    private final Map<String, List<AttentionMask>> masks;
    private final boolean hasMasks;

    private ModelFormulas(
            Map<String, Map<CountingMethod, StepFormula>> byModel, Map<String, List<AttentionMask>> masks) {
        this.byModel = byModel;
        this.masks = masks;
        hasMasks = masks.values().stream().anyMatch(some -> !some.isEmpty());
    }

    /** Returns formulas for no model at all. */
    public static ModelFormulas none() {
        return NONE;
    }

    /** Returns these formulas and one more; of one model and method the last counts. */
    public ModelFormulas with(String model, StepFormula formula) {
        Map<String, Map<CountingMethod, StepFormula>> copy = new HashMap<>(byModel);
        Map<CountingMethod, StepFormula> methods = new EnumMap<>(CountingMethod.class);
        methods.putAll(copy.getOrDefault(model, Map.of()));
        methods.put(formula.method(), formula);
        copy.put(model, methods);
        // Those of the other models are as they were: thousands of runs may each bring a model.
        Map<String, List<AttentionMask>> masksToo = new HashMap<>(masks);
        masksToo.put(model, masks(methods));
        return new ModelFormulas(copy, masksToo);
    }

    /** Returns the formula of a model by a method, or null if there is none. {@code model} is null for a row without one. */
    public @Nullable StepFormula formula(@Nullable String model, CountingMethod method) {
        return model == null ? null : byModel.getOrDefault(model, Map.of()).get(method);
    }

    /** Returns whether any formula counts pairs under a mask. */
    public boolean hasMasks() {
        return hasMasks;
    }

    /** Returns whether the formulas of a model count pairs under the same masks here and there. */
    public boolean hasSameMasks(ModelFormulas other, String model) {
        return Objects.equals(byModel.get(model), other.byModel.get(model))
                || Set.copyOf(masks(model)).equals(Set.copyOf(other.masks(model)));
    }

    /** Returns the masks that the formulas of a model count pairs under, each once; {@link PairSums#UNPADDED} among them. */
    public List<AttentionMask> masks(String model) {
        return masks.getOrDefault(model, List.of());
    }

    /** Returns the masks of a model's attention, each once. */
    public List<AttentionMask> attentionMasks(String model) {
        return masks(model).stream()
                .filter(mask -> !mask.equals(PairSums.UNPADDED))
                .toList();
    }

    private static List<AttentionMask> masks(Map<CountingMethod, StepFormula> formulas) {
        List<AttentionMask> attention = attentionMasks(formulas);
        boolean seesSquares = formulas.values().stream()
                .anyMatch(formula -> !formula.low().perSquaredLength().isZero());
        return seesSquares
                ? Stream.concat(attention.stream(), Stream.of(PairSums.UNPADDED))
                        .toList()
                : attention;
    }

    private static List<AttentionMask> attentionMasks(Map<CountingMethod, StepFormula> formulas) {
        return formulas.values().stream()
                .flatMap(formula -> Stream.of(formula.low(), formula.model(), formula.executed(), formula.high()))
                .map(LinearForm::masks)
                .flatMap(Collection::stream)
                .map(LinearForm.MaskedPairs::mask)
                .distinct()
                .toList();
    }
}
