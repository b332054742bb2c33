package org.flopledger;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.report.Statement;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewProfile;
import org.flopledger.units.CountingMethod;
import org.jspecify.annotations.Nullable;

/** Puts what a ledger holds of a run into the form in which people and rules read it. */
final class RunReview {

    private static final String FORMULAS = "exact-causal/1";

    private RunReview() {}

    /** Returns what rules may know of a run. */
    static Facts facts(RunAccount account, @Nullable RunSpec spec) {
        return RunFacts.of(
                spec == null ? Facts.none() : spec.known(),
                account,
                Screening.lastStep(account),
                Screening.lastSeen(account));
    }

    /** Returns a statement of a run. */
    static Statement statement(
            RunAccount account, @Nullable RunSpec spec, ReviewProfile profile, List<RunFinding> findings) {
        String model = spec == null ? null : spec.model();
        Statement.Subject subject = new Statement.Subject(
                model == null ? account.run() : model,
                latest(account, CellTotals::totalParameters),
                latest(account, CellTotals::activeParameters));
        List<Finding> own = findings.stream()
                .filter(finding -> finding.run().equals(account.run()))
                .map(RunFinding::finding)
                .toList();
        return Statement.about(subject, facts(account, spec), provenance(account))
                .conduct(conduct(account))
                .profile(profile)
                .findings(own)
                .build();
    }

    /** Names the method that most observations came by, and in the convention the share of each where there are several. */
    private static Statement.Provenance provenance(RunAccount account) {
        String version = ComputeLedger.class.getPackage().getImplementationVersion();
        Map<CountingMethod, ComputeFigure.Part> parts = account.total().parts();
        CountingMethod most = parts.entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().covered()))
                .map(Map.Entry::getKey)
                .orElse(CountingMethod.REPORTED);
        String shares = parts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().bounds().best() + " FLOP of "
                        + entry.getValue().covered() + " observations")
                .collect(Collectors.joining(", "));
        return new Statement.Provenance(
                version == null ? "unversioned" : version,
                FORMULAS,
                null,
                most,
                parts.size() < 2 ? "exact" : "exact, composed: " + shares);
    }

    private static Statement.Conduct conduct(RunAccount account) {
        Instant begin = Screening.firstSeen(account);
        Instant end = Screening.lastSeen(account);
        boolean isInOrder = begin == null || end == null || !end.isBefore(begin);
        return new Statement.Conduct(
                account.attempts(),
                null,
                isInOrder ? begin : null,
                isInOrder ? end : null,
                sum(
                        account,
                        CellTotals.Known.DEVICE_SECONDS,
                        cell -> cell.deviceSeconds().doubleValue()),
                sum(
                        account,
                        CellTotals.Known.ENERGY,
                        cell -> cell.energyJoules().doubleValue()));
    }

    private static @Nullable Double sum(RunAccount account, CellTotals.Known what, Function<CellTotals, Double> value) {
        return account.totals().known(what) == 0
                ? null
                : account.totals().cells().stream().mapToDouble(value::apply).sum();
    }

    private static @Nullable Long latest(
            RunAccount account, Function<CellTotals, Optional<CellTotals.ParameterRange>> parameters) {
        return account.totals().cells().stream()
                .map(cell -> parameters.apply(cell).orElse(null))
                .filter(Objects::nonNull)
                .map(CellTotals.ParameterRange::latest)
                .max(Long::compare)
                .orElse(null);
    }
}
