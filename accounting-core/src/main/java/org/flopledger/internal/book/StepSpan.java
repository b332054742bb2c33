package org.flopledger.internal.book;

import org.jspecify.annotations.Nullable;

/**
 * Consecutive steps of an attempt of a run.
 *
 * @param source whose observations of them are meant; null for those of every source
 * @param first first of the steps
 * @param last last of the steps
 */
public record StepSpan(String run, int attempt, @Nullable String source, long first, long last) {}
