package org.flopledger.logs.trainer;

import org.flopledger.units.Stage;

/** What a trainer's history shows it to have done: its stage, and what it computes beside the training. */
enum HistoryStage {
    /** Nothing tells of more than a loss. */
    PLAIN(Stage.UNKNOWN, 1),
    /** TRL's trainer of demonstrations. */
    DEMONSTRATIONS(Stage.SUPERVISED_FINE_TUNING, 1),
    /** TRL's trainers of preferences: a chosen and a rejected answer for each sample, and a reference model. */
    PREFERENCES(Stage.PREFERENCE_OPTIMIZATION, 2),
    /** TRL's trainers on rewards: answers are generated, scored and trained on. */
    REWARDS(Stage.REINFORCEMENT_LEARNING, 1);

    private final Stage stage;
    private final long sequencesPerSample;

    HistoryStage(Stage stage, long sequencesPerSample) {
        this.stage = stage;
        this.sequencesPerSample = sequencesPerSample;
    }

    /** Returns what a history shows. */
    static HistoryStage of(HistoryFigures history) {
        if (history.has("rewards/chosen")) {
            return PREFERENCES;
        } else if (history.has("reward")
                && (history.has("completions/mean_length") || history.has("completion_length"))) {
            return REWARDS;
        }
        return history.has("mean_token_accuracy") && history.largest("num_tokens") != null ? DEMONSTRATIONS : PLAIN;
    }

    Stage stage() {
        return stage;
    }

    long sequencesPerSample() {
        return sequencesPerSample;
    }

    /** Returns whether the trainer's own count of tokens leaves padding out. */
    boolean countsWithoutPadding() {
        return this != PLAIN;
    }
}
