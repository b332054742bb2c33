package org.flopledger.cli;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopCount;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that put lines in force in a ledger: rules, profiles and amounts that were typed in. */
final class Lines {

    @Option(
            names = "--threshold",
            paramLabel = "N",
            description = "Say which runs, with what their starting checkpoint is known to have cost, are above N FLOP,"
                    + " and at which step. For example 1e21 or 3_000_000. May be repeated.")
    private List<String> thresholds = List.of();

    @Option(
            names = {"--rule", "--profile"},
            paramLabel = "ID",
            description = "Hold every run against a rule or a profile of rules, for example seed-proposal-2026. May be"
                    + " repeated.")
    private List<String> rules = List.of();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    private final List<ReviewProfile> profiles = new ArrayList<>();

    /**
     * Puts the lines in force.
     *
     * @throws CommandLine.ParameterException if one makes no sense
     */
    void putInForce(LedgerBuilder builder) {
        try {
            for (String text : thresholds) {
                putInForce(builder, TypedLine.above(FlopCount.parse(text)));
            }
            for (String id : rules) {
                putInForce(builder, ReviewProfiles.named(id));
            }
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void putInForce(LedgerBuilder builder, ReviewProfile profile) {
        builder.profile(profile);
        profiles.add(profile);
    }

    /** Returns whether a line in force cannot be decided for a run with what a ledger knows of it. */
    boolean areOpen(ComputeLedger ledger, String run) {
        return profiles.stream()
                .flatMap(profile -> ledger.assess(run, profile).stream())
                .filter(assessment -> assessment.comparison() != null)
                .anyMatch(assessment ->
                        assessment.verdict() == Verdict.UNDETERMINED || assessment.verdict() == Verdict.IN_MARGIN);
    }

    /** Returns the names of the lines in force, as a report lists them. */
    List<String> ids() {
        return profiles.stream().map(ReviewProfile::id).toList();
    }
}
