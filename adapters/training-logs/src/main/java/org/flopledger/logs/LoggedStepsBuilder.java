package org.flopledger.logs;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Collects the steps of a run as a log tells them.
 *
 * <p>Name the step, say what the log says of it, {@link #add}. Equal steps that follow each other become one row. Values from a log
 * are untrusted, so none throws: a step that makes no sense is not added and {@link #add} returns false. Confined to one thread;
 * usable once.
 *
 * <pre>{@code
 * LoggedStepsBuilder steps = LoggedSteps.builder();
 * if (!steps.step(17).sequences(512, 2048).endedAtMicros(1_700_000_000_000_000L).add()) {
 *     file.reject(RejectionReason.IMPLAUSIBLE_VALUE, line);
 * }
 * }</pre>
 */
public final class LoggedStepsBuilder {

    private static final int MOST_ATTEMPTS = 1_000_000;
    private static final StepField[] FIELDS = StepField.values();

    final LongColumn firsts = new LongColumn();
    final LongColumn counts = new LongColumn();
    final LongColumn kinds = new LongColumn();
    final LongColumn lengths = new LongColumn();
    final LongColumn flopHigh = new LongColumn();
    final LongColumn flopLow = new LongColumn();
    final Map<StepField, LongColumn> fields = new EnumMap<>(StepField.class);

    private final long[] draft = new long[FIELDS.length];
    private long steps;
    private boolean tooMany;
    private int attempt;

    private long first;
    private long count;
    private long length;
    private Stage stage = Stage.UNKNOWN;
    private @Nullable FlopCount flop;
    private boolean senseless;

    LoggedStepsBuilder() {
        clear();
    }

    private void clear() {
        Arrays.fill(draft, LongColumn.ABSENT);
        first = -1;
        count = 1;
        length = LongColumn.ABSENT;
        stage = Stage.UNKNOWN;
        flop = null;
        senseless = false;
    }

    /** Begins a step; what was said of one that was not added is dropped. */
    public LoggedStepsBuilder step(long number) {
        return steps(number, 1);
    }

    /** Begins consecutive steps that are all alike; every figure that follows is that of each one. */
    public LoggedStepsBuilder steps(long firstNumber, long howMany) {
        clear();
        first = firstNumber;
        count = howMany;
        return this;
    }

    /** The steps that follow belong to another start of the run. */
    public LoggedStepsBuilder newAttempt() {
        attempt = Math.min(MOST_ATTEMPTS, attempt + 1);
        return this;
    }

    /** Returns how often the run was started, at least 1. */
    public int attempts() {
        return attempt + 1;
    }

    /** Sets what the compute was for. */
    public LoggedStepsBuilder stage(Stage purpose) {
        stage = purpose;
        return this;
    }

    /** Sets tokens that went through the model, padding included. */
    public LoggedStepsBuilder tokens(long tokens) {
        return set(StepField.TOKENS, tokens);
    }

    /** Sets how many of the tokens are padding. */
    public LoggedStepsBuilder paddingTokens(long tokens) {
        return set(StepField.PADDING_TOKENS, tokens);
    }

    /** Sets how many of the tokens the model itself produced. */
    public LoggedStepsBuilder generatedTokens(long tokens) {
        return set(StepField.GENERATED_TOKENS, tokens);
    }

    /** Sets sequences whose lengths are not known, or are said by their squares. */
    public LoggedStepsBuilder sequences(long sequences) {
        return set(StepField.SEQUENCES, sequences);
    }

    /** Sets sequences of one length, and with them tokens, and squared lengths below 2^63. */
    public LoggedStepsBuilder sequences(long sequences, long sequenceLength) {
        if (sequences < 1 || sequenceLength < 1) {
            senseless = true;
            return this;
        }
        length = sequenceLength;
        long tokens = product(sequences, sequenceLength);
        long squares = product(tokens, sequenceLength);
        if (squares >= 0) {
            // Beyond 2^63 the length alone says it.
            set(StepField.SQUARED_LENGTHS, squares);
        }
        return set(StepField.SEQUENCES, sequences).set(StepField.TOKENS, tokens);
    }

    /** Sets the sum over sequences of their squared lengths. */
    public LoggedStepsBuilder squaredLengths(long sum) {
        return set(StepField.SQUARED_LENGTHS, sum);
    }

    /** Sets when the first of the steps began, microseconds since 1970 UTC. */
    public LoggedStepsBuilder startedAtMicros(long micros) {
        return set(StepField.STARTED_AT_MICROS, micros);
    }

    /** Sets when the last of the steps ended, microseconds since 1970 UTC. */
    public LoggedStepsBuilder endedAtMicros(long micros) {
        return set(StepField.ENDED_AT_MICROS, micros);
    }

    /** Sets the time that all devices together worked on each step, in microseconds. */
    public LoggedStepsBuilder deviceMicros(long micros) {
        return set(StepField.DEVICE_MICROS, micros);
    }

    /** Sets what the framework says that each step cost. */
    public LoggedStepsBuilder reportedFlop(FlopCount each) {
        flop = each;
        return this;
    }

    /** Sets a figure that other steps told. */
    LoggedStepsBuilder copy(StepField field, long value) {
        return set(field, value);
    }

    private LoggedStepsBuilder set(StepField field, long value) {
        senseless |= value < 0;
        draft[field.ordinal()] = value;
        return this;
    }

    /** Returns a product of numbers at least 0, or -1 where it is 2^63 or more. */
    private static long product(long a, long b) {
        return a < 0 || b < 0 || Math.multiplyHigh(a, b) != 0 || a * b < 0 ? -1 : a * b;
    }

    /**
     * Adds what was said; returns false, and adds nothing, if it makes no sense: a negative value, one of 2^63 or more, more
     * padding than tokens, an end before its start, or more steps than {@link LoggedSteps#MOST_STEPS}.
     */
    public boolean add() {
        if (first < 0 || count < 1 || first > Long.MAX_VALUE - count || senseless || !isConsistent()) {
            return false;
        }
        if (count > LoggedSteps.MOST_STEPS - steps) {
            tooMany = true;
            return false;
        }
        steps += count;
        if (!isNextOfLast()) {
            append();
        } else {
            int last = firsts.size() - 1;
            counts.set(last, counts.at(last) + count);
        }
        return true;
    }

    private boolean isConsistent() {
        long tokens = draft[StepField.TOKENS.ordinal()];
        long start = draft[StepField.STARTED_AT_MICROS.ordinal()];
        long end = draft[StepField.ENDED_AT_MICROS.ordinal()];
        return (tokens < 0
                        || (draft[StepField.PADDING_TOKENS.ordinal()] <= tokens
                                && draft[StepField.GENERATED_TOKENS.ordinal()] <= tokens))
                && (start < 0 || end < 0 || start <= end);
    }

    private static boolean isTime(StepField field) {
        return field == StepField.STARTED_AT_MICROS || field == StepField.ENDED_AT_MICROS;
    }

    private boolean isNextOfLast() {
        int last = firsts.size() - 1;
        if (last < 0
                || firsts.at(last) + counts.at(last) != first
                || kinds.at(last) != LoggedSteps.kind(attempt, stage)
                || lengths.at(last) != length
                || flopHigh.at(last) != high()
                || (flop != null && flopLow.at(last) != flop.lowBits())) {
            return false;
        }
        for (StepField field : FIELDS) {
            LongColumn column = fields.get(field);
            long known = column == null ? LongColumn.ABSENT : column.at(last);
            // Steps with a clock are rows of their own: the next one has another time.
            if (known != draft[field.ordinal()] || (isTime(field) && known != LongColumn.ABSENT)) {
                return false;
            }
        }
        return true;
    }

    private long high() {
        return flop == null ? LongColumn.ABSENT : flop.highBits();
    }

    private void append() {
        int row = firsts.size();
        firsts.set(row, first);
        counts.set(row, count);
        kinds.set(row, LoggedSteps.kind(attempt, stage));
        if (length != LongColumn.ABSENT) {
            lengths.set(row, length);
        }
        if (flop != null) {
            flopHigh.set(row, flop.highBits());
            flopLow.set(row, flop.lowBits());
        }
        for (StepField field : FIELDS) {
            long value = draft[field.ordinal()];
            if (value != LongColumn.ABSENT) {
                fields.computeIfAbsent(field, key -> new LongColumn()).set(row, value);
            }
        }
    }

    /** Returns how many steps were added. */
    public long steps() {
        return steps;
    }

    /** Returns whether a step was not added because there were too many. */
    public boolean isTooLong() {
        return tooMany;
    }

    /** Returns the number of the last step that was added, or -1. */
    public long lastStep() {
        int last = firsts.size() - 1;
        return last < 0 ? -1 : firsts.at(last) + counts.at(last) - 1;
    }

    /** Returns the steps. */
    public LoggedSteps build() {
        fields.values().forEach(LongColumn::trim);
        Stream.of(firsts, counts, kinds, lengths, flopHigh, flopLow).forEach(LongColumn::trim);
        return new LoggedSteps(this);
    }
}
