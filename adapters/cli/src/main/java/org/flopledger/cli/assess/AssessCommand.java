package org.flopledger.cli.assess;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.RuleNames;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.options.Version;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.review.ReviewRule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code assess}: what rules say of figures that are typed in. */
@Command(
        name = "assess",
        description = {
            "Says what review rules make of figures you type in.",
            "",
            "A figure is an estimate with the rule's tolerance around it, unless --exact:",
            "  flopledger assess --rule eu-gpai-sr --flop 8e24",
            "  flopledger assess --profile eu-gpai-all --flop 3.1e24 --base-flop 9e24 --other-actor yes --modality text"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class AssessCommand implements Callable<Integer> {

    private static final String DEFAULT_PROFILE = "live";

    @Option(names = "--rule", paramLabel = "ID", description = "A rule of the catalogue; may be repeated.")
    private List<String> rules = List.of();

    @Option(
            names = "--profile",
            paramLabel = "ID",
            description = "A set of rules; may be repeated. Default: " + DEFAULT_PROFILE + ".")
    private List<String> profiles = List.of();

    @Option(names = "--profile-file", paramLabel = "FILE", description = "A set of rules of your own, as JSON.")
    private @Nullable Path profileFile;

    @Option(
            names = "--optional",
            paramLabel = "CHOICE",
            description = "What to do with compute that a rule lets out or is silent on: as_rule, leave_out, count."
                    + " Default: as_rule. Both other sums are shown either way.")
    private ReviewProfile.Choice optional = ReviewProfile.Choice.AS_RULE;

    @Mixin
    private AssessFacts facts = new AssessFacts();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (facts.isEmpty()) {
            throw usage("State a figure, for example --flop 8e24, or another fact; --help lists them");
        }
        try {
            List<ReviewProfile> chosen = chosen();
            Facts stated = facts.toFacts(concernsOriginal());
            List<Assessment> assessments = new ArrayList<>();
            for (ReviewProfile profile : chosen) {
                assessments.addAll(profile.assess(stated, optional));
            }
            AssessPrinter printer = new AssessPrinter(commandLine().getOut());
            if (output.isJson()) {
                printer.json(chosen, assessments);
            } else {
                printer.table(assessments);
            }
            return Verdicts.status(assessments).code();
        } catch (ArithmeticException e) {
            throw usage("figures add up to too much: " + e.getMessage());
        } catch (IllegalArgumentException | CommandLine.TypeConversionException e) {
            throw usage(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private List<ReviewProfile> chosen() {
        List<ReviewProfile> chosen = new ArrayList<>();
        rules.forEach(id -> chosen.add(RuleNames.rule(commandLine(), id)));
        profiles.forEach(id -> chosen.add(RuleNames.profile(id)));
        Path file = profileFile;
        if (file != null) {
            chosen.add(ReviewProfiles.read(file));
        }
        if (chosen.isEmpty()) {
            chosen.add(ReviewProfiles.named(DEFAULT_PROFILE));
        }
        return chosen;
    }

    /** Who names a rule about modifications says that there is an original, even without saying what it cost. */
    private boolean concernsOriginal() {
        return rules.stream()
                .flatMap(id -> RuleNames.rule(commandLine(), id).rules().stream())
                .anyMatch(ReviewRule::concernsOriginal);
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(commandLine(), message);
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets it before it runs a command")
                .commandLine();
    }
}
