/**
 * The durable, checksummed, hash-chained record of accepted batches, and recovery from it.
 */
@NullMarked
package org.flopledger.journal;

import org.jspecify.annotations.NullMarked;
