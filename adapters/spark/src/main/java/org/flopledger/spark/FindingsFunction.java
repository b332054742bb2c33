package org.flopledger.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.flopledger.RunFinding;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** {@code ledger_findings(profile, state [, description])}: what the rules of a profile find in a run as it stands. */
final class FindingsFunction implements UnboundFunction {

    private static final String USAGE = "ledger_findings(profile STRING, state BINARY [, description struct])";

    private static final DataType FINDINGS = DataTypes.createArrayType(
            new StructType()
                    .add("rule", DataTypes.StringType, false)
                    .add("kind", DataTypes.StringType, false)
                    .add("verdict", DataTypes.StringType, false)
                    .add("flop", Rows.FLOP)
                    .add("step", DataTypes.LongType)
                    .add("summary", DataTypes.StringType, false),
            false);

    @Override
    public String name() {
        return "ledger_findings";
    }

    @Override
    public String description() {
        return USAGE + ": what the rules of a profile find in a run";
    }

    @Override
    public BoundFunction bind(StructType input) {
        int arguments = input.length();
        Arguments.require(
                (arguments == 2 || arguments == 3)
                        && Arguments.type(input, 0) instanceof StringType
                        && Arguments.type(input, 1) instanceof BinaryType
                        && (arguments == 2 || Arguments.type(input, 2) instanceof StructType),
                USAGE);
        return new Bound(
                Arguments.types(input), arguments == 2 ? null : Description.of((StructType) Arguments.type(input, 2)));
    }

    private static final class Bound extends StateFunction<Object> {
        private static final long serialVersionUID = 1L;

        Bound(DataType[] types, @Nullable Description description) {
            super("ledger_findings", 1, types, FINDINGS, description);
        }

        @Override
        public @Nullable Object produceResult(InternalRow input) {
            return resultOf(input);
        }

        @Override
        Object of(RunState state, @Nullable RunSpec spec, InternalRow input) {
            ReviewProfile profile = ReviewProfiles.named(input.getUTF8String(0).toString());
            List<InternalRow> findings =
                    state.findings(profile, spec).stream().map(Bound::row).toList();
            return Rows.array(findings);
        }

        private static InternalRow row(RunFinding made) {
            Finding finding = made.finding();
            FlopCount flop = finding.flop();
            return Rows.row(
                    Rows.text(finding.rule()),
                    Rows.text(finding.kind().name()),
                    Rows.text(finding.verdict().name()),
                    flop == null ? null : Rows.flop(flop),
                    finding.step(),
                    Rows.text(finding.summary()));
        }
    }
}
