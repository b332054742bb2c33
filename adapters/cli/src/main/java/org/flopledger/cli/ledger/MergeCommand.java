package org.flopledger.cli.ledger;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerAudit;
import org.flopledger.LedgerBuilder;
import org.flopledger.LedgerException;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.logs.LogTellings;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code merge}: takes ledgers on disk into another. */
@Command(
        name = "merge",
        description = {
            "Takes the runs and steps of ledgers into another ledger, each step once.",
            "",
            "Where ledgers took in the log of one run at different moments, the one with most of the log counts.",
            "The rules that are in force in any of them are in force in the result, which finds what there is to find"
                    + " anew. The ledgers read are not changed.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class MergeCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "OUT", description = "The ledger to write; made if it is not there.")
    private Path target = Path.of("");

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IN", description = "Ledgers to read.")
    private List<Path> sources = List.of();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        Set<String> profiles = new LinkedHashSet<>();
        List<LedgerAudit> audits = new ArrayList<>();
        // All of them are read before anything is written: one that is damaged or has lost records changes nothing.
        for (Path source : sources) {
            LedgerAudit audit = LedgerChoice.audit(source);
            if (audit.beginsWithSnapshot()) {
                throw new CommandFailure("the ledger " + source + " was compacted: observations before record "
                        + audit.journal().firstSequence() + " are there as a snapshot only and cannot be merged;"
                        + " nothing was written");
            }
            if (!audit.faults().isEmpty()) {
                throw new CommandFailure(
                        "the ledger " + source + " is damaged or has an unfinished end, and was not merged: "
                                + String.join("; ", audit.faults())
                                + "; nothing was written. An unfinished end is cut off when the ledger is opened for writing");
            }
            profiles.addAll(audit.profiles());
            audits.add(audit);
        }
        LedgerBuilder builder = ComputeLedger.open(target);
        profiles.forEach(id -> builder.profile(profile(id)));
        Map<Path, LedgerAudit.Copied> copied = new LinkedHashMap<>();
        List<String> contradictions;
        try (ComputeLedger ledger = builder.start()) {
            var tellings = LogTellings.of(held(), audits);
            contradictions = tellings.contradictions();
            tellings.makeRoom(ledger);
            for (int i = 0; i < sources.size(); i++) {
                int source = i;
                copied.put(
                        sources.get(i),
                        LedgerAudit.copy(sources.get(i), ledger, run -> tellings.isBelieved(source, run)));
            }
        } catch (LedgerException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        print(copied);
        return status(copied, contradictions).code();
    }

    /** Returns what the ledger to write holds already, or null if it has no record yet. */
    private @Nullable LedgerAudit held() {
        try {
            return LedgerAudit.of(target);
        } catch (LedgerException e) {
            if (e.code() == LedgerException.Code.NOT_A_LEDGER) {
                return null;
            }
            throw e;
        }
    }

    private ExitStatus status(Map<Path, LedgerAudit.Copied> copied, List<String> contradictions) {
        PrintWriter err = spec.commandLine().getErr();
        contradictions.forEach(contradiction -> err.println("flopledger: " + contradiction));
        copied.forEach((path, count) -> {
            if (count.conflicts() > 0) {
                err.println("flopledger: " + path + ": " + count.conflicts()
                        + " observations contradict what was there, which stays");
            }
        });
        boolean contradict = copied.values().stream().anyMatch(count -> count.conflicts() > 0);
        return contradict || !contradictions.isEmpty() ? ExitStatus.FAILURE : ExitStatus.FINE;
    }

    private static ReviewProfile profile(String id) {
        try {
            return ReviewProfiles.named(id);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("a ledger names a profile that this version does not have: " + e.getMessage(), e);
        }
    }

    private void print(Map<Path, LedgerAudit.Copied> copied) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                json.beginObject().text("schema", "flopledger.merge/1").beginArray("ledgers");
                copied.forEach((path, count) -> json.beginObject()
                        .text("ledger", path.toString())
                        .exact("rows", count.rows())
                        .exact("accepted", count.accepted())
                        .exact("duplicates", count.duplicates())
                        .exact("conflicts", count.conflicts())
                        .endObject());
                json.endArray().endObject();
            }
            return;
        }
        var grid = new TextGrid("ledger", "observations", "new", "already there", "contradicting");
        copied.forEach((path, count) -> grid.row(
                path.toString(),
                Long.toString(count.rows()),
                Long.toString(count.accepted()),
                Long.toString(count.duplicates()),
                Long.toString(count.conflicts())));
        grid.print(out);
    }
}
