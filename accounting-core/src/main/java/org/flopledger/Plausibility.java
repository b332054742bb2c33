package org.flopledger;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.book.StepSpan;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a batch what cannot have been measured. The steps stay, without any figure: they were observed, and lower the
 * coverage. Confined to the ledger's lock.
 */
final class Plausibility {

    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);

    /**
     * The source of recorded steps that were rejected: their own source may still record them right, and then counts with
     * them. Coverage stays lower until these are taken back.
     */
    static final String REJECTED = "(rejected)";

    private final LedgerBuilder.@Nullable PlausibilityLimits limits;

    /** Checks by limits; null checks nothing. */
    Plausibility(LedgerBuilder.@Nullable PlausibilityLimits limits) {
        this.limits = limits;
    }

    /**
     * The steps that were taken out; to be closed.
     *
     * @param steps the same steps without figures, a batch to take in besides
     * @param rejections how many rows were taken out that are valid, by the column at fault
     * @param columns the columns at fault of all of them
     * @param runs the runs they are of
     */
    record TakenOut(StepBatch steps, List<RowRejection> rejections, Set<StepColumn> columns, Set<String> runs)
            implements AutoCloseable {
        @Override
        public void close() {
            steps.close();
        }
    }

    /**
     * Takes rows out of the accept mask of a batch; returns them, or null if there are none, as nearly always.
     *
     * @param isLive whether rows that are not valid are among them: nobody can send those of a recorder again
     */
    @Nullable
    TakenOut takeOut(Validation validation, boolean isLive, ModelFormulas formulas, BufferAllocator allocator) {
        StepBatch batch = validation.batch();
        List<Integer> rows = new ArrayList<>();
        Set<StepColumn> columns = new LinkedHashSet<>();
        if (isLive && validation.mask().accepted() < batch.rows()) {
            validation.rejections().forEach(rejection -> columns.add(rejection.column()));
            addInvalid(validation, rows);
        }
        int invalid = rows.size();
        Map<StepColumn, RowRejection> rejections = new EnumMap<>(StepColumn.class);
        LedgerBuilder.PlausibilityLimits most = limits;
        for (int row = 0; most != null && row < batch.rows(); row++) {
            StepColumn fault = validation.mask().isAccepted(row) ? fault(batch, row, most, formulas) : null;
            if (fault != null) {
                rejections.merge(
                        fault, new RowRejection(fault, RowRejection.Reason.IMPLAUSIBLE, 1, row), Plausibility::sum);
                rows.add(row);
                validation.mask().reject(row);
            }
        }
        if (rows.isEmpty()) {
            return null;
        }
        columns.addAll(rejections.keySet());
        Set<String> runs = new LinkedHashSet<>();
        rows.forEach(row -> runs.add(batch.runs().get(batch.runIndex(row))));
        return new TakenOut(
                withoutFigures(batch, rows, invalid, allocator), List.copyOf(rejections.values()), columns, runs);
    }

    private static RowRejection sum(RowRejection before, RowRejection next) {
        return new RowRejection(before.column(), before.reason(), before.count() + next.count(), before.firstRow());
    }

    /** Adds the rows that were rejected for their figures, and of which it is known what step they are. */
    private static void addInvalid(Validation validation, List<Integer> rows) {
        StepBatch batch = validation.batch();
        for (int row = 0; row < batch.rows(); row++) {
            if (!validation.mask().isAccepted(row) && batch.attempt(row) >= 0 && batch.step(row) >= 0) {
                rows.add(row);
            }
        }
    }

    private static StepBatch withoutFigures(
            StepBatch batch, List<Integer> rows, int invalid, BufferAllocator allocator) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int i = 0; i < rows.size(); i++) {
                int row = rows.get(i);
                builder.run(batch.runs().get(batch.runIndex(row)))
                        .attempt(batch.attempt(row))
                        .step(batch.step(row))
                        .source(i < invalid ? REJECTED : batch.sources().get(batch.sourceIndex(row)))
                        .stage(Stage.values()[batch.intAt(StepColumn.STAGE, row)]);
                int model = batch.modelIndex(row);
                if (model >= 0) {
                    builder.model(batch.models().get(model));
                }
                builder.append();
            }
            return builder.build();
        }
    }

    private static @Nullable StepColumn fault(
            StepBatch batch, int row, LedgerBuilder.PlausibilityLimits most, ModelFormulas formulas) {
        long tokens = longAt(batch, StepColumn.TOKENS, row);
        if (tokens > most.mostTokens()) {
            return StepColumn.TOKENS;
        }
        if (!hasPossibleLengths(batch, row, tokens)) {
            return StepColumn.SQUARED_LENGTHS;
        }
        long started = longAt(batch, StepColumn.STARTED_AT, row);
        long ended = longAt(batch, StepColumn.ENDED_AT, row);
        boolean hasTime = batch.isKnown(StepColumn.STARTED_AT, row) && batch.isKnown(StepColumn.ENDED_AT, row);
        if (hasTime && ended < started) {
            return StepColumn.ENDED_AT;
        }
        FlopCount limit = most.mostFlop();
        if (hasTime && ended > started && longAt(batch, StepColumn.DEVICES, row) > 0) {
            limit = byDevices(BigInteger.valueOf(ended).subtract(BigInteger.valueOf(started)), batch, row, most);
        }
        if (batch.isKnown(StepColumn.REPORTED_FLOP, row) && reported(batch, row).compareTo(limit) > 0) {
            return StepColumn.REPORTED_FLOP;
        }
        return exceeds(batch, row, tokens, limit, formulas) ? StepColumn.TOKENS : null;
    }

    /** Lengths are whole and at least 1: T <= S <= T^2, and T^2 <= n S for n of them. */
    private static boolean hasPossibleLengths(StepBatch batch, int row, long tokens) {
        if (!batch.isKnown(StepColumn.SQUARED_LENGTHS, row) || !batch.isKnown(StepColumn.TOKENS, row)) {
            return true;
        }
        long squares = longAt(batch, StepColumn.SQUARED_LENGTHS, row);
        // Tokens are below 2^50 here: their square has at most 100 bits.
        FlopCount square = FlopCount.product(tokens, tokens);
        if (squares < tokens || FlopCount.of(squares).compareTo(square) > 0) {
            return false;
        }
        long sequences = longAt(batch, StepColumn.SEQUENCES, row);
        return !batch.isKnown(StepColumn.SEQUENCES, row)
                || sequences == 0
                || square.compareTo(FlopCount.product(sequences, squares)) <= 0;
    }

    private static FlopCount byDevices(
            BigInteger micros, StepBatch batch, int row, LedgerBuilder.PlausibilityLimits most) {
        BigInteger flop = most.peakFlopPerSecond()
                .toBigInteger()
                .multiply(BigInteger.valueOf(longAt(batch, StepColumn.DEVICES, row)))
                .multiply(BigInteger.valueOf(most.factor()))
                .multiply(micros)
                .divide(MICROS);
        BigInteger least = flop.min(most.mostFlop().toBigInteger());
        return FlopCount.of(least);
    }

    /** What a step was said to consist of; 0 where nothing was said. */
    private record Work(long tokens, long sequences, long squaredLengths) {}

    private static boolean exceeds(StepBatch batch, int row, long tokens, FlopCount limit, ModelFormulas formulas) {
        int model = batch.modelIndex(row);
        return model >= 0
                && exceeds(
                        batch.models().get(model),
                        new Work(
                                tokens,
                                longAt(batch, StepColumn.SEQUENCES, row),
                                longAt(batch, StepColumn.SQUARED_LENGTHS, row)),
                        limit,
                        formulas);
    }

    /** Returns whether the least of the figures of a model is beyond a limit. */
    private static boolean exceeds(@Nullable String name, Work work, FlopCount limit, ModelFormulas formulas) {
        StepFormula operations = formulas.formula(name, CountingMethod.ARCHITECTURE);
        StepFormula parameters = formulas.formula(name, CountingMethod.PARAMETER_TOKEN);
        // Masked pairs are left out: what they add is no more than what windows save.
        return (operations != null && isAbove(operations.low(), work, limit))
                || (parameters != null && isAbove(parameters.low(), work, limit));
    }

    private static boolean isAbove(LinearForm form, Work work, FlopCount limit) {
        double flop = form.perToken().toDouble() * work.tokens
                + form.perSequence().toDouble() * work.sequences
                + form.perSquaredLength().toDouble() * work.squaredLengths;
        return flop > limit.toDouble();
    }

    /**
     * Returns the steps held of a run that are beyond the most FLOP of a step by these formulas. Devices and times were not kept
     * beside one another: what they could do is not asked again.
     */
    List<StepSpan> beyond(AccountBook book, String run, ModelFormulas formulas) {
        LedgerBuilder.PlausibilityLimits most = limits;
        return most == null
                ? List.of()
                : book.select(
                        run,
                        (model, tokens, sequences, squares) ->
                                exceeds(model, new Work(tokens, sequences, squares), most.mostFlop(), formulas));
    }

    private static FlopCount reported(StepBatch batch, int row) {
        return FlopCount.ofBits(
                batch.upperLongAt(StepColumn.REPORTED_FLOP, row), batch.longAt(StepColumn.REPORTED_FLOP, row));
    }

    /** Returns a value, 0 if it is null. */
    private static long longAt(StepBatch batch, StepColumn column, int row) {
        if (batch.data(column) == 0 || !batch.isKnown(column, row)) {
            return 0;
        }
        return column == StepColumn.DEVICES || column == StepColumn.SEQUENCES
                ? batch.intAt(column, row)
                : batch.longAt(column, row);
    }
}
