package org.flopledger.review;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Method;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Everything rules may know of one model at one moment. What is not stated is unknown, never zero and never "no".
 *
 * <p>Compute stays in separate lines, so that each rule can count by its own basis. Immutable and thread-safe.
 */
public final class Facts {

    /** What became of the work of a line. */
    public enum Part {
        /** Steps whose updates survive in the final weights, or work outside the weights. */
        RETAINED,
        /** Steps thrown away by a crash, a rollback or an abandoned branch. */
        DISCARDED,
        /** Activations computed a second time: executed, but not model FLOP. */
        RECOMPUTED
    }

    /** How the figures were come by, which decides on which side of a threshold a rule's tolerance applies. */
    public enum Exactness {
        /** Asserted to the last FLOP: no tolerance. */
        EXACT,
        /** Added up from observed steps: the interval decides a crossing, the tolerance only warns before it. */
        MEASURED,
        /** Stated by somebody: the truth lies within the tolerance on both sides. */
        ESTIMATE
    }

    /**
     * One line of compute.
     *
     * @param stage what it was for
     * @param part what became of it
     * @param publicData whether what it generated is publicly accessible; matters for synthetic data only
     * @param flop the figure of the part that could be computed
     * @param coverage the share of its steps that the figure covers, 0 to 1
     */
    public record Line(Stage stage, Part part, boolean publicData, FlopBounds flop, double coverage) {
        /** Checks the share. */
        public Line {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(part, "part");
            Objects.requireNonNull(flop, "flop");
            if (!(coverage >= 0 && coverage <= 1)) {
                throw new IllegalArgumentException("coverage is " + coverage + ", must be from 0 to 1");
            }
        }

        /** Returns a line of retained work whose figure covers every step. */
        public static Line of(Stage stage, FlopBounds flop) {
            return new Line(stage, Part.RETAINED, false, flop, 1);
        }
    }

    /**
     * The model that was modified.
     *
     * @param compute its whole training compute; null where it is neither known nor can be estimated
     */
    public record Original(@Nullable FlopBounds compute) {}

    private final List<Line> lines;
    private final List<Line> planned;
    private final List<Ancestor> ancestors;
    private final @Nullable Original declaredOriginal;
    private final Exactness exactness;
    private final Map<FactName, Set<String>> tags;
    private final Map<FactName, Boolean> answers;
    private final Map<FactName, BigDecimal> amounts;
    private final Map<Method, FlopCount> figures;
    private final @Nullable LocalDate asOf;
    private final @Nullable Long step;
    private final @Nullable Instant at;

    private Facts(Builder builder) {
        lines = List.copyOf(builder.lines);
        planned = List.copyOf(builder.planned);
        ancestors = List.copyOf(builder.ancestors);
        declaredOriginal = builder.original;
        exactness = builder.exactness;
        tags = Collections.unmodifiableMap(new EnumMap<>(builder.tags));
        answers = Collections.unmodifiableMap(new EnumMap<>(builder.answers));
        amounts = Collections.unmodifiableMap(new EnumMap<>(builder.amounts));
        figures = Collections.unmodifiableMap(new EnumMap<>(builder.figures));
        asOf = builder.asOf;
        step = builder.step;
        at = builder.at;
    }

    /** Returns a builder without any fact; figures are taken as measured. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns facts that state nothing: what is known before the first step. */
    public static Facts none() {
        return builder().build();
    }

    /** Returns a builder that holds what is stated here, for facts that differ in a little. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.lines.addAll(lines);
        copy.planned.addAll(planned);
        ancestors.forEach(copy::ancestor);
        copy.original = declaredOriginal;
        copy.exactness = exactness;
        copy.tags.putAll(tags);
        copy.answers.putAll(answers);
        copy.amounts.putAll(amounts);
        copy.figures.putAll(figures);
        copy.asOf = asOf;
        copy.step = step;
        copy.at = at;
        return copy;
    }

    /** Returns the lines of compute spent so far. */
    public List<Line> lines() {
        return lines;
    }

    /** Returns the lines of compute still to be spent according to the plan; empty if there is none. */
    public List<Line> planned() {
        return planned;
    }

