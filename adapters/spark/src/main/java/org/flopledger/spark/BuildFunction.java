package org.flopledger.spark;

import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@code ledger_build(struct(*))}: the state of one run; {@code ledger_intake(struct(*))}: also what became of the rows. */
final class BuildFunction implements UnboundFunction {

    /** What the aggregation returns. */
    enum Result {
        STATE,
        INTAKE
    }

    private static final DataType INTAKE = new StructType()
            .add("state", DataTypes.BinaryType, false)
            .add("rows", DataTypes.LongType, false)
            .add("rejected", DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false), false);

    private final Result result;

    BuildFunction(Result result) {
        this.result = result;
    }

    @Override
    public String name() {
        return result == Result.STATE ? "ledger_build" : "ledger_intake";
    }

    @Override
    public String description() {
        return name() + "(struct(*)): folds the step observations of one run into its exact, mergeable state";
    }

    @Override
    public BoundFunction bind(StructType input) {
        String usage = name() + "(struct(*)), grouped by run, with the columns of a step table";
        Arguments.require(input.length() == 1 && Arguments.type(input, 0) instanceof StructType, usage);
        StructType struct = (StructType) Arguments.type(input, 0);
        try {
            return new Bound(result, struct, StepFields.of(struct));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperationException(name() + ": " + e.getMessage(), e);
        }
    }

    private static final class Bound extends RunAggregate<Object> {
        private static final long serialVersionUID = 1L;

        private final Result result;
        private final StructType struct;
        private final StepFields fields;

        Bound(Result result, StructType struct, StepFields fields) {
            this.result = result;
            this.struct = struct;
            this.fields = fields;
        }

        @Override
        public String name() {
            return result == Result.STATE ? "ledger_build" : "ledger_intake";
        }

        @Override
        public String canonicalName() {
            return "org.flopledger." + name() + "(" + struct.catalogString() + ")";
        }

        @Override
        public DataType[] inputTypes() {
            return new DataType[] {struct};
        }

        @Override
        public DataType resultType() {
            return result == Result.STATE ? DataTypes.BinaryType : INTAKE;
        }

        @Override
        public RunBuffer update(RunBuffer buffer, InternalRow input) {
            if (!input.isNullAt(0)) {
                fields.read(input.getStruct(0, fields.width()), buffer);
            }
            return buffer;
        }

        @Override
        public Object produceResult(RunBuffer buffer) {
            byte[] state = buffer.state().toBytes();
            if (result == Result.STATE) {
                return state;
            }
            Map<String, Long> rejected = buffer.rejected();
            return Rows.row(state, buffer.rows(), Rows.counts(rejected));
        }
    }
}
