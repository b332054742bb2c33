package org.flopledger.logs;

import java.util.Locale;

/** How a run ended, as its own log says. */
public enum RunStatus {
    /** The log says that it reached its goal. */
    SUCCESS,
    /** The log says that it stopped without reaching it. */
    ABORTED,
    /** The log has a beginning and no end. */
    UNFINISHED;

    /** Returns the name as a report shows it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
