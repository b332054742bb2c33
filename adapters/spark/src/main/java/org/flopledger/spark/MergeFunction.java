package org.flopledger.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@code ledger_merge(state)}: one state of the states of one run; each observation counts once. */
final class MergeFunction implements UnboundFunction {

    @Override
    public String name() {
        return "ledger_merge";
    }

    @Override
    public String description() {
        return "ledger_merge(state): merges states of one run; each observation counts once";
    }

    @Override
    public BoundFunction bind(StructType input) {
        Arguments.require(
                input.length() == 1 && Arguments.type(input, 0) instanceof BinaryType,
                "ledger_merge(state), grouped by run");
        return new Bound();
    }

    private static final class Bound extends RunAggregate<byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "ledger_merge";
        }

        @Override
        public String canonicalName() {
            return "org.flopledger.ledger_merge(binary)";
        }

        @Override
        public DataType[] inputTypes() {
            return new DataType[] {DataTypes.BinaryType};
        }

        @Override
        public DataType resultType() {
            return DataTypes.BinaryType;
        }

        @Override
        public RunBuffer update(RunBuffer buffer, InternalRow input) {
            if (!input.isNullAt(0)) {
                buffer.merge(input.getBinary(0));
            }
            return buffer;
        }

        @Override
        public byte[] produceResult(RunBuffer buffer) {
            return buffer.state().toBytes();
        }
    }
}
