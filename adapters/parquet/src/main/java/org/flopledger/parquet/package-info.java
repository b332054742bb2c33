/** Step batches and totals as Parquet files, and back. */
@NullMarked
package org.flopledger.parquet;

import org.jspecify.annotations.NullMarked;
