package org.flopledger.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.flopledger.RunState;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * {@code assess(profile, flop)} and {@code assess(profile, state [, description])}: what each rule of a profile says, of a figure
 * taken as exact pre-training compute or of a run. A state that is contradicted or empty is null: nothing can be said of it.
 */
final class AssessFunction implements UnboundFunction {

    private static final String USAGE =
            "assess(profile STRING, flop DECIMAL(p, 0)) or assess(profile STRING, state BINARY [, description struct])";

    private static final DataType VERDICTS = DataTypes.createArrayType(
            new StructType()
                    .add("rule", DataTypes.StringType, false)
                    .add("verdict", DataTypes.StringType, false)
                    .add("comparison", DataTypes.StringType)
                    .add("threshold", Rows.FLOP)
                    .add("counted", Rows.FLOP),
            false);

    @Override
    public String name() {
        return "assess";
    }

    @Override
    public String description() {
        return USAGE + ": what each rule of a profile says";
    }

    @Override
    public BoundFunction bind(StructType input) {
        int arguments = input.length();
        Arguments.require((arguments == 2 || arguments == 3) && Arguments.type(input, 0) instanceof StringType, USAGE);
        DataType second = Arguments.type(input, 1);
        boolean isFigure = arguments == 2
                && (second instanceof IntegralType || (second instanceof DecimalType decimal && decimal.scale() == 0));
        boolean isState =
                second instanceof BinaryType && (arguments == 2 || Arguments.type(input, 2) instanceof StructType);
        Arguments.require(isFigure || isState, USAGE);
        if (isFigure) {
            return new Bound(new DataType[] {DataTypes.StringType, Rows.FLOP}, false, null);
        }
        Description description = arguments == 2 ? null : Description.of((StructType) Arguments.type(input, 2));
        return new Bound(Arguments.types(input), true, description);
    }

    private static final class Bound implements ScalarFunction<Object> {
        private static final long serialVersionUID = 1L;

        private final DataType[] types;
        private final boolean isState;
        private final @Nullable Description description;

        Bound(DataType[] types, boolean isState, @Nullable Description description) {
            this.types = types;
            this.isState = isState;
            this.description = description;
        }

        @Override
        public String name() {
            return "assess";
        }

        @Override
        public String canonicalName() {
            return "org.flopledger.assess(" + types.length + "," + isState + ")";
        }

        @Override
        public DataType[] inputTypes() {
            return types;
        }

        @Override
        public DataType resultType() {
            return VERDICTS;
        }

        @Override
        public @Nullable Object produceResult(InternalRow input) {
            if (input.isNullAt(0) || input.isNullAt(1)) {
                return null;
            }
            ReviewProfile profile = ReviewProfiles.named(input.getUTF8String(0).toString());
            Facts facts = isState ? ofState(input) : ofFigure(input);
            if (facts == null) {
                return null;
            }
            List<InternalRow> verdicts =
                    profile.assess(facts).stream().map(Bound::row).toList();
            return Rows.array(verdicts);
        }

        private static Facts ofFigure(InternalRow input) {
            FlopCount flop =
                    FlopCount.of(input.getDecimal(1, 38, 0).toJavaBigDecimal().toBigIntegerExact());
            return Facts.builder()
                    .line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(flop)))
                    .build();
        }

        private @Nullable Facts ofState(InternalRow input) {
            RunState state = RunState.fromBytes(input.getBinary(1));
            if (state.run() == null || state.isContradicted()) {
                return null;
            }
            return state.facts(Description.specOf(description, state, input, 2));
        }

        private static InternalRow row(Assessment assessment) {
            FlopCount threshold = assessment.threshold();
            FlopBounds counted = assessment.counted();
            return Rows.row(
                    Rows.text(assessment.rule().id()),
                    Rows.text(assessment.verdict().name()),
                    Rows.text(assessment.comparison()),
                    threshold == null ? null : Rows.flop(threshold),
                    counted == null ? null : Rows.flop(counted.best()));
        }
    }
}
