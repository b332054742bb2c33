package org.flopledger.logs.reinforcement;

/**
 * What verl calls the figures of a step, on the console and in its files. {@code perf/total_num_tokens} is the step's own, over all
 * devices, a prompt counted with each of its answers, once however often they are trained on.
 */
final class VerlNames {

    static final RlNames NAMES = RlNames.builder()
            .put(RlFigure.STEP, "step")
            .put(RlFigure.TRAINED, "training/global_step")
            .put(RlFigure.TOKENS, "perf/total_num_tokens")
            .put(RlFigure.DEVICE_TOKENS, "global_seqlen/mean")
            .put(RlFigure.ANSWER_LENGTH, "response_length/mean")
            .put(RlFigure.PROMPT_LENGTH, "prompt_length/mean")
            .put(RlFigure.LONGEST_ANSWER, "response_length/max")
            .put(RlFigure.LONGEST_PROMPT, "prompt_length/max")
            .put(RlFigure.SECONDS, "perf/time_per_step", "timing_s/step")
            .put(RlFigure.DEVICE_SPEED, "perf/throughput")
            .put(
                    RlFigure.ROLLOUT,
                    "timing_s/gen",
                    "timing_s/generate_sequences",
                    "timing_s/get_batch_rollout_with_filtering")
            .put(RlFigure.OLD_LOG_PROBABILITIES, "timing_s/old_log_prob")
            .put(RlFigure.REFERENCE, "timing_s/ref", "timing_s/ref_log_prob", "timing_s/RefPolicy")
            .put(RlFigure.REWARD, "timing_s/rm", "timing_s/compute_rm_score")
            .put(RlFigure.VALUES, "timing_s/values")
            .put(RlFigure.CRITIC_UPDATE, "timing_s/update_critic")
            .put(RlFigure.UPDATE, "timing_s/update_actor")
            .put(RlFigure.DROPPED, "fully_async/count/dropped_stale_samples", "fully_async/count/dropped_samples")
            .build();

    private VerlNames() {}
}
