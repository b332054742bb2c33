package org.flopledger.cli.options;

import picocli.CommandLine.Option;

/** The option that chooses the form of a command's result. */
public final class OutputChoice {

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.TABLE;

    /** Returns whether programs are to read the result. */
    public boolean isJson() {
        return format == OutputFormat.JSON;
    }
}
