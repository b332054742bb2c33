package org.flopledger.exports;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flopledger.account.CellTotals;
import org.flopledger.account.CellTotals.Known;
import org.flopledger.account.CellTotals.ParameterRange;
import org.flopledger.account.ComputeFigure;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** What was measured of a run, summed over its parts; what was not measured is null. Immutable. */
final class Measured {

    /**
     * A sum over the observations that told a value.
     *
     * @param amount exact
     * @param known observations that told it, at least 1
     * @param observations all observations
     */
    record Sum(BigDecimal amount, long known, long observations) {

        /** Writes equal amounts equally. */
        Sum {
            amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        }

        boolean isComplete() {
            return known == observations;
        }

        private Sum plus(Sum other) {
            return new Sum(amount.add(other.amount), known + other.known, observations + other.observations);
        }
    }

    private final ExportedRun run;
    private final List<CellTotals> cells;

    Measured(ExportedRun run) {
        this.run = run;
        this.cells = run.account().totals().cells();
    }

    String name() {
        return run.account().run();
    }

    ComputeFigure total() {
        return run.account().total();
    }

    /** Returns the energy of each stage that told any, in joules. */
    Map<Stage, Sum> energyJoules() {
        Map<Stage, Sum> stages = new EnumMap<>(Stage.class);
        for (CellTotals cell : cells) {
            var part = new Sum(cell.energyJoules(), cell.known(Known.ENERGY), cell.observations());
            stages.merge(cell.stage(), part, Sum::plus);
        }
        stages.values().removeIf(sum -> sum.known() == 0);
        return stages;
    }

    @Nullable
    Sum deviceSeconds() {
        return sum(CellTotals::deviceSeconds, Known.DEVICE_SECONDS);
    }

    @Nullable
    Sum joules() {
        return sum(CellTotals::energyJoules, Known.ENERGY);
    }

    @Nullable
    Sum tokens() {
        return sum(cell -> new BigDecimal(cell.tokens()), Known.TOKENS);
    }

    private @Nullable Sum sum(Function<CellTotals, BigDecimal> amount, Known what) {
        Sum all = cells.stream()
                .map(cell -> new Sum(amount.apply(cell), cell.known(what), cell.observations()))
                .reduce(new Sum(BigDecimal.ZERO, 0, 0), Sum::plus);
        return all.known() == 0 ? null : all;
    }

    @Nullable
    Long totalParameters() {
        return parameters(run.beside().totalParameters(), CellTotals::totalParameters);
    }

    @Nullable
    Long activeParameters() {
        return parameters(run.beside().activeParameters(), CellTotals::activeParameters);
    }

    @Nullable
    Long trainableParameters() {
        return parameters(run.beside().trainableParameters(), CellTotals::trainableParameters);
    }

    private @Nullable Long parameters(@Nullable Long beside, Function<CellTotals, Optional<ParameterRange>> told) {
        if (beside != null) {
            return beside;
        }
        // Parts that disagree tell of more than one model; which is meant nobody said.
        List<Long> counts = cells.stream()
                .map(told)
                .flatMap(Optional::stream)
                .flatMap(range -> Stream.of(range.least(), range.greatest()))
                .distinct()
                .toList();
        return counts.size() == 1 ? counts.get(0) : null;
    }

    /** Returns the techniques by which few parameters were trained; empty if none is known. */
    Set<PeftTechnique> techniques() {
        Set<PeftTechnique> all = EnumSet.noneOf(PeftTechnique.class);
        all.addAll(run.beside().techniques());
        for (CellTotals cell : cells) {
            cell.peftEvents().forEach((event, techniques) -> {
                if (event == PeftEvent.TRAINED) {
                    all.addAll(techniques.keySet());
                }
            });
        }
        return all;
    }

    @Nullable
    Instant startedAt() {
        Instant beside = run.beside().startedAt();
        return beside != null
                ? beside
                : cells.stream()
                        .map(CellTotals::firstSeen)
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder())
                        .orElse(null);
    }

    @Nullable
    Instant endedAt() {
        Instant beside = run.beside().endedAt();
        return beside != null
                ? beside
                : cells.stream()
                        .map(CellTotals::lastSeen)
                        .flatMap(Optional::stream)
                        .max(Comparator.naturalOrder())
                        .orElse(null);
    }

    /** Returns the wall-clock seconds from first to last moment, to the microsecond; null unless both are known and in order. */
    @Nullable
    BigDecimal wallClockSeconds() {
        Instant start = startedAt();
        Instant end = endedAt();
        if (start == null || end == null || !end.isAfter(start)) {
            return null;
        }
        return new BigDecimal(BigInteger.valueOf(ChronoUnit.MICROS.between(start, end)), 6);
    }

    @Nullable
    Long devices() {
        if (run.beside().devices() != null) {
            return run.beside().devices();
        }
        // What several sources saw of one step does not add up to a number of devices here: one source may see all of
        // them.
        List<Long> told = new ArrayList<>();
        cells.forEach(cell -> cell.devices().ifPresent(told::add));
        return told.stream().distinct().count() == 1 ? told.get(0) : null;
    }

    @Nullable
    String deviceModel() {
        return run.beside().deviceModel();
    }

    int attempts() {
        return run.account().attempts();
    }

    List<Ancestor> ancestors(Ancestor.Role role) {
        return run.facts().ancestors().stream()
                .filter(ancestor -> ancestor.role() == role)
                .toList();
    }

    ExportedRun run() {
        return run;
    }
}
