package org.flopledger.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.flopledger.LedgerException;
import org.flopledger.cli.analyze.AnalyzeCommand;
import org.flopledger.cli.assess.AssessCommand;
import org.flopledger.cli.attest.AttestCommand;
import org.flopledger.cli.diff.DiffCommand;
import org.flopledger.cli.estimate.EstimateCommand;
import org.flopledger.cli.export.ExportCommand;
import org.flopledger.cli.ledger.FollowCommand;
import org.flopledger.cli.ledger.IngestCommand;
import org.flopledger.cli.ledger.MergeCommand;
import org.flopledger.cli.ledger.ServeCommand;
import org.flopledger.cli.ledger.TotalsCommand;
import org.flopledger.cli.ledger.VerifyCommand;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Quantity;
import org.flopledger.cli.options.RepairStep;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.report.ReportCommand;
import org.flopledger.cli.rules.RulesCommand;
import org.flopledger.cli.text.EscapingWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The command {@code flopledger}: names its subcommands and turns failures into messages and exit codes. */
@Command(
        name = "flopledger",
        description = {
            "Counts what training a model cost, in FLOP (floating-point operations), and says which review thresholds"
                    + " it crossed.",
            "",
            "Start with:  flopledger analyze path/to/logs"
        },
        subcommands = {
            // One line a command; the order here is the order in --help.
            AnalyzeCommand.class,
            EstimateCommand.class,
            AssessCommand.class,
            RulesCommand.class,
            IngestCommand.class,
            FollowCommand.class,
            ServeCommand.class,
            TotalsCommand.class,
            VerifyCommand.class,
            MergeCommand.class,
            ReportCommand.class,
            DiffCommand.class,
            ExportCommand.class,
            AttestCommand.class,
            CompletionCommand.class,
            ManualCommand.class,
            CommandLine.HelpCommand.class,
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  fine",
            "  1  failure, or nothing usable was found",
            "  2  the arguments make no sense",
            "  3  a threshold was crossed",
            "  4  undetermined: too little is known, or a figure is too near a threshold, to say that none was crossed"
        })
final class FlopLedgerCommand implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandLine.Model.CommandSpec spec;

    /**
     * Runs one command line.
     *
     * @param out receives results; the caller flushes and closes it
     * @param err receives messages and progress
     * @return the exit code, see {@link ExitStatus}
     */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        var messages = new EscapingWriter(err);
        try {
            return commandLine(new EscapingWriter(out), messages).execute(arguments);
        } catch (OutOfMemoryError e) {
            // By now the stack is unwound and what filled the memory is garbage, so a sentence still fits.
            messages.println("flopledger: the memory is full (" + megabytes()
                    + " MB); name fewer files, or start java with" + " a larger -Xmx");
            return ExitStatus.FAILURE.code();
        }
    }

    private static long megabytes() {
        return Runtime.getRuntime().maxMemory() >> 20;
    }

    /** Returns the whole command; also for what is written about it. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        var command = new CommandLine(new FlopLedgerCommand());
        Quantity.register(command);
        return command.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setParameterExceptionHandler(UsageMessage::print)
                .setExecutionExceptionHandler(FlopLedgerCommand::failed);
    }

    /** Runs when no command is named: that is not an error of the user's, but nothing was asked for either. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Name a command, for example: flopledger analyze path/to/logs");
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof CommandFailure || failure instanceof LedgerException) {
            err.println("flopledger: " + failure.getMessage());
            String step = RepairStep.of(failure);
            if (step != null) {
                err.println(step);
            }
        } else {
            // A fault of ours: keep its trace, it is what a report needs.
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(err::println);
        }
        return ExitStatus.FAILURE.code();
    }
}
