package org.flopledger.cli.options;

import java.util.Locale;

/** The form in which a command prints its result. */
public enum OutputFormat {
    /** For people. */
    TABLE,
    /** For programs: canonical JSON whose keys are a promise. */
    JSON;

    /** Returns the name as it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
