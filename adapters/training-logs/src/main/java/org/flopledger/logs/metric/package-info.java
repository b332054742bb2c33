/**
 * What trackers keep: metrics over steps. A mapping, which is data, says what each name means; series become steps of a run.
 *
 * <p>TensorBoard, W&amp;B, MLflow and tables of any trainer differ in their bytes only, so everything behind the bytes is here.
 */
@NullMarked
package org.flopledger.logs.metric;

import org.jspecify.annotations.NullMarked;
