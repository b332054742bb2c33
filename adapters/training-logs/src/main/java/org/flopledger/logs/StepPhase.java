package org.flopledger.logs;

import java.util.Locale;
import org.flopledger.units.Stage;

/**
 * What a step of reinforcement learning computes beside its update. Each phase is counted apart: most are forward passes alone, and
 * some are those of another model.
 */
public enum StepPhase {
    /** The policy writes answers. */
    ROLLOUT(Stage.ROLLOUT_GENERATION, true, false),
    /** The policy tells the log-probabilities of the answers again. */
    OLD_LOG_PROBABILITIES(Stage.REINFORCEMENT_LEARNING, true, false),
    /** A frozen copy of the policy's base tells its log-probabilities. */
    REFERENCE(Stage.REINFORCEMENT_LEARNING, true, false),
    /** A reward model judges the answers. */
    REWARD(Stage.REINFORCEMENT_LEARNING, false, false),
    /** A critic estimates values. */
    VALUES(Stage.REINFORCEMENT_LEARNING, false, false),
    /** The critic is trained. */
    CRITIC_UPDATE(Stage.REINFORCEMENT_LEARNING, false, true);

    private final Stage stage;
    private final boolean policy;
    private final boolean trains;

    StepPhase(Stage stage, boolean policy, boolean trains) {
        this.stage = stage;
        this.policy = policy;
        this.trains = trains;
    }

    /** Returns what the compute is for. */
    public Stage stage() {
        return stage;
    }

    /** Returns whether the model that is trained by the run computes it; another one's size is in no log. */
    public boolean isOfPolicy() {
        return policy;
    }

    /** Returns whether it has a backward pass. */
    public boolean trains() {
        return trains;
    }

    /** Returns who observed such a row: steps of one run are told apart by it. */
    String source() {
        return "log, " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
