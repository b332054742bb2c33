package org.flopledger.cli.ledger;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.LedgerException;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.options.WrittenLedger;
import org.flopledger.collector.Collector;
import org.flopledger.estimation.Accelerator;
import org.flopledger.estimation.AcceleratorTable;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.units.NumericFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code serve}: takes steps from many trainers over HTTP, and shows what runs have cost. */
@Command(
        name = "serve",
        description = {
            "Takes the steps of many trainers over HTTP into a ledger, each step once, and shows a page of what runs have cost.",
            "",
            "POST /v1/steps takes step lines or an Arrow stream, and answers when the steps are on the disk. /metrics,"
                    + " /health and /ready say how it stands. It runs until it is stopped (Ctrl-C, SIGTERM).",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger serve --ledger ledger/ --threshold 1e24",
            "  flopledger serve --ledger ledger/ --host 0.0.0.0 --token-file secret.txt",
            "",
            "Ends with 0 when it was stopped, 1 if it could not listen or the ledger failed.",
            "It does not encrypt: beyond a trusted network put a proxy with TLS before it."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ServeCommand implements Callable<Integer> {

    private static final int LONGEST_TOKEN_FILE = 4_096;

    @Mixin
    private WrittenLedger ledger = new WrittenLedger();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Where to listen; ${DEFAULT-VALUE} without this option. Any but this machine's own needs a token.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "4319",
            description = "The port; ${DEFAULT-VALUE} without this option, any free one with 0.")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file whose first line is the token to ask for, at least 16 characters.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "The device that trains, such as H100_SXM: runs whose steps tell device-seconds have an MFU.")
    private @Nullable String device;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        LedgerBuilder builder =
                ledger.builder().lenient(LenientArrow.types()).onFinding(found -> err.println(found.summary()));
        String token = token();
        Double peak = peak();
        try (StopSignal stop = StopSignal.install();
                ComputeLedger open = ledger.start(builder)) {
            Collector.Builder door = Collector.of(open).host(host).port(port);
            if (token != null) {
                door.token(token);
            }
            if (peak != null) {
                door.peakFlopPerSecond(peak);
            }
            try (Collector collector = door.start()) {
                err.println("flopledger: listening to http://" + host + ":" + collector.port() + "/");
                stop.await();
            }
            return ExitStatus.FINE.code();
        } catch (LedgerException | IllegalArgumentException | IllegalStateException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable String token() {
        if (tokenFile == null) {
            return null;
        }
        try {
            if (Files.size(tokenFile) > LONGEST_TOKEN_FILE) {
                throw new CommandFailure("the token file has more than " + LONGEST_TOKEN_FILE + " bytes");
            }
            return Files.readString(tokenFile, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (IOException e) {
            throw new CommandFailure("the token file cannot be read", e);
        }
    }

    private @Nullable Double peak() {
        if (device == null) {
            return null;
        }
        AcceleratorTable table = AcceleratorTable.standard();
        Accelerator found = table.find(device)
                .orElseThrow(() -> new CommandFailure(
                        table.refusal(String.valueOf(device)).orElse("no device of this name is known")));
        return found.densePeak(NumericFormat.BF16)
                .orElseThrow(() -> new CommandFailure("no 16-bit peak of this device is known"))
                .flopPerSecond();
    }
}
