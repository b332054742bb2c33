package org.flopledger.estimation;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.estimation.TrainingSetting.Pass;
import org.flopledger.model.Architecture;
import org.flopledger.model.Head;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/**
 * The phases of one step of post-training methods, for a policy and the models beside it.
 *
 * <p>What runs follows TRL's trainers: a reference is the base model without its adapter; rollouts and log-probabilities of the
 * policy run with it. Immutable and thread-safe.
 */
public final class PostTraining {

    private final Architecture policy;
    private final TrainingSetting setting;
    private final Convention convention;

    /**
     * Makes the phases' source.
     *
     * @param policy the model that is trained
     * @param setting how it is trained; its pass is not looked at
     * @param convention what the figures count
     */
    public PostTraining(Architecture policy, TrainingSetting setting, Convention convention) {
        this.policy = policy;
        this.setting = setting.with(Pass.TRAINING);
        this.convention = convention;
    }

    /**
     * The answers that a step of reinforcement learning is made of.
     *
     * @param prompts prompts, at least 1
     * @param samples answers to each, at least 1
     * @param promptLength tokens of a prompt, at least 1
     * @param answerLength tokens of an answer, at least 1
     * @param sharedPrefix whether the answers to one prompt share its prefill
     * @param reference whether a frozen reference tells its log-probabilities
     * @param oldLogProbabilities whether the policy tells its own again before it is updated; TRL's GRPO does so where the
     *     answers are used for several updates, other trainers always
     * @param updates how often each answer is trained on, at least 1
     */
    public record Rollouts(
            long prompts,
            long samples,
            long promptLength,
            long answerLength,
            boolean sharedPrefix,
            boolean reference,
            boolean oldLogProbabilities,
            long updates) {

        /** Checks the ranges. */
        public Rollouts {
            if (prompts < 1 || samples < 1 || promptLength < 1 || answerLength < 1 || updates < 1) {
                throw new IllegalArgumentException("prompts, samples, prompt length, answer length and updates are "
                        + prompts + ", " + samples + ", " + promptLength + ", " + answerLength + " and " + updates
                        + ", must all be >= 1");
            }
        }

        /** Returns the whole sequences; outputs are predicted for so many of the last positions of each. */
        private Batch batch(long predictions) {
            long length = Math.addExact(promptLength, answerLength);
            return new Batch(List.of(new Batch.Group(Math.multiplyExact(prompts, samples), length, 0, predictions)), 1);
        }
    }

    /** Returns one update on these sequences. */
    public List<Phase> fineTuning(Batch sequences) {
        return List.of(update("update", Stage.SUPERVISED_FINE_TUNING, policy, sequences, 1));
    }

    /**
     * Returns an update on chosen and rejected sequences: DPO and its kin with a reference, ORPO, SimPO and CPO without.
     *
     * @param sequences both of each pair
     */
    public List<Phase> preference(Batch sequences, boolean reference) {
        List<Phase> phases = new ArrayList<>();
        phases.add(update("update", Stage.PREFERENCE_OPTIMIZATION, policy, sequences, 1));
        if (reference) {
            phases.add(inference("reference", Stage.PREFERENCE_OPTIMIZATION, reference(), sequences));
        }
        return phases;
    }

    /**
     * Returns an update on single judged sequences (KTO): beside it the policy, without gradients, and the reference look at
     * as many sequences with exchanged answers.
     */
    public List<Phase> unpairedPreference(Batch sequences, boolean reference) {
        List<Phase> phases = new ArrayList<>(preference(sequences, reference));
        phases.add(inference("policy on exchanged answers", Stage.PREFERENCE_OPTIMIZATION, sampler(), sequences));
        if (reference) {
            phases.add(
                    inference("reference on exchanged answers", Stage.PREFERENCE_OPTIMIZATION, reference(), sequences));
        }
        return phases;
    }

    /** Returns an update of a reward model on both sequences of each pair; its head has one output for each token. */
    public List<Phase> rewardModel(Batch sequences) {
        return List.of(update("update", Stage.REWARD_MODEL_TRAINING, scoring(policy), sequences, 1));
    }

    /** Returns a forward pass of the teacher and an update of the policy, on the same sequences. */
    public List<Phase> distillation(Batch sequences, Architecture teacher) {
        var estimator = FlopEstimator.of(teacher, TrainingSetting.FORWARD_ONLY);
        return List.of(
                update("update", Stage.SUPERVISED_FINE_TUNING, policy, sequences, 1),
                inference("teacher", Stage.TEACHER_INFERENCE, estimator, sequences));
    }

