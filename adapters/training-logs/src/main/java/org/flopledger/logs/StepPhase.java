package org.flopledger.logs;

import org.flopledger.units.Stage;

/**
 * What a step of reinforcement learning computes beside its update. Each phase is counted apart: most are forward passes alone, and
 * some are those of a model that no log describes.
 */
public enum StepPhase {
    /** The policy writes answers, token by token. */
    ROLLOUT("rollout", Stage.ROLLOUT_GENERATION, Model.POLICY),
    /** The policy reads the prompts before it answers; answers to one prompt may share that. */
    PROMPTS("rollout, prompts", Stage.ROLLOUT_GENERATION, Model.POLICY),
    /** The policy reads prompts and writes answers, and the log does not say how many tokens each are. */
    UNDIVIDED_ROLLOUT("rollout, undivided", Stage.ROLLOUT_GENERATION, Model.POLICY),
    /** The policy tells the log-probabilities of the answers again. */
    OLD_LOG_PROBABILITIES("old log probabilities", Stage.REINFORCEMENT_LEARNING, Model.POLICY),
    /** A frozen copy of the policy's base tells its log-probabilities. */
    REFERENCE("reference", Stage.REINFORCEMENT_LEARNING, Model.COPY),
    /** A reference that takes so long that it is no copy of the policy, such as a teacher. */
    OTHER_REFERENCE("reference of another size", Stage.REINFORCEMENT_LEARNING, Model.OTHER),
    /** A reward model judges the answers. */
    REWARD("reward", Stage.REINFORCEMENT_LEARNING, Model.OTHER),
    /** A critic estimates values. */
    VALUES("values", Stage.REINFORCEMENT_LEARNING, Model.OTHER),
    /** The critic is trained. */
    CRITIC_UPDATE("critic update", Stage.REINFORCEMENT_LEARNING, Model.OTHER),
    /** Forward passes that the log does not tell apart from others: of a reference, a reward model, a critic, or none. */
    OTHER_PASSES("other passes", Stage.REINFORCEMENT_LEARNING, Model.OTHER);

    /** Which model computes a phase. */
    enum Model {
        /** The one that the run trains. */
        POLICY,
        /** One of its shape, unless somebody says otherwise. */
        COPY,
        /** Another one, whose size is in no log. */
        OTHER
    }

    private final String title;
    private final Stage stage;
    private final Model model;

    StepPhase(String title, Stage stage, Model model) {
        this.title = title;
        this.stage = stage;
        this.model = model;
    }

    /** Returns the word for such work; observers and prices are named by it. */
    public String title() {
        return title;
    }

    /** Returns what the compute is for. */
    public Stage stage() {
        return stage;
    }

    /** Returns whether the model that computes it is neither the policy nor a copy of it; its size is in no log. */
    public boolean isOfOtherModel() {
        return model == Model.OTHER;
    }

    /** Returns whether it has a backward pass. */
    public boolean trains() {
        return this == CRITIC_UPDATE;
    }
}
