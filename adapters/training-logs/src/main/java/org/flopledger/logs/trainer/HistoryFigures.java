package org.flopledger.logs.trainer;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.flopledger.logs.scan.JsonFacts;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a trainer's history say beside their steps: the largest value of a few figures, the mean of others, which
 * kinds of entries there are, and how many samples were evaluated. Nothing else is kept. Confined to one thread.
 */
final class HistoryFigures {

    /** Seconds since the training began, of a log that tells them in another form. */
    static final String ELAPSED = "elapsed_seconds";

    private static final Set<String> LARGEST = Set.of(
            ELAPSED,
            "train_runtime",
            "train_samples_per_second",
            "train_steps_per_second",
            "total_flos",
            "num_input_tokens_seen",
            "num_tokens");
    private static final Set<String> MEAN =
            Set.of("completions/mean_length", "completions/max_length", "completion_length");
    /** Names whose presence tells what was trained, whatever their values. */
    private static final Set<String> TELLING = Set.of(
            "rewards/chosen", "reward", "kl", "mean_token_accuracy", "completions/mean_length", "completion_length");

    private final Map<String, BigDecimal> largest = new HashMap<>();
    private final Map<String, BigDecimal> sums = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private BigDecimal evaluated = BigDecimal.ZERO;
    private int evaluations;
    private @Nullable BigDecimal runtime;
    private @Nullable BigDecimal perSecond;

    /** Begins an entry. */
    void begin() {
        runtime = null;
        perSecond = null;
    }

    /** Takes a member of the entry. */
    void keep(@Nullable String name, JsonParser parser) throws IOException {
        if (name == null) {
            return;
        }
        if (TELLING.contains(name)) {
            seen.add(name);
        }
        boolean isEvaluation = name.startsWith("eval_");
        if (!LARGEST.contains(name) && !MEAN.contains(name) && !isEvaluation) {
            return;
        }
        BigDecimal figure = JsonFacts.figure(parser);
        if (figure == null) {
            return;
        } else if (LARGEST.contains(name)) {
            largest.merge(name, figure, BigDecimal::max);
        } else if (MEAN.contains(name)) {
            sums.merge(name, figure, BigDecimal::add);
            counts.merge(name, 1, Integer::sum);
        } else if (name.endsWith("_samples_per_second")) {
            perSecond = figure;
        } else if (name.endsWith("_runtime")) {
            runtime = figure;
        }
    }

    /** Ends an entry. */
    void end() {
        if (runtime != null && perSecond != null) {
            evaluated = evaluated.add(runtime.multiply(perSecond));
            evaluations++;
        }
    }

    /** Returns the largest value of a figure in any entry, or null. */
    @Nullable
    BigDecimal largest(String name) {
        return largest.get(name);
    }

    /** Returns the mean of a figure over the entries that have it, or null. */
    @Nullable
    Double mean(String name) {
        BigDecimal sum = sums.get(name);
        Integer count = counts.get(name);
        return sum == null || count == null ? null : Double.valueOf(sum.doubleValue() / count);
    }

    /** Returns whether any entry has a member of a name that tells what was trained. */
    boolean has(String name) {
        return seen.contains(name);
    }

    /** Returns the samples of all evaluations together, as their durations and rates tell. */
    BigDecimal evaluatedSamples() {
        return evaluated;
    }

    /** Returns how many evaluations there were. */
    int evaluations() {
        return evaluations;
    }
}
