package org.flopledger.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.jspecify.annotations.Nullable;

/**
 * {@code ledger_total(state [, description])}: what a run has cost, as a struct. Null of a state without observations; with null
 * amounts where observations contradict each other.
 */
final class TotalFunction implements UnboundFunction {

    private static final String USAGE = "ledger_total(state) or ledger_total(state, description struct)";

    static final StructType TOTAL = new StructType()
            .add("run", DataTypes.StringType, false)
            .add("contradicted", DataTypes.BooleanType, false)
            .add("attempts", DataTypes.IntegerType)
            .add("observations", DataTypes.LongType)
            .add("covered", DataTypes.LongType)
            .add("low", Rows.FLOP)
            .add("best", Rows.FLOP)
            .add("high", Rows.FLOP)
            .add("executed", Rows.FLOP)
            .add("retained", Rows.FLOP)
            .add("discarded", Rows.FLOP)
            .add("tokens", Rows.FLOP);

    @Override
    public String name() {
        return "ledger_total";
    }

    @Override
    public String description() {
        return USAGE + ": the exact total of a run with its bounds, restarts and coverage";
    }

    @Override
    public BoundFunction bind(StructType input) {
        boolean isDescribed = input.length() == 2;
        Arguments.require(
                (input.length() == 1 || isDescribed)
                        && Arguments.type(input, 0) instanceof BinaryType
                        && (!isDescribed || Arguments.type(input, 1) instanceof StructType),
                USAGE);
        return new Bound(
                Arguments.types(input), isDescribed ? Description.of((StructType) Arguments.type(input, 1)) : null);
    }

    /** Returns a total as a row of {@link #TOTAL}, null if there is none. */
    static @Nullable InternalRow total(RunState state, @Nullable RunSpec spec) {
        String run = state.run();
        if (run == null) {
            return null;
        }
        if (state.isContradicted()) {
            return Rows.row(Rows.text(run), true, null, null, null, null, null, null, null, null, null, null);
        }
        RunAccount account = state.account(spec);
        ComputeFigure total = account.total();
        return Rows.row(
                Rows.text(run),
                false,
                account.attempts(),
                total.observations(),
                total.covered(),
                Rows.flop(total.bounds().low()),
                Rows.flop(total.bounds().best()),
                Rows.flop(total.bounds().high()),
                Rows.flop(total.executed()),
                Rows.flop(account.retained().bounds().best()),
                Rows.flop(account.discarded().bounds().best()),
                Rows.decimal(account.totals().tokens()));
    }

    private static final class Bound extends StateFunction<InternalRow> {
        private static final long serialVersionUID = 1L;

        Bound(DataType[] types, @Nullable Description description) {
            super("ledger_total", 0, types, TOTAL, description);
        }

        @Override
        public @Nullable InternalRow produceResult(InternalRow input) {
            return resultOf(input);
        }

        @Override
        @Nullable
        InternalRow of(RunState state, @Nullable RunSpec spec, InternalRow input) {
            return total(state, spec);
        }
    }
}
