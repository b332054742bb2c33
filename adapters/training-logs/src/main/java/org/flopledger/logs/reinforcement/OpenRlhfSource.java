package org.flopledger.logs.reinforcement;

/**
 * Console output of OpenRLHF: {@code Global step 5: {'timing/generation': 12.3, ...}}. What a filter threw away was written too: written
 * = kept / {@code dynamic_filtering_pass_rate}. Its {@code make_experience} is every forward pass behind the rollout.
 */
public final class OpenRlhfSource extends DictSource {

    private static final RlNames NAMES = RlNames.builder()
            .put(RlFigure.TRAINED, "policy_loss", "actor_lr")
            .put(RlFigure.ANSWERS, "rollout/num_samples")
            .put(RlFigure.ANSWER_LENGTH, "rollout/response_length_mean", "response_length")
            .put(RlFigure.WHOLE_LENGTH, "rollout/total_length_mean", "total_length")
            .put(RlFigure.SECONDS, "timing/step_total")
            .put(RlFigure.ROLLOUT, "timing/generation", "timing/generate")
            .put(RlFigure.OLD_LOG_PROBABILITIES, "timing/make_experience")
            .put(RlFigure.CRITIC_UPDATE, "critic_loss")
            .put(RlFigure.UPDATE, "timing/ppo_train")
            .put(RlFigure.KEPT_PERCENT, "dynamic_filtering_pass_rate")
            .build();

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public OpenRlhfSource() {
        super("openrlhf", "Global step ", false, NAMES);
    }
}
