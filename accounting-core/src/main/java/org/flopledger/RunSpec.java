package org.flopledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.lineage.Ancestor;
import org.flopledger.model.Architecture;
import org.flopledger.model.Input;
import org.flopledger.model.ParameterCount;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run before its first step: its identity, its purpose, its model and where its weights come from.
 *
 * <p>Immutable. What is left out is unknown, never zero: a run without a model is recorded all the same, and its figure has
 * coverage 0 until a step brings a reported one.
 *
 * <p>Given to {@link ComputeLedger#run} at each start of a training job. Thread-safe.
 */
public final class RunSpec {

    private static final int LONGEST_ID = 256;

    private final String id;
    private final Stage stage;
    private final @Nullable String model;
    private final List<StepFormula> formulas;
    private final SortedMap<String, List<StepFormula>> further;
    private final Facts known;

    private RunSpec(Builder builder) {
        id = builder.id;
        stage = builder.stage;
        model = builder.model;
        formulas = List.copyOf(builder.formulas);
        further = Collections.unmodifiableSortedMap(new TreeMap<>(builder.further));
        known = builder.known.build();
    }

    private RunSpec(RunSpec other, List<StepFormula> formulas) {
        id = other.id;
        stage = other.stage;
        model = other.model;
        further = other.further;
        known = other.known;
        this.formulas = List.copyOf(formulas);
    }

    /**
     * Begins the description of a run.
     *
     * @param id identity of the run, never used for another; 1 to 256 characters
     */
    public static Builder of(String id, Stage stage) {
        return new Builder(id, stage);
    }

    /** Begins the description of a pre-training run. */
    public static Builder pretraining(String id) {
        return of(id, Stage.PRETRAINING);
    }

    /** Begins the description of a supervised fine-tuning run. */
    public static Builder fineTuning(String id) {
        return of(id, Stage.SUPERVISED_FINE_TUNING);
    }

    /** Returns the identity. */
    public String id() {
        return id;
    }

    /** Returns what the run's steps are for, where a step does not say. */
    public Stage stage() {
        return stage;
    }

    /** Returns the key of the model, or null if it is not described. */
    public @Nullable String model() {
        return model;
    }

    /** Returns what a step of the model costs, at most one formula a method. */
    public List<StepFormula> formulas() {
        return formulas;
    }

    /**
     * Returns what steps of further kinds of work cost, by their key in step batches: a forward pass of a reference model, an
     * evaluation, a rollout.
     */
    public SortedMap<String, List<StepFormula>> furtherWork() {
        return further;
    }

    /** Returns the keys of the models that this says the cost of. */
    Set<String> pricedModels() {
        Set<String> models = new LinkedHashSet<>(further.keySet());
        if (model != null) {
            models.add(model);
        }
        return models;
    }

    /** Returns what rules may know of the run beside its compute. */
    public Facts known() {
        return known;
    }

    /**
     * Returns this description with what another one says besides: a model where this has none, formulas of further methods,
     * and further facts.
     *
     * @throws IllegalArgumentException naming what the two say differently
     */
    RunSpec with(RunSpec other) {
        if (stage != other.stage) {
            throw new IllegalArgumentException("stage is " + stage + " and " + other.stage + ", must stay the same");
        }
        if (model != null && other.model != null && !model.equals(other.model)) {
            throw new IllegalArgumentException("model is another one, must stay the same");
        }
        Builder builder = new Builder(id, stage);
        String key = model == null ? other.model : model;
        if (key != null) {
            builder.model(key, widened(formulas, other.formulas).toArray(new StepFormula[0]));
        }
        builder.further.putAll(further);
        other.further.forEach((work, costs) -> builder.further.merge(work, costs, RunSpec::widened));
        return builder.known(known).known(other.known).build();
    }

    private static List<StepFormula> widened(List<StepFormula> some, List<StepFormula> others) {
        Map<CountingMethod, StepFormula> methods = new EnumMap<>(CountingMethod.class);
        some.forEach(formula -> methods.put(formula.method(), formula));
        others.forEach(formula -> methods.merge(formula.method(), formula, StepFormula::widenedBy));
        return List.copyOf(methods.values());
    }

    /** Returns this description with formulas that are equal to its own, for many runs of one model to share. */
    RunSpec sharing(List<StepFormula> equal) {
        return new RunSpec(this, equal);
    }

    @Override
    public String toString() {
        return id + " (" + stage + ", " + (model == null ? "no model" : model) + ")";
    }

    /** Collects what is known of a run. Not thread-safe. */
    public static final class Builder {

        private final String id;
        private final Stage stage;
        private final List<StepFormula> formulas = new ArrayList<>();
        private final Map<String, List<StepFormula>> further = new HashMap<>();
        private @Nullable String model;
        private final Facts.Builder known = Facts.builder();

        private Builder(String id, Stage stage) {
            if (id.isBlank() || id.length() > LONGEST_ID) {
                throw new IllegalArgumentException("run identity has " + id.length() + " characters, must have 1 to "
                        + LONGEST_ID + " and not be blank");
            }
            this.id = id;
            this.stage = Objects.requireNonNull(stage, "stage");
        }

        /** Describes the model, all of which is trained. Its name is its key in step batches. */
        public Builder model(Architecture architecture) {
            return model(architecture, TrainingSetting.FULL);
        }

        /**
         * Describes the model and how it is trained. Its name is its key in step batches if it is trained in full; for any other
         * setting {@link RunSpec#model()} tells the key, which is another for each setting.
         *
         * <p>Two methods will price its steps: ARCHITECTURE by the operations of its layers, and for steps that do not tell the
         * lengths of their sequences PARAMETER_TOKEN by its active parameters.
         *
         * @throws IllegalArgumentException if another model was given, or rules were told something else of it
         */
        public Builder model(Architecture architecture, TrainingSetting setting) {
            ParameterCount parameters = ParameterCount.of(architecture, setting.method());
            boolean isPeft = parameters.trainable() < parameters.total();
            known.add(Facts.builder()
                    .answer(FactName.MIXTURE_OF_EXPERTS, parameters.routedExperts() > 0)
                    .answer(FactName.PEFT, isPeft)
                    .build());
            StepFormula operations = FlopEstimator.of(architecture, setting).formula();
            StepFormula sixNd =
                    StepFormula.ofParameters(parameters, setting.pass(), operations, longestSequence(architecture));
            return model(key(architecture, setting, operations), operations, sixNd);
        }

        /** A model has one key for each way in which it is trained, for each has a price of its own. */
        private static String key(Architecture architecture, TrainingSetting setting, StepFormula operations) {
            if (setting.equals(TrainingSetting.FULL)) {
                return architecture.name();
            }
            CRC32 check = new CRC32();
            check.update(operations.toString().getBytes(StandardCharsets.UTF_8));
            return architecture.name() + " " + String.format(Locale.ROOT, "%08x", check.getValue());
        }

        /** Learned positions and fixed inputs end somewhere; of other models nobody says how far they go. */
        private static long longestSequence(Architecture architecture) {
            Input input = architecture.main().input();
            long positions = input instanceof Input.Tokens tokens ? tokens.positions() : input.fixedLength();
            return positions > 0 ? positions : StepFormula.LONGEST_SEQUENCE;
        }

        /**
         * Describes a model of which only the parameter counts are known: 6 x active for each token, at most 6 x total and attention
         * over {@link StepFormula#LONGEST_SEQUENCE} tokens.
         *
         * @param key the model's key in step batches
         * @param active parameters that take part in one token, from 1 to {@code total}
         * @param total all parameters; equal to {@code active} says that the model is known to be dense
         */
        public Builder parameters(String key, long active, long total) {
            return model(key, StepFormula.ofParameters(active, total));
        }

        /**
         * Describes a model of which only the parameter counts and the longest sequence are known, which narrows the upper bound.
         *
         * @param longestSequence tokens of the longest sequence, at least 1
         * @see #parameters(String, long, long)
         */
        public Builder parameters(String key, long active, long total, long longestSequence) {
            return model(key, StepFormula.ofParameters(active, total, longestSequence));
        }

        /** Describes the model by formulas of your own, at most one a method. */
        public Builder model(String key, StepFormula... costs) {
            if (model != null && !(model.equals(key) && formulas.equals(List.of(costs)))) {
                throw new IllegalArgumentException("run '" + id + "' has model '" + model + "', is given another, '"
                        + key + "'; it must have one");
            }
            model = key;
            formulas.clear();
            formulas.addAll(List.of(costs));
            if (formulas.stream().map(StepFormula::method).distinct().count() != formulas.size()) {
                throw new IllegalArgumentException("model '" + key + "' has two formulas of one method, must have one");
            }
            return this;
        }

        /**
         * Describes work of the run that is no training of its model: evaluation, a reference model, rollouts. Its steps carry this
         * key instead of the model's.
         *
         * @param key the key in step batches, another one than the model's
         * @throws IllegalArgumentException if the key is the model's or costs hold two formulas of one method
         */
        public Builder furtherWork(String key, StepFormula... costs) {
            List<StepFormula> each = List.of(costs);
            if (key.equals(model)) {
                throw new IllegalArgumentException(
                        "further work has key '" + key + "' of the model, must have another");
            } else if (each.stream().map(StepFormula::method).distinct().count() != each.size()) {
                throw new IllegalArgumentException("work '" + key + "' has two formulas of one method, must have one");
            }
            further.put(key, each);
            return this;
        }

        /** Adds what the checkpoint had cost from which this run started, by the same developer. */
        public Builder prior(FlopBounds compute) {
            return ancestor(new Ancestor(
                    id + " (starting checkpoint)", Ancestor.Role.WEIGHTS, Ancestor.Developer.SAME, compute));
        }

        /** Adds an ancestor of the weights or a teacher. */
        public Builder ancestor(Ancestor ancestor) {
            known.add(Facts.builder().ancestor(ancestor).build());
            return this;
        }

        /**
         * Adds what rules may know of the run; what was said before stays.
         *
         * @throws IllegalArgumentException naming the fact of which something else was said before
         */
        public Builder known(Facts facts) {
            known.add(facts);
            return this;
        }

        /** Returns the description. */
        public RunSpec build() {
            return new RunSpec(this);
        }
    }
}
