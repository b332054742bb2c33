/**
 * Readers of training logs: MLPerf results with their system descriptions, and the state files of the Hugging Face trainer.
 *
 * <p>{@link org.flopledger.logs.TrainingLogs} finds files by content, streams them in constant memory, and yields runs,
 * repeats of runs, and what was not used, by reason. Only figures leave a reader: no names of people, hosts or addresses.
 */
@NullMarked
package org.flopledger.logs;

import org.jspecify.annotations.NullMarked;
