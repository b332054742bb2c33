package org.flopledger.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Nearest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with the arguments, what may have been meant, and where help is. */
final class UsageMessage {

    private UsageMessage() {}

    /** Prints the line and returns the exit code. */
    static int print(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName(" ");
        String chosen = choice(failure);
        String[] lines = (chosen == null ? String.valueOf(failure.getMessage()) : chosen).split("\\R", -1);
        String message = lines[0].strip();
        String end = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        command.getErr().println(name + ": " + end + question(failure) + "  [" + helpOf(name) + "]");
        command.getErr().flush();
        return ExitStatus.USAGE.code();
    }

    /** Returns what is wrong with a word that is none of an option's words, or null where something else is wrong. */
    private static @Nullable String choice(ParameterException failure) {
        String typed = failure.getValue();
        if (typed == null
                || !(failure.getArgSpec() instanceof OptionSpec option)
                || !option.type().isEnum()) {
            return null;
        }
        List<String> words = Stream.of(option.type().getEnumConstants())
                .map(Object::toString)
                .toList();
        return option.longestName() + " is '" + typed + "', must be one of " + String.join(", ", words)
                + Nearest.question(typed, words);
    }

    private static String helpOf(String name) {
        int space = name.indexOf(' ');
        return space < 0 ? name + " help" : name.substring(0, space) + " help" + name.substring(space);
    }

    private static String question(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String typed = unmatched.getUnmatched().get(0);
        CommandLine command = failure.getCommandLine();
        List<String> known = new ArrayList<>();
        if (typed.startsWith("-")) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                known.addAll(List.of(option.names()));
            }
            int value = typed.indexOf('=');
            return Nearest.question(value < 0 ? typed : typed.substring(0, value), known);
        }
        known.addAll(command.getSubcommands().keySet());
        return Nearest.question(typed, known);
    }
}