    /** Returns the ancestors, each once. */
    public List<Ancestor> ancestors() {
        return ancestors;
    }

    /** Returns how the figures were come by. */
    public Exactness exactness() {
        return exactness;
    }

    /** Returns the figures that several methods give for the same compute; empty if not compared. */
    public Map<Method, FlopCount> figures() {
        return figures;
    }

    /** Returns the date for which dates of effect are asked; null to leave dates of effect out of the verdict. */
    public @Nullable LocalDate asOf() {
        return asOf;
    }

    /** Returns the last optimizer step these facts include; null if unknown. */
    public @Nullable Long step() {
        return step;
    }

    /** Returns the moment of that step; null if unknown. */
    public @Nullable Instant at() {
        return at;
    }

    /**
     * Returns the model that was modified: the one declared, or else the ancestors by other developers together, or else
     * all ancestors whose weights were used; null if there is none.
     */
    public @Nullable Original original() {
        if (declaredOriginal != null) {
            return declaredOriginal;
        }
        List<Ancestor> weights = weightAncestors(null);
        List<Ancestor> others = weights.stream()
                .filter(ancestor -> ancestor.developer() != Ancestor.Developer.SAME)
                .toList();
        List<Ancestor> sources = others.isEmpty() ? weights : others;
        if (sources.isEmpty()) {
            return null;
        }
        FlopBounds sum = FlopBounds.ZERO;
        for (Ancestor source : sources) {
            FlopBounds compute = source.compute();
            if (compute == null) {
                return new Original(null);
            }
            sum = sum.plus(compute);
        }
        return new Original(sum);
    }

    /** Returns the model that was declared to be the one modified; null if it was left to the ancestors. */
    public @Nullable Original declaredOriginal() {
        return declaredOriginal;
    }

    /** Returns the developer's own ancestors that belong to its modification of somebody else's model. */
    List<Ancestor> ownModificationAncestors() {
        boolean somebodyElses =
                weightAncestors(null).stream().anyMatch(ancestor -> ancestor.developer() != Ancestor.Developer.SAME);
        return somebodyElses ? weightAncestors(Ancestor.Developer.SAME) : List.of();
    }

    private List<Ancestor> weightAncestors(Ancestor.@Nullable Developer developer) {
        return ancestors.stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                .filter(ancestor -> developer == null || ancestor.developer() == developer)
                .toList();
    }

    /** Returns the words stated for a fact; null if nothing was stated. */
    public @Nullable Set<String> tags(FactName fact) {
        return tags.get(fact);
    }

    /** Returns the number stated for a fact; null if none was. */
    public @Nullable BigDecimal amount(FactName fact) {
        return amounts.get(fact);
    }

    /** Returns the answer stated, or that follows from the ancestors; null if the question is open. */
    public @Nullable Boolean answer(FactName fact) {
        Boolean stated = answers.get(fact);
        return (stated == null && fact == FactName.OTHER_ACTOR) ? modifiedByAnother() : stated;
    }

    private @Nullable Boolean modifiedByAnother() {
        List<Ancestor> weights = weightAncestors(null);
        if (weights.isEmpty()) {
            return declaredOriginal == null ? false : null;
        }
        if (weights.stream().anyMatch(ancestor -> ancestor.developer() == Ancestor.Developer.OTHER)) {
            return true;
        }
        return weights.stream().anyMatch(ancestor -> ancestor.developer() == Ancestor.Developer.UNSTATED)
                ? null
                : false;
    }

    /** Returns these facts as they will be when the plan is carried out. */
    Facts withPlanCarriedOut() {
        Builder done = toBuilder();
        done.lines.addAll(planned);
        done.planned.clear();
        return done.build();
    }

    /** Collects facts. Not thread-safe. */
    public static final class Builder {

