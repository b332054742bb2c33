package org.flopledger.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.jspecify.annotations.Nullable;

/** A bound function of the state of a run and, behind it, what is known of the run. Null where an argument but that is null. */
abstract class StateFunction<T> implements ScalarFunction<T> {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final int at;
    private final DataType[] types;
    private final DataType result;
    private final @Nullable Description description;

    /**
     * Binds a function.
     *
     * @param at place of the state among the arguments; those before it may not be null
     * @param types types of the arguments
     * @param description how to read what is known of the run, or null without it
     */
    StateFunction(String name, int at, DataType[] types, DataType result, @Nullable Description description) {
        this.name = name;
        this.at = at;
        this.types = types;
        this.result = result;
        this.description = description;
    }

    /** Returns the result for a state. */
    abstract @Nullable T of(RunState state, @Nullable RunSpec spec, InternalRow input);

    /** Returns what a bound function produces. Each has to declare {@code produceResult} itself: Spark looks for it in its class alone. */
    final @Nullable T resultOf(InternalRow input) {
        for (int argument = 0; argument <= at; argument++) {
            if (input.isNullAt(argument)) {
                return null;
            }
        }
        RunState state = RunState.fromBytes(input.getBinary(at));
        return of(state, Description.specOf(description, state, input, at + 1), input);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String canonicalName() {
        return "org.flopledger." + name + "(" + types.length + ")";
    }

    @Override
    public final DataType[] inputTypes() {
        return types;
    }

    @Override
    public final DataType resultType() {
        return result;
    }
}
