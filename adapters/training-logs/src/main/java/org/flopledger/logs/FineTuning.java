package org.flopledger.logs;

import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/**
 * A parameter-efficient method that a run's files name.
 *
 * @param technique family of the method
 * @param rank rank of its low-rank factors, or null where it has none
 */
public record FineTuning(PeftTechnique technique, @Nullable Long rank) {}
