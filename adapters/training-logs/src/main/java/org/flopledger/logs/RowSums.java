package org.flopledger.logs;

import java.math.BigInteger;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one row of a ledger add up to: nearly always one step, and a block of them far out. A figure that one of the
 * steps lacks is lacking in the row. Confined to one thread.
 */
final class RowSums implements RunRows.Row {

    private static final double MICROS = 1e6;
    private static final Set<StepField> SUMMED = EnumSet.of(
            StepField.TOKENS,
            StepField.PADDING_TOKENS,
            StepField.GENERATED_TOKENS,
            StepField.SEQUENCES,
            StepField.SQUARED_LENGTHS,
            StepField.DEVICE_MICROS);

    private final int attempt;
    private final long end;
    private final Stage stage;
    private final String source;
    private final @Nullable LoggedWork work;
    private final Map<StepField, BigInteger> sums = new EnumMap<>(StepField.class);
    private boolean isEmpty = true;
    private @Nullable FlopCount reported = FlopCount.ZERO;
    private @Nullable Long startedAt;
    private @Nullable Long endedAt;
    private @Nullable Instant shown;

    /** Begins a row that an observer saw, of a kind of work or, if null, of the training. */
    RowSums(int attempt, long end, Stage stage, String source, @Nullable LoggedWork work) {
        this.source = source;
        this.work = work;
        this.attempt = attempt;
        this.end = end;
        this.stage = stage;
        SUMMED.forEach(field -> sums.put(field, BigInteger.ZERO));
    }

    int attempt() {
        return attempt;
    }

    long end() {
        return end;
    }

    Stage stage() {
        return stage;
    }

    boolean isEmpty() {
        return isEmpty;
    }

    /** Adds equal steps. */
    void add(LoggedSteps.Cursor steps, long count) {
        isEmpty = false;
        BigInteger times = BigInteger.valueOf(count);
        for (StepField field : SUMMED) {
            if (steps.has(field)) {
                BigInteger more = BigInteger.valueOf(steps.value(field)).multiply(times);
                sums.computeIfPresent(field, (same, sum) -> sum.add(more));
            } else {
                sums.remove(field);
            }
        }
        FlopCount each = steps.reportedFlop();
        reported = reported == null || each == null ? null : reported.plus(each.times(count));
        if (steps.has(StepField.STARTED_AT_MICROS) && startedAt == null) {
            startedAt = steps.value(StepField.STARTED_AT_MICROS);
        }
        if (steps.has(StepField.ENDED_AT_MICROS)) {
            endedAt = steps.value(StepField.ENDED_AT_MICROS);
        }
    }

    long sequences() {
        return sums.getOrDefault(StepField.SEQUENCES, BigInteger.ZERO).longValue();
    }

    /** Sets when the log shows the row done, for a log that does not say when each step ended. */
    void shownDone(@Nullable Instant at) {
        shown = at;
    }

    @Override
    public @Nullable LoggedWork work() {
        return work;
    }

    @Override
    public void write(StepBatchBuilder rows) {
        rows.attempt(attempt).step(end).source(source).stage(stage);
        Long tokens = sum(StepField.TOKENS, Long.MAX_VALUE);
        if (tokens != null) {
            rows.tokens(tokens);
        }
        Long padding = sum(StepField.PADDING_TOKENS, Long.MAX_VALUE);
        if (padding != null) {
            rows.paddingTokens(padding);
        }
        Long generated = sum(StepField.GENERATED_TOKENS, Long.MAX_VALUE);
        if (generated != null) {
            rows.generatedTokens(generated);
        }
        Long sequences = sum(StepField.SEQUENCES, Integer.MAX_VALUE);
        if (sequences != null) {
            rows.sequences(sequences.intValue());
        }
        // What a sequence of one length costs is known without; squares too large for their column stay unknown.
        Long squares = sum(StepField.SQUARED_LENGTHS, Long.MAX_VALUE);
        if (squares != null) {
            rows.squaredLengths(squares);
        }
        Long deviceMicros = sum(StepField.DEVICE_MICROS, Long.MAX_VALUE);
        if (deviceMicros != null) {
            rows.deviceSeconds(deviceMicros / MICROS);
        }
        if (reported != null) {
            rows.reportedFlop(reported);
        }
        times(rows);
    }

    private void times(StepBatchBuilder rows) {
        if (startedAt != null) {
            rows.startedAtMicros(startedAt);
        }
        if (endedAt != null) {
            rows.endedAtMicros(endedAt);
        } else if (shown != null) {
            rows.endedAt(shown);
        }
    }

    private @Nullable Long sum(StepField field, long most) {
        BigInteger sum = sums.get(field);
        return sum == null || sum.compareTo(BigInteger.valueOf(most)) > 0 ? null : Long.valueOf(sum.longValueExact());
    }
}
