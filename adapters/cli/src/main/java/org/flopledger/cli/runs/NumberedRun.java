package org.flopledger.cli.runs;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerAudit;
import org.flopledger.RunSpec;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.lineage.Ancestor;
import org.flopledger.logs.LoggedRun;
import org.flopledger.review.Facts;
import org.jspecify.annotations.Nullable;

/**
 * A run as a row of a table, from a log or from a ledger.
 *
 * @param number its number in the whole list, from 1
 * @param account what the ledger holds of it
 * @param facts what rules may know of it
 * @param model what was trained, as far as known
 * @param source where it was read: the end of its path that tells it from the others; null for a ledger, which keeps none
 * @param analysis the log's own account, or null for a run of a ledger
 */
public record NumberedRun(
        int number,
        RunAccount account,
        Facts facts,
        @Nullable String model,
        @Nullable SourceLabel source,
        @Nullable RunAnalysis analysis) {

    /** Returns runs of logs with their numbers, in the order of their first file's path. */
    public static List<NumberedRun> ofLogs(List<RunAnalysis> analyses) {
        List<SourceLabel> labels = SourceLabel.of(analyses.stream()
                .map(analysis -> analysis.run().sources().get(0))
                .toList());
        List<NumberedRun> numbered = new ArrayList<>();
        for (int i = 0; i < analyses.size(); i++) {
            RunAnalysis analysis = analyses.get(i);
            numbered.add(new NumberedRun(
                    i + 1, analysis.account(), analysis.facts(), trained(analysis.run()), labels.get(i), analysis));
        }
        return numbered;
    }

    private static String trained(LoggedRun run) {
        String what = run.benchmark();
        if (what == null) {
            what = run.model() != null && run.model().architecture() != null
                    ? run.model().architecture().name()
                    : run.format().label();
        }
        return what;
    }

    /** Returns the runs of a ledger with their numbers, in order of arrival. */
    public static List<NumberedRun> ofLedger(LedgerAudit audit) {
        return ofAccounts(audit.runs(), run -> Objects.requireNonNullElse(audit.facts(run), Facts.none()), run -> {
            RunSpec spec = audit.specs().get(run);
            return spec == null ? null : spec.model();
        });
    }

    /** Returns runs of a ledger that is open with their numbers, in the order given. */
    public static List<NumberedRun> ofLedger(ComputeLedger ledger, List<RunAccount> accounts) {
        return ofAccounts(accounts, ledger::facts, run -> null);
    }

    private static List<NumberedRun> ofAccounts(
            List<RunAccount> accounts, Function<String, Facts> facts, Function<String, @Nullable String> model) {
        List<NumberedRun> numbered = new ArrayList<>();
        for (RunAccount account : accounts) {
            String run = account.run();
            numbered.add(new NumberedRun(numbered.size() + 1, account, facts.apply(run), model.apply(run), null, null));
        }
        return numbered;
    }

    /** Returns the figure of everything that ran, or null if nothing of it can be priced. */
    public @Nullable ComputeFigure total() {
        ComputeFigure total = account.total();
        return total.covered() == 0 ? null : total;
    }

    /** Returns the names of what its weights come from, or that it began from nothing known. */
    public String lineage() {
        String bases = facts.ancestors().stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                .map(Ancestor::model)
                .sorted()
                .collect(Collectors.joining(" + "));
        return bases.isEmpty() ? "no ancestor stated" : bases;
    }

    /** Returns what its log tells, or null for a run of a ledger. */
    public @Nullable LoggedRun log() {
        return analysis == null ? null : analysis.run();
    }

    /** Returns the tokens, or null where they are not known. */
    public @Nullable BigInteger tokens() {
        LoggedRun run = log();
        if (run != null) {
            Long tokens = run.progress().tokens();
            return tokens == null ? null : BigInteger.valueOf(tokens);
        }
        boolean isKnown = account.totals().known(CellTotals.Known.TOKENS) > 0;
        return isKnown ? account.totals().tokens() : null;
    }

    /** Returns the run that a person named: by its number, its identity or a beginning of it, or the end of its path. */
    public static @Nullable NumberedRun named(String name, List<NumberedRun> runs) {
        String digits = name.startsWith("#") ? name.substring(1) : name;
        List<NumberedRun> fitting = runs.stream()
                .filter(run -> Integer.toString(run.number()).equals(digits)
                        || run.account().run().equals(name))
                .toList();
        if (fitting.isEmpty()) {
            fitting = runs.stream()
                    .filter(run -> run.account().run().startsWith(name) || isAt(run, name))
                    .toList();
        }
        return fitting.size() == 1 ? fitting.get(0) : null;
    }

    private static boolean isAt(NumberedRun run, String name) {
        LoggedRun log = run.log();
        return log != null && log.sources().stream().anyMatch(path -> path.endsWith(Path.of(name)));
    }
}
