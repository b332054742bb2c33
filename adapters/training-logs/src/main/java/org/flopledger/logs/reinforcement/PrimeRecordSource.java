package org.flopledger.logs.reinforcement;

/**
 * The {@code metrics.jsonl} of prime-rl. The orchestrator tells the tokens of a step, a prompt with each of its answers; the trainer's
 * own speed counts padding and is not used.
 */
public final class PrimeRecordSource extends RlRecordSource {

    private static final RlNames NAMES = RlNames.builder()
            .put(RlFigure.STEP, "step")
            .put(RlFigure.TRAINED, "time/forward_backward")
            .put(RlFigure.TOKENS, "progress/tokens")
            .put(RlFigure.GENERATED_TOKENS, "progress/output_tokens")
            .put(RlFigure.ANSWERS, "progress/rollouts")
            .put(RlFigure.SECONDS, "time/step")
            .put(RlFigure.DROPPED, "off_policy/dropped")
            .put(RlFigure.ROLLOUT, "time/generate_completions")
            .put(RlFigure.UPDATE, "time/forward_backward")
            .build();

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public PrimeRecordSource() {
        super("prime-rl-records", NAMES, "progress/tokens", "time/wait_for_batch", "time/forward_backward");
    }
}
