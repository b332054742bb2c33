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
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.ModelDescription;
import org.jspecify.annotations.Nullable;

/** {@code flop_estimate(config, tokens, sequence_length)}: FLOP of training a described model on so many tokens. */
final class EstimateFunction implements UnboundFunction {

    private static final StructType ESTIMATE = new StructType()
            .add("forward", Rows.FLOP, false)
            .add("backward", Rows.FLOP, false)
            .add("low", Rows.FLOP, false)
            .add("best", Rows.FLOP, false)
            .add("high", Rows.FLOP, false)
            .add("executed", Rows.FLOP, false);

    @Override
    public String name() {
        return "flop_estimate";
    }

    @Override
    public String description() {
        return "flop_estimate(config, tokens, sequence_length): FLOP of training the model of a config.json";
    }

    @Override
    public BoundFunction bind(StructType input) {
        Arguments.require(
                input.length() == 3 && Arguments.type(input, 0) instanceof StringType,
                "flop_estimate(config STRING, tokens BIGINT, sequence_length BIGINT)");
        return new Bound();
    }

    private static final class Bound implements ScalarFunction<InternalRow> {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "flop_estimate";
        }

        @Override
        public String canonicalName() {
            return "org.flopledger.flop_estimate(string,bigint,bigint)";
        }

        @Override
        public DataType[] inputTypes() {
            return new DataType[] {DataTypes.StringType, DataTypes.LongType, DataTypes.LongType};
        }

        @Override
        public DataType resultType() {
            return ESTIMATE;
        }

        @Override
        public @Nullable InternalRow produceResult(InternalRow input) {
            if (input.isNullAt(0) || input.isNullAt(1) || input.isNullAt(2)) {
                return null;
            }
            byte[] json = input.getUTF8String(0).toString().getBytes(StandardCharsets.UTF_8);
            var model = ModelDescription.parse(json, "config").architecture();
            StepEstimate estimate = FlopEstimator.of(model, TrainingSetting.FULL)
                    .estimate(Batch.ofTokens(input.getLong(1), input.getLong(2)));
            return Rows.row(
                    Rows.flop(estimate.forward()),
                    Rows.flop(estimate.backward()),
                    Rows.flop(estimate.bounds().low()),
                    Rows.flop(estimate.bounds().best()),
                    Rows.flop(estimate.bounds().high()),
                    Rows.flop(estimate.executed()));
        }
    }
}
