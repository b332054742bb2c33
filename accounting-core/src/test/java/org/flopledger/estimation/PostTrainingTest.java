package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.flopledger.estimation.PostTraining.Rollouts;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

class PostTrainingTest {

    private static final Batch BATCH = Batch.of(8, 40);

    private static Architecture model(long vocabulary) {
        var block = Block.preNorm(
                Norm.rms(64), DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(64, 160));
        return Architecture.decoder(
                "model",
                LayerStack.of(Input.Tokens.of(500, 64), block.times(2), Norm.rms(64)),
                Head.language(64, vocabulary, false));
    }

    private static final Architecture POLICY = model(500);

    private static PostTraining with(TrainingSetting setting) {
        return new PostTraining(POLICY, setting, Convention.EXACT);
    }

    private static StepEstimate estimate(TrainingSetting setting, Batch batch) {
        return FlopEstimator.of(POLICY, setting).estimate(batch);
    }

    private static FlopCount forward(Batch batch) {
        return estimate(TrainingSetting.FORWARD_ONLY, batch).forward();
    }

    private static List<String> names(List<PostTraining.Phase> phases) {
        return phases.stream().map(PostTraining.Phase::name).toList();
    }

    @Test
    void aReferenceIsTheBaseWithoutItsAdapter() {
        PeftMethod lora = PeftMethod.lora(4).targets("q_proj").build();
        List<PostTraining.Phase> phases = with(TrainingSetting.FULL.with(lora)).preference(BATCH, true);

        assertThat(names(phases)).containsExactly("update", "reference");
        assertThat(phases.get(0).model())
                .isEqualTo(estimate(TrainingSetting.FULL.with(lora), BATCH).model());
        assertThat(phases.get(1).model())
                .isEqualTo(forward(BATCH))
                .isLessThan(phases.get(0).forward());
        assertThat(names(with(TrainingSetting.FULL).preference(BATCH, false))).containsExactly("update");
    }

    @Test
    void unpairedPreferencesLookAtExchangedAnswersToo() {
        List<PostTraining.Phase> phases = with(TrainingSetting.FULL).unpairedPreference(BATCH, true);

        assertThat(phases)
                .extracting(PostTraining.Phase::model)
                .containsExactly(forward(BATCH).times(3), forward(BATCH), forward(BATCH), forward(BATCH));
        assertThat(phases).extracting(PostTraining.Phase::stage).containsOnly(Stage.PREFERENCE_OPTIMIZATION);
    }

    @Test
    void aRewardModelHasOneOutputForEachToken() {
        PostTraining.Phase update =
                with(TrainingSetting.FULL).rewardModel(BATCH).get(0);
        FlopCount vocabulary = FlopCount.of(2L * 320 * 64 * (500 - 1));

        assertThat(update.stage()).isEqualTo(Stage.REWARD_MODEL_TRAINING);
        assertThat(update.forward()).isEqualTo(forward(BATCH).minus(vocabulary));
    }

    @Test
    void aTeacherIsAModelOfItsOwn() {
        List<PostTraining.Phase> phases = with(TrainingSetting.FULL).distillation(BATCH, model(900));

        assertThat(phases).extracting(PostTraining.Phase::stage).contains(Stage.TEACHER_INFERENCE);
        assertThat(phases.get(1).model().minus(forward(BATCH))).isEqualTo(FlopCount.of(2L * 320 * 64 * 400));
    }

    @Test
    void groupsOfAnswersAreGeneratedThenTrainedOn() {
        var rollouts = new Rollouts(2, 4, 30, 10, false, true, true, 3);
        var answers = new Batch(List.of(new Batch.Group(8, 40, 0, 11)), 1);
        List<PostTraining.Phase> phases = with(TrainingSetting.FULL).groupRelative(rollouts);

        assertThat(names(phases)).containsExactly("rollouts", "old log-probabilities", "reference", "update");
        assertThat(phases.get(0).stage()).isEqualTo(Stage.ROLLOUT_GENERATION);
        // A prefill and nine decoding steps: all that 39 tokens read, with ten outputs.
        assertThat(phases.get(0).model()).isEqualTo(forward(new Batch(List.of(new Batch.Group(8, 39, 0, 10)), 1)));
        assertThat(phases.get(1).model()).isEqualTo(forward(answers));
        assertThat(phases.get(3).model()).isEqualTo(forward(answers).times(3 * 3));
    }

    @Test
    void proximalOptimizationTrainsACriticBesideThePolicy() {
        var rollouts = new Rollouts(4, 2, 30, 10, true, true, false, 2);
        List<PostTraining.Phase> phases = with(TrainingSetting.FULL).proximal(rollouts, POLICY, POLICY);
        FlopCount scored = forward(BATCH).minus(FlopCount.of(2L * 320 * 64 * 499));

        assertThat(names(phases))
                .containsExactly("rollouts", "reference", "reward model", "value estimates", "update", "critic update");
        assertThat(phases.get(2).model())
                .isEqualTo(scored)
                .isEqualTo(phases.get(3).model());
        assertThat(phases.get(5).model()).isEqualTo(scored.times(2 * 3));
    }

    @Test
    void aHeadInChunksRunsOnceMore() {
        TrainingSetting chunked = TrainingSetting.FULL.withChunkedHead();
        StepEstimate step = estimate(chunked, BATCH);

        assertThat(step.recomputed()).isEqualTo(FlopCount.of(2L * 320 * 64 * 500));
        assertThat(step.model()).isEqualTo(estimate(TrainingSetting.FULL, BATCH).model());
        assertThat(step.bounds().high()).isGreaterThanOrEqualTo(step.executed());
    }

    @Test
    void noPromptIsAnError() {
        assertThatThrownBy(() -> new Rollouts(1, 1, 0, 4, false, false, false, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompt length");
    }
}
