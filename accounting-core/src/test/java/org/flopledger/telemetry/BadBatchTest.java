package org.flopledger.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMilliTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad values are counted, bad shapes are refused with one exception, and no memory is left behind by either. */
class BadBatchTest {

    private static final DictionaryProvider NO_DICTIONARIES = new DictionaryProvider.MapDictionaryProvider();

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeftBehind() {
        // Closing an allocator that still lends memory throws.
        allocator.close();
    }

    @Test
    void aNegativeTokenCountIsCounted() {
        assertRejected(row -> row.tokens(-4), "TOKENS_NEGATIVE");
    }

    @Test
    void aNegativeStepIsCounted() {
        assertRejected(row -> row.step(-1), "STEP_NEGATIVE");
    }

    @Test
    void aNegativeAttemptIsCounted() {
        assertRejected(row -> row.attempt(-1), "ATTEMPT_NEGATIVE");
    }

    @Test
    void paddingAboveTokensIsCounted() {
        assertRejected(row -> row.tokens(4).paddingTokens(5), "PADDING_TOKENS_ABOVE_TOKENS");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void secondsThatAreNoNumberAreCounted(double seconds) {
        assertRejected(row -> row.deviceSeconds(seconds), "DEVICE_SECONDS_NOT_FINITE");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0x1p57, Double.MAX_VALUE, Double.MIN_VALUE, 0x1p-41})
    void secondsOutsideTheExactRangeAreCounted(double seconds) {
        assertRejected(row -> row.deviceSeconds(seconds), "DEVICE_SECONDS_OUT_OF_RANGE");
    }

    @Test
    void aUtilisationInPercentIsCounted() {
        assertRejected(row -> row.utilisation(45), "UTILISATION_OUT_OF_RANGE");
    }

