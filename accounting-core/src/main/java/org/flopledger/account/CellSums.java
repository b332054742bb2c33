package org.flopledger.account;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.map.mutable.primitive.IntLongHashMap;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ExactReal;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.PairSums;
import org.flopledger.internal.cells.PeftCounts;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;

/** The lanes of the cells of one key, copied out of a table: one part for each set of inputs that its rows had. */
final class CellSums {

    private final List<InputSums> parts = new ArrayList<>();
    private final long[] hot = new long[Lanes.HOT];
    private final long[] cold = new long[Lanes.COLD];
    private final IntLongHashMap peft = new IntLongHashMap();

    /** Copies the lanes of some cells. */
    CellSums(CellTable table, IntArrayList cells) {
        Lanes.clear(hot, 0, cold, 0);
        for (int i = 0; i < cells.size(); i++) {
            int cell = cells.get(i);
            parts.add(part(table, cell));
            Lanes.merge(hot, 0, cold, 0, table.hotLanes(), cell * Lanes.HOT, table.coldLanes(), cell * Lanes.COLD);
            IntLongHashMap events = table.peftEvents(cell);
            if (events != null) {
                events.forEachKeyValue(peft::addToValue);
            }
        }
    }

    private static InputSums part(CellTable table, int cell) {
        PairSums pairs = table.pairs(cell);
        return new InputSums(
                table.inputs(cell),
                table.hot(cell, Lanes.ROWS),
                sum(table, cell, Lanes.TOKENS),
                sum(table, cell, Lanes.PADDING),
                sum(table, cell, Lanes.SEQUENCES),
                sum(table, cell, Lanes.SQUARED),
                pairs == null ? Map.of() : Map.copyOf(pairs.byMask()),
                ExactReal.integer(
                        table.cold(cell, Lanes.REPORTED),
                        table.cold(cell, Lanes.REPORTED + 1),
                        table.cold(cell, Lanes.REPORTED + 2)),
                table.cold(cell, Lanes.REPORTED + Lanes.WIDE_ROWS));
    }

    private static BigInteger sum(CellTable table, int cell, int lane) {
        return BigInteger.valueOf(table.cold(cell, lane)).shiftLeft(63).add(BigInteger.valueOf(table.hot(cell, lane)));
    }

    List<InputSums> parts() {
        return Collections.unmodifiableList(parts);
    }

    BigInteger inputs(Function<InputSums, BigInteger> sum) {
        return parts.stream().map(sum).reduce(BigInteger.ZERO, BigInteger::add);
    }

    long rows() {
        return hot[Lanes.ROWS];
    }

    long firstStep() {
        return hot[Lanes.FIRST_STEP];
    }

    long lastStep() {
        return hot[Lanes.LAST_STEP];
    }

    long cold(int lane) {
        return cold[lane];
    }

    BigInteger wide(int lane) {
        return ExactReal.integer(cold[lane], cold[lane + 1], cold[lane + 2]);
    }

    long known(CellTotals.Known what) {
        return switch (what) {
            case TOKENS -> rowsWith(Inputs.TOKENS);
            case SEQUENCES -> rowsWith(Inputs.SEQUENCES);
            case SQUARED_LENGTHS -> rowsWith(Inputs.SQUARED);
            case PADDING_TOKENS -> hot[Lanes.PADDING_ROWS];
            case REPORTED_FLOP -> cold[Lanes.REPORTED + Lanes.WIDE_ROWS];
            case DEVICE_SECONDS -> cold[Lanes.DEVICE_SECONDS + Lanes.WIDE_ROWS];
            case UTILISATION -> cold[Lanes.UTILISED_SECONDS + Lanes.WIDE_ROWS];
            case ENERGY -> cold[Lanes.JOULES + Lanes.WIDE_ROWS];
            case MOE -> cold[Lanes.MOE_KNOWN];
            case GENERATED_TOKENS -> cold[Lanes.GENERATED_TOKENS + Lanes.WIDE_ROWS];
        };
    }

    private long rowsWith(int input) {
        return parts.stream()
                .filter(part -> (part.inputs() & input) != 0)
                .mapToLong(InputSums::rows)
                .sum();
    }

    /** Returns a least or greatest lane, unless nothing was seen. */
    OptionalLong extreme(int lane) {
        long value = cold[lane];
        return value == Long.MAX_VALUE || value == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(value);
    }

    Optional<CellTotals.ParameterRange> parameters(int lane) {
        return cold[lane + Lanes.PARAMETER_ROWS] == 0
                ? Optional.empty()
                : Optional.of(new CellTotals.ParameterRange(
                        cold[lane], cold[lane + Lanes.PARAMETER_MOST], cold[lane + Lanes.PARAMETER_LATEST]));
    }

    Map<PeftEvent, Map<PeftTechnique, Long>> peftEvents() {
        Map<PeftEvent, Map<PeftTechnique, Long>> counts = new EnumMap<>(PeftEvent.class);
        peft.forEachKeyValue((key, count) -> {
            int code = PeftCounts.technique(key);
            PeftTechnique technique = code == PeftCounts.UNNAMED ? PeftTechnique.OTHER : PeftTechnique.values()[code];
            counts.computeIfAbsent(
                            PeftEvent.values()[PeftCounts.event(key)], absent -> new EnumMap<>(PeftTechnique.class))
                    .merge(technique, count, Long::sum);
        });
        return Collections.unmodifiableMap(counts);
    }
}