        private final List<Line> lines = new ArrayList<>();
        private final List<Line> planned = new ArrayList<>();
        private final List<Ancestor> ancestors = new ArrayList<>();
        private final Set<String> ancestorNames = new HashSet<>();
        private @Nullable Original original;
        private Exactness exactness = Exactness.MEASURED;
        private final Map<FactName, Set<String>> tags = new EnumMap<>(FactName.class);
        private final Map<FactName, Boolean> answers = new EnumMap<>(FactName.class);
        private final Map<FactName, BigDecimal> amounts = new EnumMap<>(FactName.class);
        private final Map<Method, FlopCount> figures = new EnumMap<>(Method.class);
        private @Nullable LocalDate asOf;
        private @Nullable Long step;
        private @Nullable Instant at;

        private Builder() {}

        /** Adds a line of compute that was spent. */
        public Builder line(Line line) {
            lines.add(line);
            return this;
        }

        /** Adds a line of compute that is planned and not yet spent. */
        public Builder planned(Line line) {
            planned.add(line);
            return this;
        }

        /**
         * Adds an ancestor.
         *
         * @throws IllegalArgumentException if one of that name is there already: an ancestor counts once
         */
        public Builder ancestor(Ancestor ancestor) {
            if (!ancestorNames.add(ancestor.model())) {
                throw new IllegalArgumentException(
                        "ancestor '" + Shown.brief(ancestor.model()) + "' is given twice, must count once");
            }
            ancestors.add(ancestor);
            return this;
        }

        /** Adds each of them, see {@link #ancestor}. */
        public Builder ancestors(Collection<Ancestor> all) {
            all.forEach(this::ancestor);
            return this;
        }

        /** Declares the model that was modified, where the ancestors do not tell. */
        public Builder original(Original modified) {
            original = modified;
            return this;
        }

        /** Says how the figures were come by. */
        public Builder exactness(Exactness how) {
            exactness = how;
            return this;
        }

        /** States words for a fact of kind {@link FactName.Kind#TAGS}; more calls add more words. */
        public Builder tag(FactName fact, String word) {
            require(fact, FactName.Kind.TAGS);
            tags.computeIfAbsent(fact, unused -> new TreeSet<>()).add(word);
            return this;
        }

        /** Answers a fact of kind {@link FactName.Kind#ANSWER}. */
        public Builder answer(FactName fact, boolean yes) {
            require(fact, FactName.Kind.ANSWER);
            answers.put(fact, yes);
            return this;
        }

        /**
         * States a fact of kind {@link FactName.Kind#AMOUNT}, in the unit its description names.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder amount(FactName fact, BigDecimal amount) {
            require(fact, FactName.Kind.AMOUNT);
            if (amount.signum() < 0) {
                throw new IllegalArgumentException(fact.key() + " is " + amount + ", must be >= 0");
            }
            amounts.put(fact, amount);
            return this;
        }

        /** States what is known of inference; what it leaves open stays open. */
        public Builder inference(InferenceFacts inference) {
            Integer accelerators = inference.acceleratorsPerPass();
            if (accelerators != null) {
                amount(FactName.ACCELERATORS_PER_PASS, BigDecimal.valueOf(accelerators));
            }
            Double latency = inference.latencyAtBatchOneMillis();
            if (latency != null) {
                amount(FactName.LATENCY_BATCH_ONE_MILLIS, BigDecimal.valueOf(latency));
            }
            Boolean sensitive = inference.sensitiveTask();
            if (sensitive != null) {
                answer(FactName.SENSITIVE_TASK, sensitive);
            }
            return this;
        }

        /** States what one method gives for the whole compute, to be compared with other methods. */
        public Builder figure(Method method, FlopCount flop) {
            figures.put(method, flop);
            return this;
        }

        /** Asks for the verdict on a date: rules not in effect then do not apply. */
        public Builder asOf(LocalDate date) {
            asOf = date;
            return this;
        }

        /** States the last step included and when it ended, either null if unknown. */
        public Builder position(@Nullable Long lastStep, @Nullable Instant endedAt) {
            step = lastStep;
            at = endedAt;
            return this;
        }

        /** Returns the facts collected so far. */
        public Facts build() {
            return new Facts(this);
        }

        private static void require(FactName fact, FactName.Kind kind) {
            if (fact.kind() != kind) {
                throw new IllegalArgumentException(
                        "fact " + fact.key() + " is of kind " + fact.kind() + ", was given as " + kind);
            }
        }
    }
}
