package org.flopledger.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.flopledger.units.PeftTechnique;

/**
 * Which values of a model are trained, and which are put beside them.
 *
 * <p>Counts follow the peft library (0.21). All methods are immutable.
 *
 * <p>Given in a training setting by anyone who fine-tunes, and to {@link ParameterCount#of(Architecture, PeftMethod)}.
 */
public sealed interface PeftMethod
        permits LowRank,
                PeftMethod.Full,
                PeftMethod.FrozenLayers,
                PeftMethod.Selected,
                PeftMethod.NormOnly,
                PeftMethod.BiasOnly,
                PeftMethod.LinearProbe,
                PeftMethod.Ia3,
                PeftMethod.PromptTuning,
                PeftMethod.PrefixTuning,
                PeftMethod.ByPath {

    /** Every value is trained. */
    // Nothing else creates a Full before this interface is initialised, so no two threads can wait for each other.
    @SuppressWarnings("ClassInitializationDeadlock")
    PeftMethod FULL = new Full();

    /**
     * Returns what happens to each operation of a model, in the order of the operations.
     *
     * @throws IllegalArgumentException if the method fits nothing in the model
     */
    List<Treatment> treatments(List<Operation> operations);

    /** Returns the family of the method; {@link PeftTechnique#OTHER} where everything is trained. */
    PeftTechnique technique();

    /** Returns the learned positions put in front of each sequence. */
    default long virtualTokens() {
        return 0;
    }

    /** Returns a method that trains low-rank factors beside frozen matrices. */
    static LowRank.Builder lora(long rank) {
        return new LowRank.Builder(rank);
    }

    /**
     * Returns a method that freezes the named parts and trains the rest.
     *
     * @param names parts as {@link Selected} finds them, such as {@code embed_tokens}, {@code layers.0-11}, {@code encoder}
     */
    static Selected freezing(String... names) {
        return new Selected(Set.of(names), false);
    }

    /**
     * Returns a method that trains the named parts alone.
     *
     * @param names parts as {@link Selected} finds them
     */
    static Selected trainingOnly(String... names) {
        return new Selected(Set.of(names), true);
    }

    /** Every value is trained: no parameter-efficient method at all. */
    record Full() implements PeftMethod {
        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            return operations.stream().map(operation -> Treatment.TRAINED).toList();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.OTHER;
        }
    }

    /**
     * Whole parts are frozen, the rest is trained. A tied matrix is frozen where either of its two uses is.
     *
     * @param layers indexes of frozen blocks, counted over all stacks
     * @param inputEmbedding whether the token and position tables are frozen
     * @param outputHead whether the heads are frozen
     */
    record FrozenLayers(Set<Integer> layers, boolean inputEmbedding, boolean outputHead) implements PeftMethod {

        /** Copies the layers. */
        public FrozenLayers {
            layers = Set.copyOf(layers);
        }

        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            boolean tied = operations.stream().anyMatch(Parts::isTied);
            boolean table = inputEmbedding || (tied && outputHead);
            boolean head = outputHead || (tied && inputEmbedding);
            return operations.stream()
                    .map(operation -> isFrozen(operation, table, head) ? Treatment.FROZEN : Treatment.TRAINED)
                    .toList();
        }

        private boolean isFrozen(Operation operation, boolean table, boolean head) {
            return layers.contains(operation.layer())
                    || (table && operation.role() == Role.INPUT_EMBEDDING)
                    || (head && Parts.isHead(operation));
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.FROZEN_LAYERS;
        }
    }

    /**
     * Named parts are trained or frozen. A tied matrix goes with either of its two uses.
     *
     * @param names parts of a path, in the order of the path and next to each other: {@code layers.0} is every part of the
     *     first block; {@code *} stands for any one part, {@code 0-11} for a number in this range
     * @param trained whether the named parts are trained and the rest is frozen, or the other way about
     */
    record Selected(Set<String> names, boolean trained) implements PeftMethod {

        /** Copies the names. */
        public Selected {
            names = Set.copyOf(names);
            if (names.isEmpty()) {
                throw new IllegalArgumentException("names of parts are absent, must be at least one");
            }
        }

        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            PathPattern.requireEachMatches(names, operations);
            List<PathPattern> patterns = names.stream().map(PathPattern::of).toList();
            boolean tied = operations.stream().anyMatch(Parts::isTied);
            boolean tieNamed = operations.stream()
                    .filter(operation -> Parts.isTied(operation) || Parts.isTokenTable(operation))
                    .anyMatch(operation -> PathPattern.anyMatches(patterns, operation));
            return operations.stream()
                    .map(operation -> {
                        boolean shared = tied && (Parts.isTied(operation) || Parts.isTokenTable(operation));
                        boolean named = shared ? tieNamed : PathPattern.anyMatches(patterns, operation);
                        return named == trained ? Treatment.TRAINED : Treatment.FROZEN;
                    })
                    .toList();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.FROZEN_LAYERS;
        }
    }

    /** Only biases are trained (BitFit, arXiv 2106.10199). */
    record BiasOnly() implements PeftMethod {
        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            if (operations.stream().allMatch(operation -> operation.kind().biases() == 0)) {
                throw new IllegalArgumentException(
                        "biases of the model are absent, must be at least one to be trained");
            }
            Treatment bias = new Treatment.Builder().trainedBias().build();
            return operations.stream()
                    .map(operation -> operation.kind().biases() > 0 ? bias : Treatment.FROZEN)
                    .toList();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.OTHER;
        }
    }

    /** Only the learned values of norms are trained. */
    record NormOnly() implements PeftMethod {
        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            return operations.stream()
                    .map(operation -> operation.kind() instanceof Operation.Elementwise values && values.norm()
                            ? Treatment.TRAINED
                            : Treatment.FROZEN)
                    .toList();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.NORM_ONLY;
        }
    }

    /** Only the heads are trained; a tied head trains the input embedding with it. */
    record LinearProbe() implements PeftMethod {
        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            boolean tied = operations.stream().anyMatch(Parts::isTied);
            return operations.stream()
                    .map(operation -> Parts.isHead(operation) || (tied && Parts.isTokenTable(operation))
                            ? Treatment.TRAINED
                            : Treatment.FROZEN)
                    .toList();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.LINEAR_PROBE;
        }
    }

    /**
     * Learned vectors multiply keys, values and inner feed-forward activations (IA3, arXiv 2205.05638).
     *
     * @param targets module names whose outputs are multiplied, or whose inputs are if they are in {@code feedForward}
     * @param feedForward those of the targets whose inputs are multiplied
     */
    record Ia3(Set<String> targets, Set<String> feedForward) implements PeftMethod {

        /** Copies the names. */
        public Ia3 {
            targets = Set.copyOf(targets);
            feedForward = Set.copyOf(feedForward);
        }

        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            Parts.requireMatch("IA3 target modules", targets, operations);
            return operations.stream().map(this::treatment).toList();
        }

        private Treatment treatment(Operation operation) {
            if (!(operation.kind() instanceof Matrix matrix)
                    || !Parts.isModule(operation)
                    || !Parts.matches(operation, targets)) {
                return Treatment.FROZEN;
            }
            boolean input = Parts.matches(operation, feedForward);
            var scaled = new Treatment.Builder()
                    .adds(Math.multiplyExact(matrix.copies(), input ? matrix.in() : matrix.out()));
            return (input ? scaled.inputGradient() : scaled.outputGradient()).build();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.IA3;
        }
    }

    /**
     * Learned positions are put in front of each sequence; the model is frozen.
     *
     * @param virtualTokens positions in front of each sequence, at least 1
     */
    record PromptTuning(long virtualTokens) implements PeftMethod {

        /** Checks the number of positions. */
        public PromptTuning {
            Require.positive("virtual tokens", virtualTokens);
        }

        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            return operations.stream().map(operation -> Treatment.FROZEN).toList();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.PROMPT_TUNING;
        }
    }

    /**
     * Learned keys and values are put in front of those of each sequence, in every layer; the model is frozen.
     *
     * @param virtualKeys keys in front of each sequence, at least 1
     */
    record PrefixTuning(long virtualKeys) implements PeftMethod {

        /** Checks the number of keys. */
        public PrefixTuning {
            Require.positive("virtual tokens", virtualKeys);
        }

        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            return operations.stream().map(this::treatment).toList();
        }

        private Treatment treatment(Operation operation) {
            if (!(operation.kind() instanceof Operation.Core core)) {
                return Treatment.FROZEN;
            }
            long each = Math.multiplyExact(core.keyValueHeads(), core.keyWidth() + core.valueWidth());
            return new Treatment.Builder()
                    .prefix(virtualKeys)
                    .adds(Math.multiplyExact(virtualKeys, each))
                    .build();
        }

        @Override
        public PeftTechnique technique() {
            return PeftTechnique.PREFIX_TUNING;
        }
    }

    /**
     * Each operation is treated as its path says; those that are not named are frozen. This is what a description of a
     * method by module names becomes for one model.
     *
     * @param technique family of the method
     * @param treatments treatments by path
     * @param virtualTokens learned positions in front of each sequence
     */
    record ByPath(PeftTechnique technique, Map<String, Treatment> treatments, long virtualTokens)
            implements PeftMethod {

        /** Copies the treatments. */
        public ByPath {
            treatments = Map.copyOf(treatments);
            Require.notNegative("virtual tokens", virtualTokens);
        }

        @Override
        public List<Treatment> treatments(List<Operation> operations) {
            return operations.stream()
                    .map(operation -> treatments.getOrDefault(operation.path(), Treatment.FROZEN))
                    .toList();
        }
    }
}
