package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.flopledger.account.CellTotals;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arrow roots as other tools write them. */
class LenientArrowTest {

    private static final DictionaryProvider NONE = new DictionaryProvider.MapDictionaryProvider();

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeftBehind() {
        allocator.close();
    }

    private BigIntVector longs(String name, long... values) {
        BigIntVector vector = new BigIntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int row = 0; row < values.length; row++) {
            vector.set(row, values[row]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private IntVector ints(String name, int... values) {
        IntVector vector = new IntVector(name, allocator);
        vector.allocateNew(values.length);
        for (int row = 0; row < values.length; row++) {
            vector.set(row, values[row]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private VarCharVector texts(String name, String... values) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew();
        for (int row = 0; row < values.length; row++) {
            vector.setSafe(row, values[row].getBytes(StandardCharsets.UTF_8));
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private TimeStampMilliVector millis(String name, long... values) {
        TimeStampMilliVector vector = new TimeStampMilliVector(name, allocator);
        vector.allocateNew(values.length);
        for (int row = 0; row < values.length; row++) {
            vector.set(row, values[row]);
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private VectorSchemaRoot foreign() {
        return VectorSchemaRoot.of(
                texts("run", "orion", "orion", "orion", "orion"),
                longs("attempt", 0, 0, 0, 1L << 40),
                ints("step", 1, 2, 3, 4),
                texts("stage", "pretraining", "PRETRAINING", "no such stage", "pretraining"),
                millis("ended_at", 1_000, 2_000, 3_000, 4_000),
                longs("tokens", 1_000, 1_000, 1_000, 1_000));
    }

    @Test
    void takesOtherTypesAndFillsInWhatIsMissing() {
        try (VectorSchemaRoot root = foreign();
                ComputeLedger ledger = ComputeLedger.inMemory()
                        .lenient(LenientArrow.types().withSource("export"))
                        .start()) {
            ledger.run(RunSpec.pretraining("orion")
                    .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                    .build());
            IngestResult result = ledger.ingest(root, NONE);

            assertThat(result.accepted()).isEqualTo(2);
            assertThat(result.rejections())
                    .extracting(rejection -> rejection.code())
                    .containsExactlyInAnyOrder("ATTEMPT_OUT_OF_RANGE", "STAGE_UNKNOWN_CODE");
            CellTotals cell = ledger.totals("orion").totals().cells().get(0);
            assertThat(cell.stage()).isEqualTo(Stage.PRETRAINING);
            assertThat(cell.lastSeen()).contains(Instant.ofEpochSecond(2));
            assertThat(ledger.totals("orion").total().bounds().best())
                    .as("by the model of the run")
                    .isEqualTo(FlopCount.parse("12e12"));
        }
    }

    @Test
    void refusesThemWithoutTheOption() {
        try (VectorSchemaRoot root = foreign();
                ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.ingest(root, NONE))
                    .withMessageStartingWith("column attempt: type is Int(64, true)");
        }
    }

    @Test
    void rowsWithoutAnythingRequiredAreRejectedOneByOne() {
        List<FieldVector> vectors = List.of(texts("run", "orion", ""), longs("step", 1, 2));
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
                ComputeLedger strict =
                        ComputeLedger.inMemory().lenient(LenientArrow.types()).start();
                ComputeLedger filled = ComputeLedger.inMemory()
                        .lenient(LenientArrow.types()
                                .withAttempt(3)
                                .withSource("log")
                                .withStage(Stage.EVALUATION))
                        .start()) {
            root.setRowCount(2);
            assertThat(strict.ingest(root, NONE).accepted()).isZero();
            assertThat(filled.ingest(root, NONE).accepted()).isEqualTo(1);
            assertThat(filled.status().rejected()).containsOnlyKeys("RUN_TEXT_LENGTH");
            assertThat(filled.totals("orion").totals().cells().get(0).attempt()).isEqualTo(3);
        }
    }
}
