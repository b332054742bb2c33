package org.flopledger.cli.options;

import java.nio.file.Path;
import org.flopledger.LedgerAudit;
import org.flopledger.LedgerException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names the ledger that a command reads, the same way in each: {@code DIR}, or {@code --ledger DIR} as for {@code ingest}. */
public final class LedgerChoice {

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "The ledger; --ledger DIR says the same.")
    private @Nullable Path positional;

    @Option(names = "--ledger", paramLabel = "DIR", description = "The ledger; DIR alone says the same.")
    private @Nullable Path option;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /**
     * Returns what the ledger holds, read from disk.
     *
     * @param earlierHead a head hash to look for on the way; null for none
     */
    public LedgerAudit audit(@Nullable String earlierHead) {
        return audit(directory(), earlierHead);
    }

    /** Returns what the ledger holds, read from disk. */
    public LedgerAudit audit() {
        return audit(directory(), null);
    }

    /** Returns what a ledger holds, read from disk. */
    public static LedgerAudit audit(Path ledger) {
        return audit(ledger, null);
    }

    private static LedgerAudit audit(Path ledger, @Nullable String earlierHead) {
        try {
            return LedgerAudit.of(ledger, earlierHead);
        } catch (LedgerException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private Path directory() {
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
