package org.flopledger.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.flopledger.units.PeftTechnique;

/**
 * Two factors of low rank beside frozen matrices are trained: LoRA (arXiv 2106.09685), rsLoRA, DoRA and QLoRA.
 *
 * <p>Rank r on a matrix of {@code in} x {@code out} adds {@code r (in + out)} values; DoRA adds {@code out} more. Scales
 * (alpha, rsLoRA's root) and the quantisation of the base (QLoRA) change no count.
 *
 * <p>Given as the method of a training setting. Immutable.
 *
 * @param technique LORA, RS_LORA, DORA or QLORA
 * @param rank rank of the factors, at least 1
 * @param ranks other ranks by module name, the first that fits is taken
 * @param targets module names, or {@link #ALL_LINEAR} alone
 * @param layers indexes of the blocks to put factors into; empty for all
 * @param modulesToSave module names that are trained whole, in a copy
 * @param magnitude whether a learned length for each output is added (DoRA, also on a quantised base)
 */
public record LowRank(
        PeftTechnique technique,
        long rank,
        Map<String, Long> ranks,
        Set<String> targets,
        Set<Integer> layers,
        Set<String> modulesToSave,
        boolean magnitude)
        implements PeftMethod {

    /** The target that means every linear module but the output head. */
    public static final String ALL_LINEAR = "all-linear";

    private static final Set<PeftTechnique> TECHNIQUES =
            Set.of(PeftTechnique.LORA, PeftTechnique.RS_LORA, PeftTechnique.DORA, PeftTechnique.QLORA);

    // The index of a block in its stack: the first whole number between dots.
    private static final Pattern BLOCK_INDEX = Pattern.compile("\\.(\\d+)\\.");

    /** Checks the values and copies the collections. */
    public LowRank {
        if (!TECHNIQUES.contains(technique)) {
            throw new IllegalArgumentException("technique is " + technique + ", must be one of " + TECHNIQUES);
        }
        Require.positive("LoRA rank", rank);
        // Order decides which pattern wins, so the copy must keep it.
        ranks = Collections.unmodifiableMap(new LinkedHashMap<>(ranks));
        ranks.forEach((name, value) -> Require.positive("LoRA rank of " + name, value));
        targets = Set.copyOf(targets);
        layers = Set.copyOf(layers);
        modulesToSave = Set.copyOf(modulesToSave);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("LoRA target modules are absent, must be at least one");
        }
    }

    @Override
    public List<Treatment> treatments(List<Operation> operations) {
        List<Treatment> treatments = operations.stream().map(this::treatment).toList();
        if (operations.stream().noneMatch(operation -> isTarget(operation) && !isSaved(operation))) {
            Parts.requireMatch("LoRA target modules", targets, operations);
            throw new IllegalArgumentException("LoRA layers are " + layers + ", must contain a block of the model");
        }
        return treatments;
    }

    private Treatment treatment(Operation operation) {
        if (isSaved(operation)) {
            return Treatment.copied(operation.kind());
        }
        return isTarget(operation)
                ? Treatment.lowRank(operation.kind(), rankOf(operation), magnitude)
                : Treatment.FROZEN;
    }

    private boolean isSaved(Operation operation) {
        return Parts.matches(operation, modulesToSave);
    }

    private boolean isTarget(Operation operation) {
        if (!Parts.isModule(operation) || !isInLayers(operation)) {
            return false;
        }
        if (targets.contains(ALL_LINEAR)) {
            return operation.kind() instanceof Matrix && operation.role() != Role.OUTPUT_HEAD;
        }
        return Parts.matches(operation, targets);
    }

    private boolean isInLayers(Operation operation) {
        if (layers.isEmpty()) {
            return true;
        }
        Matcher index = BLOCK_INDEX.matcher(operation.path());
        return operation.layer() >= 0 && index.find() && layers.contains(Integer.valueOf(index.group(1)));
    }

    private long rankOf(Operation operation) {
        for (Map.Entry<String, Long> entry : ranks.entrySet()) {
            if (Parts.matches(operation, Set.of(entry.getKey()))) {
                return entry.getValue();
            }
        }
        return rank;
    }

    /** Builds a {@link LowRank}. Single-threaded. */
    public static final class Builder {
        private final long rank;
        private PeftTechnique technique = PeftTechnique.LORA;
        private Map<String, Long> ranks = Map.of();
        private Set<String> targets = Set.of();
        private Set<Integer> layers = Set.of();
        private Set<String> modulesToSave = Set.of();
        private boolean magnitude;

        Builder(long rank) {
            this.rank = rank;
        }

        /** Sets the technique; DORA adds the learned lengths. */
        public Builder technique(PeftTechnique value) {
            technique = value;
            magnitude |= value == PeftTechnique.DORA;
            return this;
        }

        /** Sets the module names to put factors beside, or {@link #ALL_LINEAR}. */
        public Builder targets(String... names) {
            targets = Set.of(names);
            return this;
        }

        /** Sets ranks that differ, by module name, first match first. */
        public Builder ranks(Map<String, Long> byName) {
            ranks = byName;
            return this;
        }

        /** Sets the indexes of the blocks that get factors; empty for all. */
        public Builder layers(Set<Integer> indexes) {
            layers = indexes;
            return this;
        }

        /** Sets the modules that are trained whole, in a copy. */
        public Builder modulesToSave(String... names) {
            modulesToSave = Set.of(names);
            return this;
        }

        /** Sets whether a learned length for each output is added. */
        public Builder magnitude(boolean present) {
            magnitude = present;
            return this;
        }

        /**
         * Returns the method.
         *
         * @throws IllegalArgumentException if a value is out of range; the message names it
         */
        public LowRank build() {
            return new LowRank(technique, rank, ranks, targets, layers, modulesToSave, magnitude);
        }
    }
}
