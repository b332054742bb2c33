package org.flopledger.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names the ledger that a command reads, the same way in each: {@code DIR}, or {@code --ledger DIR} as for {@code ingest}. */
final class LedgerChoice {

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "The ledger; --ledger DIR says the same.")
    private @Nullable Path positional;

    @Option(names = "--ledger", paramLabel = "DIR", description = "The ledger; DIR alone says the same.")
    private @Nullable Path option;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** Returns the ledger. */
    Path directory() {
        Path only = positional == null ? option : positional;
        if (only == null) {
            throw new ParameterException(spec.commandLine(), "name a ledger: DIR or --ledger DIR");
        } else if (positional != null && option != null && !positional.equals(option)) {
            throw new ParameterException(
                    spec.commandLine(), "two ledgers are named, " + positional + " and " + option + "; name one");
        }
        return only;
    }
}
