package org.flopledger.cli.rules;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.flopledger.cli.options.OutputFormat;
import org.flopledger.cli.options.RuleNames;
import org.flopledger.cli.options.Version;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code rules}: the catalogue, with citation, status and dates. */
@Command(
        name = "rules",
        description = {
            "Shows the catalogue of review rules. Nothing in it is legal advice.",
            "",
            "  flopledger rules list",
            "  flopledger rules show eu-gpai-sr"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class RulesCommand implements Runnable {

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            scope = CommandLine.ScopeType.INHERIT,
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private OutputFormat output = OutputFormat.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /** Lists, when neither list nor show is named. */
    @Override
    public void run() {
        list();
    }

    /** Prints one line a rule, and the profiles. */
    @Command(name = "list", description = "Lists every rule and profile.", mixinStandardHelpOptions = true)
    void list() {
        PrintWriter out = commandLine().getOut();
        RulesPrinter printer = new RulesPrinter(out);
        if (output == OutputFormat.JSON) {
            printer.json(ReviewProfiles.rules(), ReviewProfiles.profiles());
        } else {
            printer.list(ReviewProfiles.rules(), ReviewProfiles.profiles());
        }
    }

    /** Prints a rule, or each rule of a profile, in full. */
    @Command(name = "show", description = "Shows a rule, or each rule of a profile.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "ID", description = "The name of a rule or profile.") String id) {
        RulesPrinter printer = new RulesPrinter(commandLine().getOut());
        ReviewProfile profile = RuleNames.rule(commandLine(), id);
        if (output == OutputFormat.JSON) {
            printer.json(profile.rules(), List.of());
        } else {
            printer.show(profile.rules());
        }
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets it before it runs a command")
                .commandLine();
    }
}
