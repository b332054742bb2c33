package org.flopledger.spark;

import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.model.ParameterCount;
import org.jspecify.annotations.Nullable;

/** {@code parameters(config)}: parameter counts of the model of a config.json. */
final class ParametersFunction implements UnboundFunction {

    private static final StructType COUNTS = new StructType()
            .add("total", DataTypes.LongType, false)
            .add("active", DataTypes.LongType, false)
            .add("active_excluding_embeddings", DataTypes.LongType, false)
            .add("routed_experts", DataTypes.LongType, false);

    @Override
    public String name() {
        return "parameters";
    }

    @Override
    public String description() {
        return "parameters(config): total and active parameters of the model of a config.json";
    }

    @Override
    public BoundFunction bind(StructType input) {
        Arguments.require(
                input.length() == 1 && Arguments.type(input, 0) instanceof StringType, "parameters(config STRING)");
        return new Bound();
    }

    private static final class Bound implements ScalarFunction<InternalRow> {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "parameters";
        }

        @Override
        public String canonicalName() {
            return "org.flopledger.parameters(string)";
        }

        @Override
        public DataType[] inputTypes() {
            return new DataType[] {DataTypes.StringType};
        }

        @Override
        public DataType resultType() {
            return COUNTS;
        }

        @Override
        public @Nullable InternalRow produceResult(InternalRow input) {
            if (input.isNullAt(0)) {
                return null;
            }
            byte[] json = input.getUTF8String(0).toString().getBytes(StandardCharsets.UTF_8);
            ParameterCount counts =
                    ParameterCount.of(ModelDescription.parse(json, "config").architecture());
            return Rows.row(
                    counts.total(), counts.active(), counts.activeExcludingEmbeddings(), counts.routedExperts());
        }
    }
}
