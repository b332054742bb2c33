/**
 * The Arrow schema of a step batch, appending rows to it, and validation with counted rejections.
 *
 * <p>A batch is validated once, here; the packages behind it trust its accept mask.
 */
@NullMarked
package org.flopledger.telemetry;

import org.jspecify.annotations.NullMarked;
