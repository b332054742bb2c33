package org.flopledger.collector;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flopledger.ComputeLedger;
import org.flopledger.RunFinding;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.review.Projection;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a run. Immutable; what is not known is null or a figure without coverage.
 *
 * @param run its identity
 * @param attempts how often it was started
 * @param observations observations that count
 * @param lastStep greatest step of its newest attempt
 * @param total what it cost
 * @param discarded what of it was thrown away by restarts
 * @param stages the total by stage
 * @param lastSeen when its last step ended
 * @param flopPerSecond mean rate from its first step to its last
 * @param utilisation model FLOP by peak of the devices and their seconds (MFU)
 * @param ahead lines in force that it has not passed and will, the nearest first
 * @param findings what was found of it, in order
 */
record RunRow(
        String run,
        int attempts,
        long observations,
        long lastStep,
        ComputeFigure total,
        ComputeFigure discarded,
        Map<Stage, ComputeFigure> stages,
        @Nullable Instant lastSeen,
        @Nullable Double flopPerSecond,
        @Nullable Double utilisation,
        List<Projection.Crossing> ahead,
        List<RunFinding> findings) {

    private static final double NANOS = 1e9;

    static RunRow of(ComputeLedger ledger, String run, List<RunFinding> findings, @Nullable Double peakFlopPerSecond) {
        RunAccount account = ledger.totals(run);
        List<CellTotals> cells = account.totals().cells();
        Optional<Instant> first =
                cells.stream().flatMap(cell -> cell.firstSeen().stream()).min(Comparator.naturalOrder());
        Optional<Instant> last =
                cells.stream().flatMap(cell -> cell.lastSeen().stream()).max(Comparator.naturalOrder());
        int newest = cells.stream().mapToInt(CellTotals::attempt).max().orElse(0);
        double best = account.total().bounds().best().toDouble();
        boolean isKnown = account.total().covered() > 0;
        double seconds = first.isPresent() && last.isPresent()
                ? Duration.between(first.get(), last.get()).toNanos() / NANOS
                : 0;
        double deviceSeconds = cells.stream()
                .map(CellTotals::deviceSeconds)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
        return new RunRow(
                run,
                account.attempts(),
                account.totals().observations(),
                cells.stream()
                        .filter(cell -> cell.attempt() == newest)
                        .mapToLong(CellTotals::lastStep)
                        .max()
                        .orElse(0),
                account.total(),
                account.discarded(),
                account.totalByStage(),
                last.orElse(null),
                isKnown && seconds > 0 ? best / seconds : null,
                isKnown && deviceSeconds > 0 && peakFlopPerSecond != null
                        ? best / deviceSeconds / peakFlopPerSecond
                        : null,
                ledger.project(run, null).stream()
                        .sorted(Comparator.comparing(Projection.Crossing::threshold))
                        .toList(),
                findings);
    }
}
