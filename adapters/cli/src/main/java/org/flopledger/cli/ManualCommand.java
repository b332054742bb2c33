package org.flopledger.cli;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/** The command {@code manual}: prints the manual page, written from what the commands say of themselves. */
@Command(
        name = "manual",
        description = {"Prints the manual page.", "", "  flopledger manual > flopledger.1 && man ./flopledger.1", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ManualCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CommandLine whole = spec.root().commandLine();
        out.println(".TH FLOPLEDGER 1 \"\" \"FlopLedger " + Version.library() + "\" \"User commands\"");
        out.println(".SH NAME");
        out.println("flopledger \\- exact accounting of training compute");
        out.println(".SH SYNOPSIS");
        out.println(".B flopledger");
        out.println("COMMAND [OPTIONS]");
        section(out, "DESCRIPTION", whole.getCommandSpec().usageMessage().description());
        out.println(".SH COMMANDS");
        // A set, since an alias is the same command once more.
        Set<CommandLine> commands = new LinkedHashSet<>(whole.getSubcommands().values());
        commands.forEach(command -> describe(out, command));
        section(out, "EXIT STATUS", whole.getCommandSpec().usageMessage().footer());
        return ExitStatus.FINE.code();
    }

    private static void section(PrintWriter out, String title, String... lines) {
        out.println(".SH " + title);
        text(out, lines);
    }

    private static void text(PrintWriter out, String... lines) {
        for (String line : lines) {
            out.println(line.isBlank() ? ".PP" : roff(line.strip()));
            if (line.startsWith("  ")) {
                out.println(".br");
            }
        }
    }

    private static void describe(PrintWriter out, CommandLine command) {
        CommandSpec its = command.getCommandSpec();
        out.println(".SS " + its.name());
        text(out, its.usageMessage().description());
        for (PositionalParamSpec parameter : its.positionalParameters()) {
            item(out, parameter.paramLabel(), parameter.description());
        }
        for (OptionSpec option : its.options()) {
            String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
            item(out, String.join(", ", option.names()) + value, described(command, option));
        }
        text(out, its.usageMessage().footer());
    }

    /** The defaults and lists in a description are filled in by the same means as in --help. */
    private static String[] described(CommandLine command, OptionSpec option) {
        var help = new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF));
        Help.Ansi.Text[][] cells = help.createDefaultOptionRenderer()
                .render(option, help.createDefaultParamLabelRenderer(), help.colorScheme());
        var text = new StringBuilder();
        for (Help.Ansi.Text[] row : cells) {
            text.append(text.length() == 0 ? "" : " ").append(row[row.length - 1]);
        }
        return new String[] {text.toString()};
    }

    private static void item(PrintWriter out, String name, String... description) {
        out.println(".TP");
        out.println(".B " + roff(name));
        text(out, description);
    }

    private static String roff(String text) {
        String safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
