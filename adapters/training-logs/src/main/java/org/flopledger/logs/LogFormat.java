package org.flopledger.logs;

/** The family of logs that a run was read from. */
public enum LogFormat {
    /** MLPerf training results: {@code :::MLLOG} records. */
    MLPERF("mlperf"),
    /** The state file of the Hugging Face trainer. */
    TRAINER_STATE("trainer-state");

    private final String label;

    LogFormat(String label) {
        this.label = label;
    }

    /** Returns the name as a report shows it. */
    public String label() {
        return label;
    }
}
