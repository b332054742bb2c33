package org.flopledger.estimation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.flopledger.model.Architecture;
import org.flopledger.units.FlopCount;

/**
 * Which conventions a reported total agrees with: the formula that wrote it.
 *
 * <p>Immutable.
 *
 * @param convention the convention
 * @param recomputed whether complete recomputation is part of the figure
 * @param figure what the convention gives
 * @param exact whether the report equals it, as an integer or as the nearest double
 * @param deviation (report - figure) / figure
 */
public record Fingerprint(
        Convention convention, boolean recomputed, FlopCount figure, boolean exact, double deviation) {

    /**
     * Returns the conventions whose figure is the reported one, or rounds or is cut to it at the digits the report has;
     * exact ones first, then by deviation. Empty if none does.
     *
     * <p>A report of few digits agrees with several conventions by chance; all are returned.
     *
     * @param reported the report, with as many digits as were printed: {@code 3.8e25} has two
     * @param architecture the model
     * @param setting how it was trained
     * @param batch every sequence that was trained on
     */
    public static List<Fingerprint> of(
            BigDecimal reported, Architecture architecture, TrainingSetting setting, Batch batch) {
        if (reported.signum() <= 0) {
            throw new IllegalArgumentException("reported FLOP is " + reported + ", must be above 0");
        }
        var estimator = FlopEstimator.of(architecture, setting.with(Recomputation.FULL_REENTRANT));
        List<Fingerprint> found = new ArrayList<>();
        for (Convention convention : Convention.values()) {
            StepEstimate estimate = estimator.estimate(batch, convention);
            add(found, reported, convention, false, estimate.model());
            if (!estimate.recomputed().isZero()) {
                add(found, reported, convention, true, estimate.executed());
            }
        }
        found.sort(Comparator.comparing(Fingerprint::exact)
                .reversed()
                .thenComparingDouble(fingerprint -> Math.abs(fingerprint.deviation)));
        return List.copyOf(found);
    }

    private static void add(
            List<Fingerprint> found, BigDecimal reported, Convention convention, boolean recomputed, FlopCount figure) {
        var value = new BigDecimal(figure.toBigInteger());
        boolean exact = reported.compareTo(value) == 0 || reported.doubleValue() == value.doubleValue();
        if (exact || roundsTo(reported, value)) {
            double deviation = reported.subtract(value)
                    .divide(value, MathContext.DECIMAL64)
                    .doubleValue();
            found.add(new Fingerprint(convention, recomputed, figure, exact, deviation));
        }
    }

    private static boolean roundsTo(BigDecimal reported, BigDecimal value) {
        return List.of(RoundingMode.HALF_UP, RoundingMode.DOWN).stream()
                .map(mode -> value.round(new MathContext(reported.precision(), mode)))
                .anyMatch(rounded -> rounded.compareTo(reported) == 0);
    }
}
