package org.flopledger.logs.reinforcement;

/** Console output of slime: {@code perf 12: {'perf/rollout_time': 31.2, 'perf/actor_train_time': 20.1, ...}}, counted from 0. */
public final class SlimeSource extends DictSource {

    private static final RlNames NAMES = RlNames.builder()
            .put(RlFigure.TRAINED, "perf/actor_train_tflops", "perf/actor_train_tok_per_s")
            .put(RlFigure.ANSWER_LENGTH, "rollout/response_len/mean")
            .put(RlFigure.SECONDS, "perf/step_time")
            .put(RlFigure.ROLLOUT, "perf/rollout_time", "perf/longest_sample_tokens_per_sec")
            .put(RlFigure.OLD_LOG_PROBABILITIES, "perf/log_probs_time", "perf/log_probs_tflops")
            .put(RlFigure.REFERENCE, "perf/ref_log_probs_time", "perf/ref_log_probs_tflops")
            .put(RlFigure.UPDATE, "perf/actor_train_time")
            .build();

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public SlimeSource() {
        super("slime", "perf ", true, NAMES);
    }
}
