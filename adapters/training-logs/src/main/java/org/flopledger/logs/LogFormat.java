package org.flopledger.logs;

import java.util.regex.Pattern;

/**
 * The family of logs that a run was read from. Immutable.
 *
 * @param label name as a report shows it: small letters, digits and hyphens, at most 40
 */
public record LogFormat(String label) {

    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /** MLPerf training results: {@code :::MLLOG} records. */
    public static final LogFormat MLPERF = new LogFormat("mlperf");

    /** The state file of the Hugging Face trainer. */
    public static final LogFormat TRAINER_STATE = new LogFormat("trainer-state");

    /** Checks the label. */
    public LogFormat {
        if (!LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException(
                    "label " + label + " must be small letters, digits and hyphens, at most 40");
        }
    }
}