    /** Returns the phases of GRPO and its kin, whose rewards come from rules. */
    public List<Phase> groupRelative(Rollouts rollouts) {
        // The position before the answer predicts its first token; the head runs for the last one too, and drops it.
        Batch batch = rollouts.batch(Math.addExact(rollouts.answerLength(), 1));
        List<Phase> phases = new ArrayList<>();
        phases.add(generation(rollouts));
        if (rollouts.oldLogProbabilities()) {
            phases.add(inference("old log-probabilities", Stage.REINFORCEMENT_LEARNING, sampler(), batch));
        }
        if (rollouts.reference()) {
            phases.add(inference("reference", Stage.REINFORCEMENT_LEARNING, reference(), batch));
        }
        phases.add(update("update", Stage.REINFORCEMENT_LEARNING, policy, batch, rollouts.updates()));
        return phases;
    }

    /**
     * Returns the phases of PPO.
     *
     * @param reward the model that judges answers; its head is taken for one output
     * @param critic the model that estimates values and is trained beside the policy; its head is taken for one output
     */
    public List<Phase> proximal(Rollouts rollouts, Architecture reward, Architecture critic) {
        Batch batch = rollouts.batch(Math.addExact(rollouts.promptLength(), rollouts.answerLength()));
        List<Phase> phases = new ArrayList<>();
        phases.add(generation(rollouts));
        if (rollouts.oldLogProbabilities()) {
            phases.add(inference("old log-probabilities", Stage.REINFORCEMENT_LEARNING, sampler(), batch));
        }
        if (rollouts.reference()) {
            phases.add(inference("reference", Stage.REINFORCEMENT_LEARNING, reference(), batch));
        }
        phases.add(inference("reward model", Stage.REINFORCEMENT_LEARNING, judge(reward), batch));
        phases.add(inference("value estimates", Stage.REINFORCEMENT_LEARNING, judge(critic), batch));
        phases.add(update("update", Stage.REINFORCEMENT_LEARNING, policy, batch, rollouts.updates()));
        var whole = TrainingSetting.FULL.with(setting.recomputation());
        phases.add(update(
                "critic update",
                Stage.REINFORCEMENT_LEARNING,
                FlopEstimator.of(scoring(critic), whole),
                batch,
                rollouts.updates()));
        return phases;
    }

    private FlopEstimator sampler() {
        return FlopEstimator.of(policy, setting.with(Pass.FORWARD_ONLY));
    }

    private FlopEstimator reference() {
        return FlopEstimator.of(policy, TrainingSetting.FORWARD_ONLY.withSourceLength(setting.sourceLength()));
    }

    private static FlopEstimator judge(Architecture model) {
        return FlopEstimator.of(scoring(model), TrainingSetting.FORWARD_ONLY);
    }

    /** Returns the model with one output for each token in place of its heads. */
    private static Architecture scoring(Architecture model) {
        var score = new Head("score", model.main().input().hidden(), 0, null, 1, false, false, true);
        return new Architecture(model.name(), model.encoder(), model.main(), List.of(score), null);
    }

    private Phase generation(Rollouts rollouts) {
        FlopCount cost = sampler()
                .generation(
                        rollouts.prompts(),
                        rollouts.samples(),
                        rollouts.promptLength(),
                        rollouts.answerLength(),
                        rollouts.sharedPrefix(),
                        convention);
        return new Phase("rollouts", Stage.ROLLOUT_GENERATION, cost, FlopCount.ZERO, FlopCount.ZERO);
    }

    private Phase inference(String name, Stage stage, FlopEstimator model, Batch batch) {
        FlopCount forward = model.estimate(batch, convention).forward();
        return new Phase(name, stage, forward, FlopCount.ZERO, FlopCount.ZERO);
    }

    private Phase update(String name, Stage stage, Architecture model, Batch batch, long times) {
        return update(name, stage, FlopEstimator.of(model, setting), batch, times);
    }

    private Phase update(String name, Stage stage, FlopEstimator model, Batch batch, long times) {
        StepEstimate step = model.estimate(batch, convention);
        return new Phase(
                name,
                stage,
                step.forward().times(times),
                step.backward().times(times),
                step.recomputed().times(times));
    }

    /**
     * One part of a post-training step: what one model computes for one purpose.
     *
     * <p>Immutable.
     *
     * @param name for people, such as {@code reference}
     * @param stage what the compute is for; rules differ in which stages they count
     * @param forward its forward passes
     * @param backward its backward passes
     * @param recomputed what is computed again in backward passes: executed, and no model FLOP
     */
    public record Phase(String name, Stage stage, FlopCount forward, FlopCount backward, FlopCount recomputed) {

        /** Returns forward and backward passes. */
        public FlopCount model() {
            return forward.plus(backward);
        }

        /** Returns what runs, recomputation included. */
        public FlopCount executed() {
            return model().plus(recomputed);
        }
    }
}
