package org.flopledger.review;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Everything rules may know of one model at one moment. What is not stated is unknown, never zero and never "no".
 *
 * <p>Compute stays in separate lines, so that each rule can count by its own basis. Immutable and thread-safe.
 *
 * <p>Built by anyone who asks rules about a model without a ledger; a ledger makes them of its accounts.
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

    /** How the figures were obtained, which decides on which side of a threshold a rule's tolerance applies. */
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

    private final FactSheet sheet;
    private final WeightAncestry descent;

    private Facts(FactSheet filled) {
        sheet = filled.copy();
        descent = new WeightAncestry(List.copyOf(sheet.ancestors.values()), sheet.original);
    }

    /** Returns a builder without any fact; figures are taken as measured. */
    public static Builder builder() {
        return new Builder(new FactSheet());
    }

    /** Returns facts that state nothing: what is known before the first step. */
    public static Facts none() {
        return builder().build();
    }

    /** Returns a builder that holds what is stated here, for facts that differ in a little. */
    public Builder toBuilder() {
        return new Builder(sheet.copy());
    }

    /** Returns the lines of compute spent so far. */
    public List<Line> lines() {
        return Collections.unmodifiableList(sheet.lines);
    }

    /** Returns the lines of compute still to be spent according to the plan; empty if there is none. */
    public List<Line> planned() {
        return Collections.unmodifiableList(sheet.planned);
    }

    /** Returns the ancestors, each once. */
    public List<Ancestor> ancestors() {
        return descent.ancestors();
    }

    /** Returns how the figures were obtained. */
    public Exactness exactness() {
        return sheet.exactness;
    }

    /** Returns the figures that several methods give for the same compute; empty if not compared. */
    public Map<CountingMethod, FlopCount> figures() {
        return Collections.unmodifiableMap(sheet.figures);
    }

    /** Returns the date for which dates of effect are asked; null to leave dates of effect out of the verdict. */
    public @Nullable LocalDate asOf() {
        return sheet.asOf;
    }

    /** Returns the last optimizer step these facts include; null if unknown. */
    public @Nullable Long step() {
        return sheet.step;
    }

    /** Returns the moment of that step; null if unknown. */
    public @Nullable Instant at() {
        return sheet.at;
    }

    /**
     * Returns the model that was modified: the one declared, or else the ancestors by other developers together, or else
     * all ancestors whose weights were used; null if there is none.
     */
    public @Nullable Original original() {
        return descent.original();
    }

    /** Returns the model that was declared to be the one modified; null if it was left to the ancestors. */
    public @Nullable Original declaredOriginal() {
        return descent.declared();
    }

    /** Returns the developer's own ancestors that belong to its modification of somebody else's model. */
    List<Ancestor> ownModificationAncestors() {
        return descent.ownModification();
    }

    /** Returns the words stated for a fact; null if nothing was stated. */
    public @Nullable Set<String> tags(FactName fact) {
        return sheet.stated.tags(fact);
    }

    /** Returns the number stated for a fact; null if none was. */
    public @Nullable BigDecimal amount(FactName fact) {
        return sheet.stated.amount(fact);
    }

    /** Returns the answer stated, or that follows from the ancestors; null if the question is open. */
    public @Nullable Boolean answer(FactName fact) {
        Boolean answer = sheet.stated.answer(fact);
        return (answer == null && fact == FactName.OTHER_ACTOR) ? descent.modifiedByAnother() : answer;
    }

    /** Returns these facts as they will be when the plan is carried out. */
    Facts withPlanCarriedOut() {
        FactSheet done = sheet.copy();
        done.lines.addAll(done.planned);
        done.planned.clear();
        return new Facts(done);
    }

    /** Collects facts. Not thread-safe. */
    public static final class Builder {

        private final FactSheet sheet;

        private Builder(FactSheet sheet) {
            this.sheet = sheet;
        }

        /** Adds a line of compute that was spent. */
        public Builder line(Line line) {
            sheet.lines.add(line);
            return this;
        }

        /** Adds a line of compute that is planned and not yet spent. */
        public Builder planned(Line line) {
            sheet.planned.add(line);
            return this;
        }

        /**
         * Adds an ancestor.
         *
         * @throws IllegalArgumentException if one of that name is there already: an ancestor counts once
         */
        public Builder ancestor(Ancestor ancestor) {
            if (sheet.ancestors.putIfAbsent(ancestor.model(), ancestor) != null) {
                throw new IllegalArgumentException(
                        "ancestor '" + MessageText.brief(ancestor.model()) + "' is given twice, must count once");
            }
            return this;
        }

        /** Adds each of them, see {@link #ancestor}. */
        public Builder ancestors(Collection<Ancestor> all) {
            all.forEach(this::ancestor);
            return this;
        }

        /**
         * Adds everything that other facts state; what both state must be the same, words of a kind add up.
         *
         * @throws IllegalArgumentException naming the fact of which the two state different things; then nothing was added
         */
        public Builder add(Facts other) {
            FactSheet together = sheet.copy();
            together.add(other.sheet);
            sheet.take(together);
            return this;
        }

        /** Declares the model that was modified, where the ancestors do not tell. */
        public Builder original(Original modified) {
            sheet.original = modified;
            return this;
        }

        /** Says how the figures were obtained. */
        public Builder exactness(Exactness how) {
            sheet.exactness = how;
            return this;
        }

        /** States words for a fact of kind {@link FactName.Kind#TAGS}; more calls add more words. */
        public Builder tag(FactName fact, String word) {
            sheet.stated.tag(fact, word);
            return this;
        }

        /** Answers a fact of kind {@link FactName.Kind#ANSWER}. */
        public Builder answer(FactName fact, boolean yes) {
            sheet.stated.answer(fact, yes);
            return this;
        }

        /**
         * States a fact of kind {@link FactName.Kind#AMOUNT}, in the unit its description names.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder amount(FactName fact, BigDecimal amount) {
            sheet.stated.amount(fact, amount);
            return this;
        }

        /** States what is known of inference; what it leaves open stays open. */
        public Builder inference(Inference inference) {
            inference.stateIn(sheet.stated);
            return this;
        }

        /** States what one method gives for the whole compute, to be compared with other methods. */
        public Builder figure(CountingMethod method, FlopCount flop) {
            sheet.figures.put(method, flop);
            return this;
        }

        /** Asks for the verdict on a date: rules not in effect then do not apply. */
        public Builder asOf(LocalDate date) {
            sheet.asOf = date;
            return this;
        }

        /** States the last step included and when it ended, either null if unknown. */
        public Builder position(@Nullable Long lastStep, @Nullable Instant endedAt) {
            sheet.step = lastStep;
            sheet.at = endedAt;
            return this;
        }

        /** Returns the facts collected so far. */
        public Facts build() {
            return new Facts(sheet);
        }
    }

    /**
     * How a model is served: facts that no compute threshold needs, declared by the user.
     *
     * @param acceleratorsPerPass accelerators that one forward pass uses; null if unknown
     * @param latencies measured latencies, at most one for each batch size and percentile
     * @param sensitiveTask whether the task is declared sensitive; null if nobody said
     * @param flopPerGeneratedToken computation of one generated token; null if unknown
     */
    public record Inference(
            @Nullable Integer acceleratorsPerPass,
            List<Latency> latencies,
            @Nullable Boolean sensitiveTask,
            @Nullable FlopCount flopPerGeneratedToken) {

        /**
         * One latency.
         *
         * @param batchSize requests served together, at least 1
         * @param percentile 50 for the median, above 0 and up to 100
         * @param millis milliseconds, finite and not negative
         */
        public record Latency(int batchSize, double percentile, double millis) {
            /** Checks the ranges. */
            public Latency {
                if (batchSize < 1) {
                    throw new IllegalArgumentException("batch size is " + batchSize + ", must be >= 1");
                }
                if (!(percentile > 0 && percentile <= 100)) {
                    throw new IllegalArgumentException(
                            "percentile is " + percentile + ", must be above 0 and up to 100");
                }
                if (!(millis >= 0) || Double.isInfinite(millis)) {
                    throw new IllegalArgumentException("latency is " + millis + " ms, must be finite and >= 0");
                }
            }
        }

        /** Checks the ranges and copies the list. */
        public Inference {
            if (acceleratorsPerPass != null && acceleratorsPerPass < 1) {
                throw new IllegalArgumentException(
                        "accelerators per pass is " + acceleratorsPerPass + ", must be >= 1");
            }
            latencies = List.copyOf(latencies);
            long distinct = latencies.stream()
                    .map(latency -> List.of(latency.batchSize(), latency.percentile()))
                    .distinct()
                    .count();
            if (distinct != latencies.size()) {
                throw new IllegalArgumentException(
                        "latencies repeat a batch size and percentile, each must be given once");
            }
        }

        /** Returns the lowest known percentile's latency at batch size 1 in milliseconds, the fastest claim; null if none. */
        @Nullable
        Double latencyAtBatchOneMillis() {
            return latencies.stream()
                    .filter(latency -> latency.batchSize() == 1)
                    .min(Comparator.comparingDouble(Latency::percentile))
                    .map(Latency::millis)
                    .orElse(null);
        }

        /** States what is known; what these facts leave open stays open. */
        void stateIn(StatedFacts stated) {
            if (acceleratorsPerPass != null) {
                stated.amount(FactName.ACCELERATORS_PER_PASS, BigDecimal.valueOf(acceleratorsPerPass));
            }
            Double latency = latencyAtBatchOneMillis();
            if (latency != null) {
                stated.amount(FactName.LATENCY_BATCH_ONE_MILLIS, BigDecimal.valueOf(latency));
            }
            if (sensitiveTask != null) {
                stated.answer(FactName.SENSITIVE_TASK, sensitiveTask);
            }
        }
    }
}
