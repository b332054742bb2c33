package org.flopledger.logs.reinforcement;

/** Records of NeMo-RL: {@code train/total_num_tokens}, {@code timing/train/policy_training} and their kin. */
public final class NemoRlRecordSource extends RlRecordSource {

    private static final RlNames NAMES = RlNames.builder()
            .put(RlFigure.STEP, "step")
            .put(RlFigure.TOKENS, "train/total_num_tokens")
            .put(RlFigure.ANSWER_LENGTH, "train/mean_gen_tokens_per_sample")
            .put(RlFigure.PROMPT_LENGTH, "train/mean_prompt_length")
            .put(RlFigure.WHOLE_LENGTH, "train/mean_total_tokens_per_sample")
            .put(RlFigure.SECONDS, "timing/train/total_step_time")
            .put(RlFigure.ROLLOUT, "timing/train/generation", "timing/train/exposed_generation")
            .put(RlFigure.BOTH_LOG_PROBABILITIES, "timing/train/policy_and_reference_logprobs")
            .put(RlFigure.UPDATE, "timing/train/policy_training")
            .build();

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public NemoRlRecordSource() {
        super("nemo-rl-records", NAMES, "train/total_num_tokens", "timing/train/total_step_time");
    }
}
