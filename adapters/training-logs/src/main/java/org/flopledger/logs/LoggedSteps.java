package org.flopledger.logs;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a run as its log tells them: rows of equal consecutive steps, or of single ones. Immutable and thread-safe.
 *
 * <p>A regular run is one row however long it is; a million steps that all differ take 8 bytes for each figure that the log gives.
 * What the log does not say of a step is absent, never zero.
 */
public final class LoggedSteps {

    /** Most steps of one run: no run has so many, a damaged log may say so. */
    public static final long MOST_STEPS = 20_000_000;

    /** No steps. */
    public static final LoggedSteps NONE = new LoggedStepsBuilder().build();

    private final LongColumn firsts;
    private final LongColumn counts;
    private final LongColumn kinds;
    private final LongColumn lengths;
    private final LongColumn flopHigh;
    private final LongColumn flopLow;
    private final Map<StepField, LongColumn> fields;
    private final long steps;

    LoggedSteps(LoggedStepsBuilder builder) {
        this.firsts = builder.firsts;
        this.counts = builder.counts;
        this.kinds = builder.kinds;
        this.lengths = builder.lengths;
        this.flopHigh = builder.flopHigh;
        this.flopLow = builder.flopLow;
        this.fields = new EnumMap<>(builder.fields);
        this.steps = builder.steps();
    }

    /** Returns a builder. */
    public static LoggedStepsBuilder builder() {
        return new LoggedStepsBuilder();
    }

    /** Returns regular steps of a first attempt. */
    static LoggedSteps of(List<StepRange> ranges, Stage stage) {
        var builder = new LoggedStepsBuilder();
        for (StepRange range : ranges) {
            builder.steps(range.first(), range.count())
                    .stage(stage)
                    .sequences(range.sequences(), range.sequenceLength());
            if (!builder.add()) {
                throw new IllegalArgumentException(range + " is not plausible");
            }
        }
        return builder.build();
    }

    /** Returns how many rows there are. */
    public int rows() {
        return firsts.size();
    }

    /** Returns how many steps there are, each attempt's counted. */
    public long steps() {
        return steps;
    }

    /** Returns the rows from the first, in the order of the log. */
    public Cursor cursor() {
        return new Cursor();
    }

    /** Returns the sum of a figure over all steps, or null if any step lacks it, there are none or it is 2^63 or more. */
    public @Nullable Long total(StepField field) {
        long total = 0;
        Cursor row = cursor();
        while (row.next()) {
            if (!row.has(field)) {
                return null;
            }
            long more = row.count() * row.value(field);
            if (Math.multiplyHigh(row.count(), row.value(field)) != 0 || more < 0 || more > Long.MAX_VALUE - total) {
                return null;
            }
            total += more;
        }
        return rows() == 0 ? null : Long.valueOf(total);
    }

    /** Returns the sum of what the framework reported, or null if any step lacks it or there are none. */
    public @Nullable FlopCount totalReportedFlop() {
        FlopCount total = FlopCount.ZERO;
        Cursor row = cursor();
        while (row.next()) {
            FlopCount each = row.reportedFlop();
            if (each == null) {
                return null;
            }
            total = total.plus(each.times(row.count()));
        }
        return rows() == 0 ? null : total;
    }

    /** Returns the steps as ranges of equal sequences; empty unless that says everything: one attempt, one stage, known lengths. */
    public List<StepRange> ranges() {
        var ranges = new ArrayList<StepRange>();
        Cursor row = cursor();
        while (row.next()) {
            if (row.sequenceLength() < 1 || row.kind() != kinds.at(0) || row.attempt() != 0) {
                return List.of();
            }
            ranges.add(new StepRange(row.first(), row.count(), row.value(StepField.SEQUENCES), row.sequenceLength()));
        }
        return ranges;
    }

    /** Returns whether the other steps begin with these, in every figure. */
    public boolean isBeginningOf(LoggedSteps other) {
        Cursor mine = cursor();
        Cursor theirs = other.cursor();
        long left = 0;
        long place = 0;
        while (mine.next()) {
            for (long at = 0; at < mine.count(); ) {
                if (left == 0) {
                    if (!theirs.next()) {
                        return false;
                    }
                    left = theirs.count();
                    place = theirs.first();
                }
                long same = Math.min(left, mine.count() - at);
                if (place != mine.first() + at || !mine.saysTheSameAs(theirs)) {
                    return false;
                }
                at += same;
                left -= same;
                place += same;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoggedSteps that && steps == that.steps && isBeginningOf(that);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(steps) + Long.hashCode(firsts.at(0));
    }

    /** Returns how many there are, for people. */
    @Override
    public String toString() {
        return steps + " steps in " + rows() + " rows";
    }

    /** Returns attempt and stage in one number, as a row keeps them. */
    static long kind(int attempt, Stage stage) {
        return (long) attempt << Byte.SIZE | stage.ordinal();
    }

    /** One row after the other. Confined to one thread; allocates nothing a row, except for reported FLOP. */
    public final class Cursor {

        private int row = -1;

        private Cursor() {}

        /** Moves to the next row; returns false behind the last. */
        public boolean next() {
            row++;
            return row < rows();
        }

        /** Returns the number of the row's first step. */
        public long first() {
            return firsts.at(row);
        }

        /** Returns how many consecutive steps the row stands for, each of which has all its figures. */
        public long count() {
            return counts.at(row);
        }

        /** Returns which start of the run these steps belong to, from 0. */
        public int attempt() {
            return (int) (kind() >>> Byte.SIZE);
        }

        /** Returns what the compute was for. */
        public Stage stage() {
            return Stage.values()[(int) (kind() & 0xFF)];
        }

        private long kind() {
            return kinds.at(row);
        }

        /** Returns whether the log tells a figure. */
        public boolean has(StepField field) {
            LongColumn column = fields.get(field);
            return column != null && column.at(row) != LongColumn.ABSENT;
        }

        /**
         * Returns a figure of each step of the row.
         *
         * @throws NoSuchElementException if the log does not tell it
         */
        public long value(StepField field) {
            LongColumn column = fields.get(field);
            long value = column == null ? LongColumn.ABSENT : column.at(row);
            if (value == LongColumn.ABSENT) {
                throw new NoSuchElementException("step " + first() + " has no " + field);
            }
            return value;
        }

        /** Returns the tokens of each sequence where all have the same, padding included; -1 if they differ or are not known. */
        public long sequenceLength() {
            return lengths.at(row);
        }

        /** Returns what the framework says that each step cost, or null. */
        public @Nullable FlopCount reportedFlop() {
            long high = flopHigh.at(row);
            return high == LongColumn.ABSENT ? null : FlopCount.ofBits(high, flopLow.at(row));
        }

        private boolean saysTheSameAs(Cursor other) {
            for (StepField field : StepField.values()) {
                boolean same = has(field) ? other.has(field) && value(field) == other.value(field) : !other.has(field);
                if (!same) {
                    return false;
                }
            }
            return kind() == other.kind()
                    && sequenceLength() == other.sequenceLength()
                    && Objects.equals(reportedFlop(), other.reportedFlop());
        }
    }
}
