package org.flopledger.internal.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.CellTotals;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.KernelForms;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.PeftEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fold gives what adding one row at a time with big integers gives, in every form and for every shape of batch. */
class FoldPropertiesTest {

    /** Around vector lanes, bitmap words and blocks. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 1000, 4095, 4096, 4097, 9000})
    void everyFormAgreesWithTheReference(int count) {
        for (long seed = 0; seed < 8; seed++) {
            List<RandomSteps.Row> rows = RandomSteps.rows(new Random(seed * 31 + count), count);
            for (ColumnKernel kernel : KernelForms.all()) {
                assertSums(rows, kernel, "seed " + seed + ", rows " + count + ", form " + kernel.form());
            }
        }
    }

    private static void assertSums(List<RandomSteps.Row> rows, ColumnKernel kernel, String what) {
        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = KernelForms.with(RandomSteps.batch(allocator, rows), kernel)) {
            Validation validation = batch.validate();
            assertThat(validation.rejections()).as(what).isEmpty();
            LedgerAccounts accounts = new LedgerAccounts();
            accounts.fold(validation, ModelFormulas.none());

            Map<List<Object>, List<RandomSteps.Row>> expected =
                    rows.stream().collect(Collectors.groupingBy(FoldPropertiesTest::key));
            List<CellTotals> cells = accounts.runs().stream()
                    .flatMap(run -> accounts.totals(run).cells().stream())
                    .toList();
            assertThat(cells).as(what).hasSize(expected.size());
            for (String run : accounts.runs()) {
                for (CellTotals cell : accounts.totals(run).cells()) {
                    List<Object> key = java.util.Arrays.asList(run, cell.attempt(), cell.stage(), cell.model());
                    assertCell(cell, Objects.requireNonNull(expected.get(key)), what + ", " + key);
                }
            }
        }
    }

    private static List<Object> key(RandomSteps.Row row) {
        return java.util.Arrays.asList(row.run(), row.attempt(), row.stage(), row.model());
    }

    private static void assertCell(CellTotals cell, List<RandomSteps.Row> rows, String what) {
        assertThat(cell.observations()).as(what).isEqualTo(rows.size());
        assertThat(cell.tokens()).as(what).isEqualTo(sum(rows, RandomSteps.Row::tokens));
        assertThat(cell.paddingTokens())
                .as(what)
                .isEqualTo(sum(rows, row -> row.tokens() == null ? null : row.padding()));
        assertThat(cell.sequences()).as(what).isEqualTo(sum(rows, RandomSteps.Row::sequences));
        assertThat(cell.squaredLengths()).as(what).isEqualTo(sum(rows, RandomSteps.Row::squared));
        assertThat(cell.known(CellTotals.Known.TOKENS)).as(what).isEqualTo(count(rows, RandomSteps.Row::tokens));
        assertThat(cell.firstStep())
                .isEqualTo(rows.stream().mapToLong(RandomSteps.Row::step).min().orElseThrow());
        assertThat(cell.lastStep())
                .isEqualTo(rows.stream().mapToLong(RandomSteps.Row::step).max().orElseThrow());
        assertExtras(cell, rows, what);
    }

    private static void assertExtras(CellTotals cell, List<RandomSteps.Row> rows, String what) {
        List<Double> seconds = rows.stream()
                .map(RandomSteps.Row::seconds)
                .filter(Objects::nonNull)
                .toList();
        assertThat(cell.deviceSeconds()).as(what).isEqualByComparingTo(RandomSteps.sum(seconds));
        assertThat(cell.energyJoules()).as(what).isEqualByComparingTo(RandomSteps.sum(seconds));
        assertThat(cell.generatedTokens()).as(what).isEqualTo(sum(rows, RandomSteps.Row::generated));
        assertThat(cell.known(CellTotals.Known.GENERATED_TOKENS)).isEqualTo(count(rows, RandomSteps.Row::generated));
        assertThat(cell.reported().bounds().best().toBigInteger()).isEqualTo(sum(rows, RandomSteps.Row::reported));
        assertThat(cell.known(CellTotals.Known.REPORTED_FLOP)).isEqualTo(count(rows, RandomSteps.Row::reported));
        assertThat(cell.moeObservations())
                .isEqualTo(rows.stream()
                        .filter(row -> Boolean.TRUE.equals(row.moe()))
                        .count());
        rows.stream()
                .filter(row -> row.parameters() != null)
                .reduce((a, b) -> b)
                .ifPresent(
                        last -> assertThat(cell.totalParameters().orElseThrow().latest())
                                .isEqualTo(last.parameters()));
        assertThat(cell.peftEvents().getOrDefault(PeftEvent.MERGED, Map.of()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(rows.stream()
                        .filter(row -> row.event() == PeftEvent.MERGED)
                        .count());
        assertThat(cell.firstSeen().map(at -> ChronoUnit.MICROS.between(Instant.EPOCH, at)))
                .isEqualTo(rows.stream()
                        .map(RandomSteps.Row::startedMicros)
                        .filter(Objects::nonNull)
                        .min(Long::compare));
    }

    private static BigInteger sum(List<RandomSteps.Row> rows, Function<RandomSteps.Row, ? extends Number> value) {
        return rows.stream()
                .map(value)
                .filter(Objects::nonNull)
                .map(number -> new BigDecimal(number.toString()).toBigIntegerExact())
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static long count(List<RandomSteps.Row> rows, Function<RandomSteps.Row, ?> value) {
        return rows.stream().map(value).filter(Objects::nonNull).count();
    }
}
