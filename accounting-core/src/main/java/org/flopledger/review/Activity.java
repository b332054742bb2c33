package org.flopledger.review;

import org.flopledger.lineage.Ancestor;
import org.flopledger.units.Stage;

/** What a counting basis must have a word on: every stage, what became of the work, and what came from ancestors. */
enum Activity {
    UNKNOWN("work whose stage is not stated"),
    PRETRAINING("pre-training"),
    CONTINUED_PRETRAINING("continued pre-training"),
    SUPERVISED_FINE_TUNING("supervised fine-tuning"),
    PREFERENCE_OPTIMIZATION("preference optimisation"),
    REINFORCEMENT_LEARNING("reinforcement learning updates"),
    ROLLOUT_GENERATION("reinforcement learning rollouts"),
    SYNTHETIC_DATA_GENERATION("synthetic data generation, kept or not"),
    TEACHER_INFERENCE("teacher forward passes"),
    REWARD_MODEL_TRAINING("training of reward and value models"),
    EVALUATION("evaluation and red-teaming"),
    EXPLORATION("exploratory research"),
    PUBLIC_SYNTHETIC_DATA("synthetic data that is publicly accessible"),
    DISCARDED_STEPS("steps whose updates were thrown away"),
    RECOMPUTATION("activation recomputation"),
    OWN_ANCESTOR_WEIGHTS("weights trained earlier by the same developer"),
    THIRD_PARTY_ANCESTOR_WEIGHTS("weights trained by another developer"),
    TEACHER_TRAINING("training of a teacher model");

    private final String words;

    Activity(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    static Activity of(Facts.Line line) {
        return line.publicData() && line.stage() == Stage.SYNTHETIC_DATA_GENERATION
                ? PUBLIC_SYNTHETIC_DATA
                : valueOf(line.stage().name());
    }

    static Activity of(Ancestor ancestor) {
        if (ancestor.role() == Ancestor.Role.TEACHER) {
            return TEACHER_TRAINING;
        }
        return ancestor.developer() == Ancestor.Developer.SAME ? OWN_ANCESTOR_WEIGHTS : THIRD_PARTY_ANCESTOR_WEIGHTS;
    }
}
