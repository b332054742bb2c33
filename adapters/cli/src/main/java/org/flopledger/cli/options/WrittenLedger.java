package org.flopledger.cli.options;

import java.nio.file.Path;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Names the ledger that a command writes and the lines in force in it, and opens it, the same way in each command. */
public final class WrittenLedger {

    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            required = true,
            description = "The ledger; made if it is not there.")
    private Path directory = Path.of("");

    @Mixin
    private Lines lines = new Lines();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** Returns the lines that are in force. */
    public Lines lines() {
        return lines;
    }

    /** Returns a builder of the ledger with its lines in force; nothing is opened yet, and wrong arguments are refused. */
    public LedgerBuilder builder() {
        LedgerBuilder builder = ComputeLedger.open(directory);
        lines.putInForce(builder);
        return builder;
    }

    /** Opens the ledger, and says on the error stream what of an unfinished end was cut off. */
    public ComputeLedger start(LedgerBuilder builder) {
        ComputeLedger open = builder.start();
        open.cut()
                .ifPresent(cut -> spec.commandLine()
                        .getErr()
                        .println("flopledger: cut off before the first step was taken in: " + cut));
        return open;
    }
}