    @Test
    void reportedFlopFromTwoToTheHundredOnAreCounted() {
        FlopCount limit = FlopCount.ofBits(1L << 36, 0);
        assertRejected(row -> row.reportedFlop(limit), "REPORTED_FLOP_OUT_OF_RANGE");
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            builder.run("r").attempt(0).step(1).source("s").stage(Stage.PRETRAINING);
            builder.reportedFlop(limit.minus(FlopCount.of(1))).append();
            try (StepBatch batch = builder.build()) {
                assertThat(batch.validate().rejections()).isEmpty();
            }
        }
    }

    @Test
    void aTextThatIsEmptyOrTooLongIsCountedForItsRow() {
        assertRejected(row -> row.source(""), "SOURCE_TEXT_LENGTH");
        assertRejected(row -> row.run("x".repeat(4_097)), "RUN_TEXT_LENGTH");
        assertRejected(row -> row.model("\u20ac".repeat(1_366)), "MODEL_TEXT_LENGTH");
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            builder.run("x".repeat(4_096)).attempt(0).step(1).source("\u20ac".repeat(1_365));
            builder.stage(Stage.PRETRAINING).append();
            try (StepBatch batch = builder.build()) {
                assertThat(batch.validate().rejections()).isEmpty();
            }
        }
    }

    @Test
    void countsOfTwoToTheSixtyThreeOnAreCounted() {
        assertRejected(row -> row.equalSequences(2, 3_000_000_000L), "SQUARED_LENGTHS_OUT_OF_RANGE");
        assertRejected(row -> row.equalSequences(Integer.MAX_VALUE, 1L << 33), "TOKENS_OUT_OF_RANGE");
    }

    @Test
    void anUnknownStageIsCounted() {
        assertRejected(row -> row.code(StepColumn.STAGE, 99), "STAGE_UNKNOWN_CODE");
        assertRejected(row -> row.code(StepColumn.STAGE, -1), "STAGE_UNKNOWN_CODE");
    }

    @Test
    void anUnknownEventIsCounted() {
        assertRejected(row -> row.code(StepColumn.PEFT_EVENT, 5), "PEFT_EVENT_UNKNOWN_CODE");
    }

    private void assertRejected(Consumer<StepBatchBuilder> fault, String code) {
        int rows = 5000;
        int bad = 4321;
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int i = 0; i < rows; i++) {
                builder.run("r").attempt(0).step(i).source("s").stage(Stage.PRETRAINING);
                if (i == bad) {
                    fault.accept(builder);
                }
                builder.append();
            }
            try (StepBatch batch = builder.build()) {
                Validation validation = batch.validate();
                assertThat(validation.rejections())
                        .extracting(RowRejection::code)
                        .containsExactly(code);
                assertThat(validation.rejections().get(0).firstRow()).isEqualTo(bad);
                assertThat(validation.mask().isAccepted(bad)).isFalse();
                assertThat(validation.mask().accepted() + validation.rejected()).isEqualTo(rows);
            }
        }
    }

    @Test
    void aMissingRequiredValueIsCounted() {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            builder.run("r").step(1).source("s").stage(Stage.PRETRAINING).append();
            try (StepBatch batch = builder.build()) {
                assertThat(batch.validate().rejections())
                        .containsExactly(new RowRejection(StepColumn.ATTEMPT, RowRejection.Reason.MISSING, 1, 0));
            }
        }
    }

    @Test
    void aBatchInWhichEveryRowIsBadIsCounted() {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int i = 0; i < 70; i++) {
                builder.tokens(i).append();
            }
            try (StepBatch batch = builder.build()) {
                assertThat(batch.validate().rejected()).isEqualTo(70);
                assertThat(batch.validate().mask().accepted()).isZero();
            }
        }
    }

    @Test
    void aDictionaryIndexOutOfRangeIsCounted() {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            builder.run("r")
                    .attempt(0)
                    .step(1)
                    .source("s")
                    .stage(Stage.PRETRAINING)
                    .append();
            try (StepBatch batch = builder.build()) {
                ((IntVector) batch.root().getVector("run")).set(0, 1_000_000);
                assertThat(batch.validate().rejections())
                        .extracting(RowRejection::code)
                        .containsExactly("RUN_INDEX_OUT_OF_RANGE");
                ((IntVector) batch.root().getVector("run")).set(0, -1);
                assertThat(batch.validate().rejections())
                        .extracting(RowRejection::code)
                        .containsExactly("RUN_INDEX_OUT_OF_RANGE");
            }
        }
    }

    @Test
    void aPlainRootInAnyOrderWithOtherColumnsIsRead() {
        try (VectorSchemaRoot root = plainRoot(vectors -> {
            IntVector extra = new IntVector("anything", allocator);
            extra.allocateNew(2);
            vectors.add(0, extra);
            return vectors;
        })) {
            try (StepBatch batch = StepBatch.wrap(root, NO_DICTIONARIES)) {
                assertThat(batch.validate().rejections()).isEmpty();
                assertThat(batch.runs()).containsExactly("a", "b");
                assertThat(batch.runIndex(1)).isEqualTo(1);
                assertThat(batch.isKnown(StepColumn.TOKENS, 0)).isFalse();
            }
        }
    }

    @Test
    void aMissingRequiredColumnIsRefused() {
        assertRefused(vectors -> without(vectors, "step"), "column step: missing, but required");
    }

    @Test
    void aWrongTypeIsRefused() {
        assertRefused(
                vectors -> {
                    without(vectors, "attempt").add(longs("attempt", 2));
                    return vectors;
                },
                "column attempt: type is Int(64, true), must be Int(32, true) and not dictionary encoded");
    }

    @Test
    void aWrongUnitIsRefused() {
        assertRefused(
                vectors -> {
                    TimeStampMilliTZVector times = new TimeStampMilliTZVector("started_at", allocator, "UTC");
                    times.allocateNew(2);
                    vectors.add(times);
                    return vectors;
                },
                "column started_at: type is Timestamp(MILLISECOND, UTC)");
    }

    @Test
    void aBufferShorterThanTheRowsIsRefused() {
        List<FieldVector> vectors = plainVectors(2);
        try (VectorSchemaRoot root =
                new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, 1_000_000)) {
            assertThatThrownBy(() -> StepBatch.wrap(root, NO_DICTIONARIES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("for 1000000 rows");
        }
    }

    @Test
    void aTextOutsideItsBufferIsRefused() {
        try (VectorSchemaRoot root = plainRoot(vectors -> vectors)) {
            root.getVector("run").getOffsetBuffer().setInt(4, 1 << 30);
            assertThatThrownBy(() -> StepBatch.wrap(root, NO_DICTIONARIES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("column run: text from byte 0 to 1073741824 is outside its buffer");
        }
    }

    @Test
    void aClosedBatchIsNotRead() {
        StepBatch batch;
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            builder.run("r")
                    .attempt(0)
                    .step(1)
                    .source("s")
                    .stage(Stage.PRETRAINING)
                    .append();
            batch = builder.build();
        }
        batch.close();
        batch.close();
        assertThatThrownBy(() -> batch.step(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(batch::validate).isInstanceOf(IllegalStateException.class);
    }

    private void assertRefused(Function<List<FieldVector>, List<FieldVector>> change, String message) {
        try (VectorSchemaRoot root = plainRoot(change)) {
            assertThatThrownBy(() -> StepBatch.wrap(root, NO_DICTIONARIES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(message);
        }
    }

    private VectorSchemaRoot plainRoot(Function<List<FieldVector>, List<FieldVector>> change) {
        VectorSchemaRoot root = new VectorSchemaRoot(change.apply(plainVectors(2)));
        root.setRowCount(2);
        return root;
    }

    private List<FieldVector> plainVectors(int rows) {
        IntVector attempt = new IntVector("attempt", allocator);
        TinyIntVector stage = new TinyIntVector("stage", allocator);
        List<FieldVector> vectors = new ArrayList<>(
                List.of(longs("step", rows), texts("source", rows), attempt, texts("run", rows), stage));
        for (BaseFixedWidthVector vector : List.of(attempt, stage)) {
            vector.allocateNew(rows);
        }
        for (int row = 0; row < rows; row++) {
            attempt.set(row, 0);
            stage.set(row, 1);
        }
        vectors.forEach(vector -> vector.setValueCount(rows));
        return vectors;
    }

    private BigIntVector longs(String name, int rows) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(rows);
        for (int row = 0; row < rows; row++) {
            vector.set(row, row);
        }
        vector.setValueCount(rows);
        return vector;
    }

    private VarCharVector texts(String name, int rows) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew();
        for (int row = 0; row < rows; row++) {
            vector.setSafe(row, new byte[] {(byte) ('a' + row)});
        }
        vector.setValueCount(rows);
        return vector;
    }

    private static List<FieldVector> without(List<FieldVector> vectors, String name) {
        vectors.removeIf(vector -> {
            if (vector.getName().equals(name)) {
                vector.close();
                return true;
            }
            return false;
        });
        return vectors;
    }
}
