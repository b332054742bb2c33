/** Exact totals of a fleet on Apache Spark: SQL functions, an aggregator for Datasets, a job. */
@NullMarked
package org.flopledger.spark;

import org.jspecify.annotations.NullMarked;
