package org.flopledger.cli.ledger;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.LedgerException;
import org.flopledger.account.RunAccount;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.options.WrittenLedger;
import org.flopledger.cli.output.LedgerOutput;
import org.flopledger.cli.output.RowChoice;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.spool.LineTotals;
import org.flopledger.spool.SpoolFollower;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code follow}: reads the steps that trainers append to the files of a folder, while they train. */
@Command(
        name = "follow",
        description = {
            "Takes the steps that live trainers append to the files of a folder into a ledger, each step once.",
            "",
            "Trainers write them with flopledger_spool.py. Either side may be killed and started again at any time. It runs"
                    + " until it is stopped (Ctrl-C, SIGTERM).",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger follow spool/ --ledger ledger/ --threshold 1e24",
            "  flopledger follow spool/ --ledger ledger/ --once",
            "",
            "When it ends: 0 if fine, 1 if the ledger or the folder failed or lines were refused, lost or contradict each other,",
            "3 if a threshold was crossed by a run that it read, 4 if too little is known to say that none was."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class FollowCommand implements Callable<Integer> {

    private static final int LONGEST_WAIT_MILLIS = 60_000;

    @Parameters(paramLabel = "DIR", description = "The folder that trainers write to; it need not be there yet.")
    private Path folder = Path.of("");

    @Mixin
    private WrittenLedger ledger = new WrittenLedger();

    @Option(names = "--once", description = "Read what is there now, and end.")
    private boolean isOnce;

    @Option(
            names = "--every",
            paramLabel = "MILLIS",
            defaultValue = "200",
            description = "How long to wait when nothing is new; ${DEFAULT-VALUE} without this option.")
    private int everyMillis;

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Mixin
    private RowChoice rows = new RowChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (everyMillis < 1 || everyMillis > LONGEST_WAIT_MILLIS) {
            throw new CommandFailure("--every is " + everyMillis + ", must be from 1 to " + LONGEST_WAIT_MILLIS);
        }
        if (isOnce && !Files.isDirectory(folder)) {
            throw new CommandFailure("there is no such folder; the ledger was not touched");
        }
        rows.refuseWith(output.isJson());
        PrintWriter err = spec.commandLine().getErr();
        LedgerBuilder builder = ledger.builder().onFinding(found -> err.println(found.summary()));
        try (StopSignal stop = StopSignal.install();
                ComputeLedger open = ledger.start(builder);
                SpoolFollower follower = new SpoolFollower(folder, open)) {
            follow(follower, stop);
            open.awaitListeners();
            return print(open, follower);
        } catch (LedgerException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            throw new CommandFailure("the folder cannot be read: " + e.getMessage(), e);
        }
    }

    private void follow(SpoolFollower follower, StopSignal stop) throws InterruptedException {
        boolean isFirst = true;
        while (isFirst || !isOnce) {
            isFirst = false;
            if (!follower.poll() && !isOnce && stop.await(everyMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
            if (stop.isGiven()) {
                return;
            }
        }
    }

    private int print(ComputeLedger open, SpoolFollower follower) {
        PrintWriter out = spec.commandLine().getOut();
        LineTotals totals = follower.totals();
        Set<String> runs = new TreeSet<>(open.runs());
        List<RunAccount> accounts = runs.stream().map(open::totals).toList();
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                write(json, totals, follower, accounts);
            }
        } else {
            LedgerOutput.table(out, NumberedRun.ofLedger(open, accounts), rows);
            out.println(totals.lines() + " lines: " + totals.accepted() + " steps new, " + totals.duplicates()
                    + " already there, " + totals.conflicts() + " contradicting, "
                    + sum(totals.rejected().values())
                    + " rejected; " + sum(totals.refused().values()) + " lines refused, " + totals.lost()
                    + " lost by their writers");
        }
        complain(totals, follower);
        if (!totals.isWhole() || !follower.unread().isEmpty()) {
            return ExitStatus.FAILURE.code();
        }
        if (open.findings().stream()
                .anyMatch(found -> Verdicts.isCrossing(found.finding().kind()))) {
            return ExitStatus.CROSSED.code();
        }
        boolean isOpen =
                runs.stream().anyMatch(run -> Verdicts.areOpen(ledger.lines().assessments(open, run)));
        return (isOpen ? ExitStatus.UNDETERMINED : ExitStatus.FINE).code();
    }

    private void complain(LineTotals totals, SpoolFollower follower) {
        PrintWriter err = spec.commandLine().getErr();
        if (totals.firstRefusal() != null) {
            err.println("flopledger: the first line that was refused: " + totals.firstRefusal());
        }
        totals.rejected().forEach((code, count) -> err.println("flopledger: rejected " + count + " of " + code));
        follower.unread().forEach(name -> err.println("flopledger: not read, since it is no plain file: " + name));
        if (follower.unended() > 0) {
            err.println("flopledger: not read, since their line has no end yet: " + follower.unended() + " bytes");
        }
    }

    private static void write(
            CanonicalJson json, LineTotals totals, SpoolFollower follower, List<RunAccount> accounts) {
        json.beginObject()
                .text("schema", "flopledger.follow/1")
                .exact("lines", totals.lines())
                .exact("accepted", totals.accepted())
                .exact("duplicates", totals.duplicates())
                .exact("conflicts", totals.conflicts())
                .exact("rejected", sum(totals.rejected().values()))
                .exact("refused", sum(totals.refused().values()))
                .exact("lost", totals.lost())
                .exact("unendedBytes", follower.unended());
        LedgerOutput.runs(json, accounts);
        json.endObject();
    }

    private static long sum(Iterable<Long> counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
