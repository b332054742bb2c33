package org.flopledger.spark;

import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;

/** A bound aggregation of one run, whose partial results are merged, each observation once. */
abstract class RunAggregate<R> implements AggregateFunction<RunBuffer, R> {

    private static final long serialVersionUID = 1L;

    @Override
    public final boolean isResultNullable() {
        return false;
    }

    @Override
    public final RunBuffer newAggregationState() {
        return new RunBuffer();
    }

    @Override
    public final RunBuffer merge(RunBuffer buffer, RunBuffer other) {
        return buffer.merge(other);
    }
}
