package org.flopledger.logs.mlperf;

import java.util.List;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What the records of one MLPerf benchmark mean. The same key means tokens in one benchmark and samples in another, so these
 * are data: {@code mlperf-benchmarks.json}.
 *
 * @param name name in {@code submission_benchmark}
 * @param model name of a model in {@code mlperf-models.json}, or null
 * @param stage what the compute is for
 * @param start what weights it starts from
 * @param evidence where a log says how far the run came, best first
 * @param sequenceLengthKey record that gives the length of a sequence, or null
 * @param ruleSequenceLength length of a sequence by the benchmark's rule, or null
 * @param priorKeys records whose product with the sequence length is what the checkpoint had seen; empty for none
 * @param lora the low-rank fine-tuning the benchmark does, or null
 * @param wholeSteps whether the sequences are a multiple of the batch size
 * @param padded whether tokens are an upper bound of what was computed
 */
record Benchmark(
        String name,
        @Nullable String model,
        Stage stage,
        Start start,
        List<Evidence> evidence,
        @Nullable String sequenceLengthKey,
        @Nullable Long ruleSequenceLength,
        List<String> priorKeys,
        @Nullable LoraRule lora,
        boolean wholeSteps,
        boolean padded) {

    /** What weights a run starts from. */
    enum Start {
        RANDOM,
        CHECKPOINT,
        PUBLISHED,
        UNKNOWN
    }

    /** What a progress figure counts. */
    enum Unit {
        TOKENS,
        SEQUENCES,
        SAMPLES,
        STEPS
    }

    /**
     * One place where a log says how far the run came.
     *
     * @param record key of the record
     * @param field field of the metadata, or {@code value}
     * @param unit what it counts
     */
    record Evidence(String record, String field, Unit unit) {}

    /**
     * The low-rank fine-tuning of a benchmark.
     *
     * @param rankKey record that gives the rank
     * @param alphaKey record that gives alpha
     * @param ruleRank rank by the benchmark's rule
     * @param targets names of the modules
     */
    record LoraRule(String rankKey, String alphaKey, long ruleRank, List<String> targets) {

        LoraRule {
            targets = List.copyOf(targets);
        }
    }

    Benchmark {
        evidence = List.copyOf(evidence);
        priorKeys = List.copyOf(priorKeys);
    }

    /** Returns the benchmark of a name that is not in the data: samples are counted, nothing is made of them. */
    static Benchmark unknown(String name) {
        return new Benchmark(
                name,
                null,
                Stage.UNKNOWN,
                Start.UNKNOWN,
                List.of(
                        new Evidence("run_stop", "samples_count", Unit.SAMPLES),
                        new Evidence("eval_accuracy", "samples_count", Unit.SAMPLES)),
                null,
                null,
                List.of(),
                null,
                false,
                false);
    }

    /** Returns whether samples are token sequences. */
    boolean isLanguage() {
        return evidence.stream().anyMatch(e -> e.unit() == Unit.SEQUENCES || e.unit() == Unit.TOKENS);
    }
}
