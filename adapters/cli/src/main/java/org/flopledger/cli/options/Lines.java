package org.flopledger.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.review.Assessment;
import org.flopledger.review.ReviewProfile;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that put lines in force in a ledger: rules, profiles and amounts that were typed in. */
public final class Lines {

    @Option(
            names = "--threshold",
            paramLabel = "N",
            description = "Say which runs, with what their starting checkpoint is known to have cost, are above N FLOP,"
                    + " and at which step. For example 1e21 or 3_000_000. May be repeated.")
    private List<String> thresholds = List.of();

    @Option(
            names = "--rule",
            paramLabel = "ID",
            description = "Hold every run against a rule, for example eu-gpai-sr. May be repeated.")
    private List<String> rules = List.of();

    @Option(
            names = "--profile",
            paramLabel = "ID",
            description = "Hold every run against a profile, which is a set of rules, for example eu-gpai-all. May be"
                    + " repeated.")
    private List<String> profileIds = List.of();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    private final List<ReviewProfile> profiles = new ArrayList<>();

    /**
     * Puts the lines in force.
     *
     * @throws CommandLine.ParameterException if one makes no sense
     */
    public void putInForce(LedgerBuilder builder) {
        profiles.clear();
        try {
            for (String text : thresholds) {
                putInForce(builder, TypedLine.above(Quantity.flop(text)));
            }
            for (String id : rules) {
                putInForce(builder, RuleNames.rule(id));
            }
            for (String id : profileIds) {
                putInForce(builder, RuleNames.profile(id));
            }
        } catch (IllegalArgumentException | CommandLine.TypeConversionException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void putInForce(LedgerBuilder builder, ReviewProfile profile) {
        builder.profile(profile);
        profiles.add(profile);
    }

    /** Returns what each rule in force says of a run. */
    public List<Assessment> assessments(ComputeLedger ledger, String run) {
        return profiles.stream()
                .flatMap(profile -> ledger.assess(run, profile).stream())
                .toList();
    }

    /** Returns the profiles that were named, for what is read without being in force. */
    public List<ReviewProfile> named() {
        putInForce(ComputeLedger.inMemory());
        return List.copyOf(profiles);
    }

    /** Returns the names of the lines in force, as a report lists them. */
    public List<String> ids() {
        return profiles.stream().map(ReviewProfile::id).toList();
    }
}
