package org.flopledger.logs;

/**
 * Something about a run that a reader of its figures should know.
 *
 * @param code the kind, stable, such as {@code DEVICES_UNKNOWN}
 * @param message a sentence with the figures
 */
public record LogWarning(String code, String message) {

    /** Code of a warning that another telling of the same run contradicts this one. */
    public static final String CONFLICT = "CONFLICT";

    /** Code of a warning that a reported figure was turned back into what its writer counted. */
    public static final String CLAIM_EXPLAINED = "CLAIM_EXPLAINED";

    /** Code of a warning that something was declared and is in no file. */
    public static final String DECLARED = "DECLARED";
}
