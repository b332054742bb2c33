package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flopledger.logs.RunIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What the records of one MLPerf log say, kept in constant memory but for one mark an evaluation. Confined to one thread.
 *
 * <p>An allow-list: a key that is not named here is dropped, so that no name, address or path can leave the reader.
 */
final class MlperfEvidence implements RunIdentity.MlperfFacts {

    private static final Set<String> SETTINGS = Set.of(
            "seed", "global_batch_size", "max_sequence_length", "init_checkpoint_step", "lora_rank", "lora_alpha");
    /** Records whose value says how far the run came, so the last one counts. */
    private static final Set<String> COUNTERS = Set.of("train_samples", "trained_samples");

    private static final Set<String> EVENTS =
            Set.of("submission_benchmark", "run_start", "run_stop", "eval_accuracy", "block_stop");

    /** Keys of the records that say anything; all others are only counted. */
    static final Set<String> KEYS =
            Stream.of(SETTINGS, COUNTERS, EVENTS).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    /** Of them, those whose time is all they say. */
    static final Set<String> TIMED = Set.of("run_start", "block_stop");

    /** Metadata that says anything. */
    static final Set<String> METADATA = Set.of("samples_count", "epoch_num", "step_num", "step", "status");

    private static final Set<String> FIELDS = Set.of("samples_count", "epoch_num", "step_num", "step");
    /** Stands for the last record that says how far the run came. */
    static final String PROGRESS = "";

    private static final int LONGEST_NAME = 64;
    private static final int MOST_MARKS = 100_000;

    private final Map<String, Long> settings = new HashMap<>();
    private final Set<String> contradictory = new TreeSet<>();
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, Long> lastEvaluation = new HashMap<>();
    private final Map<String, Long> atStop = new HashMap<>();
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable String benchmark;
    private @Nullable Instant start;
    private @Nullable Instant stop;
    private boolean stoppedWell;
    private int attempts;
    private @Nullable Instant lastAdvance;
    private boolean advanced = true;
    private long records;
    private final Map<String, Long> lineOf = new HashMap<>();

    /**
     * What an evaluation record says about progress.
     *
     * @param time when it was written
     * @param counts its progress fields
     */
    record Mark(Instant time, Map<String, Long> counts) {}

    /** Counts a record that says nothing of use. */
    void countRecord() {
        records++;
    }

    /** Takes a record that stands in a line, counted from 1. */
    void accept(MlperfRecord entry, long line) {
        records++;
        if (SETTINGS.contains(entry.key())) {
            lineOf.putIfAbsent(entry.key(), line);
        } else if (entry.key().equals("run_stop") || entry.key().equals("eval_accuracy")) {
            lineOf.put(PROGRESS, line);
        }
        String key = entry.key();
        switch (key) {
            case "submission_benchmark" -> {
                if (benchmark == null && entry.value().isTextual()) {
                    String name = entry.value().textValue();
                    benchmark = name.substring(0, Math.min(LONGEST_NAME, name.length()));
                }
            }
            case "run_start" -> started(entry.time());
            case "run_stop" -> stopped(entry);
            case "eval_accuracy" -> evaluated(entry);
            case "block_stop" -> advanced(entry.time());
            default -> {
                if (SETTINGS.contains(key)) {
                    setting(key, entry.value(), entry.count());
                } else if (COUNTERS.contains(key)) {
                    entry.count().ifPresent(count -> counters.put(key, count));
                }
            }
        }
    }

    private void started(Instant time) {
        if (start == null) {
            start = time;
        }
        // Every rank may say that the run starts, and late. Only a start after progress, in file and in time, is
        // another
        // attempt.
        if (advanced && (lastAdvance == null || time.isAfter(lastAdvance))) {
            attempts++;
            advanced = false;
            stop = null;
            stoppedWell = false;
            atStop.clear();
        }
    }

    private void advanced(Instant time) {
        advanced = true;
        if (lastAdvance == null || time.isAfter(lastAdvance)) {
            lastAdvance = time;
        }
    }

    private void stopped(MlperfRecord entry) {
        advanced(entry.time());
        if (stop == null) {
            stop = entry.time();
            stoppedWell = entry.text("status").equals("success");
            counts(entry).forEach(atStop::putIfAbsent);
        }
    }

    private void evaluated(MlperfRecord entry) {
        advanced(entry.time());
        Map<String, Long> counts = counts(entry);
        lastEvaluation.putAll(counts);
        if (!counts.isEmpty() && marks.size() < MOST_MARKS) {
            marks.add(new Mark(entry.time(), counts));
        }
    }

    private void setting(String key, JsonNode value, OptionalLong count) {
        if (count.isEmpty()) {
            // Null and "" mean that the submitter left it out.
            if (value.isNumber() || (value.isTextual() && !value.textValue().isBlank())) {
                contradictory.add(key);
            }
            return;
        }
        Long known = settings.putIfAbsent(key, count.getAsLong());
        // Ranks may draw seeds of their own.
        if (known != null && known != count.getAsLong() && !key.equals("seed")) {
            contradictory.add(key);
        }
    }

    /** Returns whether a setting is in the log, and no value of it makes sense. */
    boolean isSenseless(@Nullable String key) {
        return key != null && contradictory.contains(key) && !settings.containsKey(key);
    }

    private static Map<String, Long> counts(MlperfRecord entry) {
        var counts = new HashMap<String, Long>();
        for (String field : FIELDS) {
            entry.count(field).ifPresent(count -> counts.put(field, count));
        }
        return counts;
    }

    @Override
    public @Nullable String benchmark() {
        return benchmark;
    }

    @Override
    public @Nullable Long setting(@Nullable String key) {
        return key == null ? null : settings.get(key);
    }

    /** Returns the settings that were given twice with different values or with one that makes no sense. */
    Set<String> contradictorySettings() {
        return contradictory;
    }

    /** Returns what one place of a log says about progress, or null. */
    @Nullable
    Long progress(Benchmark.Evidence evidence) {
        return switch (evidence.record()) {
            case "run_stop" -> atStop.get(evidence.field());
            case "eval_accuracy" -> lastEvaluation.get(evidence.field());
            default -> counters.get(evidence.record());
        };
    }

    /** Returns the line of the first record of a setting, or of the last one of {@link #PROGRESS}; 1 if there is none. */
    long lineOf(String key) {
        return lineOf.getOrDefault(key, 1L);
    }

    List<Mark> marks() {
        return marks;
    }

    @Override
    public @Nullable Instant start() {
        return start;
    }

    @Override
    public @Nullable Instant stop() {
        return stop;
    }

    /** Returns whether the log says that the run reached its goal. */
    boolean stoppedWell() {
        return stoppedWell;
    }

    int attempts() {
        return Math.max(1, attempts);
    }

    long records() {
        return records;
    }

    /** Returns whether any record starts, ends or advances a run. */
    boolean tellsARun() {
        return start != null || stop != null || !lastEvaluation.isEmpty();
    }
}
