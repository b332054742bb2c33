package org.flopledger.logs;

/**
 * How often one thing was the reason not to use something, and where it was seen first.
 *
 * @param reason the reason
 * @param count how often, at least 1
 * @param first the first place, as {@code file} or {@code file:line}
 */
public record Rejection(RejectionReason reason, long count, String first) {}
