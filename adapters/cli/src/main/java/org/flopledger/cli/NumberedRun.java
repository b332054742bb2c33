package org.flopledger.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.lineage.Ancestor;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.PeakShare;
import org.flopledger.review.Facts;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
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
record NumberedRun(
        int number,
        RunAccount account,
        Facts facts,
        @Nullable String model,
        @Nullable SourceLabel source,
        @Nullable RunAnalysis analysis) {

    private static final int SHOWN_DIGITS = 4;
    private static final String UNKNOWN = "?";

    /** Returns the figure of everything that ran, or null if nothing of it can be priced. */
    @Nullable
    ComputeFigure total() {
        ComputeFigure total = account.total();
        return total.covered() == 0 ? null : total;
    }

    /** Returns the names of what its weights come from, or that it began from nothing known. */
    String lineage() {
        String bases = facts.ancestors().stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                .map(Ancestor::model)
                .sorted()
                .collect(Collectors.joining(" + "));
        return bases.isEmpty() ? "no ancestor stated" : bases;
    }

    private @Nullable Object best() {
        ComputeFigure total = total();
        return total == null ? null : total.bounds().best();
    }

    private @Nullable FlopBounds bounds() {
        ComputeFigure total = total();
        return total == null ? null : total.bounds();
    }

    private String shownBest() {
        ComputeFigure total = total();
        return total == null ? UNKNOWN : total.bounds().best().toScientific(SHOWN_DIGITS);
    }

    private String methods() {
        ComputeFigure total = total();
        return total == null ? UNKNOWN : ComputeTogether.words(total);
    }

    private @Nullable LoggedRun log() {
        return analysis == null ? null : analysis.run();
    }

    private @Nullable PeakShare used() {
        return analysis == null ? null : analysis.compute().peakShare();
    }

    private @Nullable BigDecimal usedMost() {
        PeakShare used = used();
        return used == null ? null : used.high();
    }

    private @Nullable BigDecimal usedLeast() {
        PeakShare used = used();
        return used == null ? null : used.low();
    }

    private String shownUsed() {
        PeakShare used = used();
        if (used == null) {
            return UNKNOWN;
        }
        String most = percent(used.high()) + " %";
        return used.isPoint() ? most : percent(used.low()) + "-" + most;
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private @Nullable Object fromLog(java.util.function.Function<LoggedRun, @Nullable Object> value) {
        LoggedRun run = log();
        return run == null ? null : value.apply(run);
    }

    private String shownTime() {
        Object millis = fromLog(run -> run.timing().durationMillis());
        if (!(millis instanceof Long known)) {
            return UNKNOWN;
        }
        long seconds = known / 1000;
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private @Nullable BigInteger tokens() {
        LoggedRun run = log();
        if (run != null) {
            Long tokens = run.progress().tokens();
            return tokens == null ? null : BigInteger.valueOf(tokens);
        }
        boolean isKnown = account.totals().known(org.flopledger.account.CellTotals.Known.TOKENS) > 0;
        return isKnown ? account.totals().tokens() : null;
    }

    /** Returns the tokens, or null where they are not known. */
    @Nullable
    BigInteger tokensOrNull() {
        return tokens();
    }

    private String shownTokens() {
        BigInteger tokens = tokens();
        return tokens == null ? UNKNOWN : FlopCount.of(tokens).toScientific(SHOWN_DIGITS);
    }

    private @Nullable Object label(java.util.function.Function<SourceLabel, @Nullable String> part) {
        return source == null ? null : part.apply(source);
    }

    /** Returns the columns of runs from logs; who submitted and on which system, only if a path of a run says so. */
    static List<RowField<NumberedRun>> ofLogs(boolean withSubmitter) {
        List<RowField<NumberedRun>> fields = new java.util.ArrayList<>(List.of(
                RowField.number("number", "#", NumberedRun::number),
                RowField.text("model", "trained", NumberedRun::model),
                RowField.text(
                        "status",
                        "status",
                        row -> row.fromLog(run ->
                                run.status() == null ? null : run.status().label())),
                RowField.number(
                        "steps",
                        "steps",
                        row -> row.fromLog(run -> run.progress().steps())),
                RowField.number("tokens", "tokens", NumberedRun::tokens, NumberedRun::shownTokens),
                RowField.number(
                        "devices",
                        "devices",
                        row -> row.fromLog(run ->
                                run.devices() == null ? null : run.devices().count())),
                RowField.number(
                        "millis",
                        "time",
                        row -> row.fromLog(run -> run.timing().durationMillis()),
                        NumberedRun::shownTime),
                RowField.number("flop", "FLOP", NumberedRun::best, NumberedRun::shownBest),
                RowField.text("by", "by", NumberedRun::methods),
                RowField.number("used", "used of peak", NumberedRun::usedMost, NumberedRun::shownUsed)));
        if (withSubmitter) {
            fields.add(RowField.text("submitter", "submitter", row -> row.label(SourceLabel::submitter)));
            fields.add(RowField.text("system", "system", row -> row.label(SourceLabel::system)));
        }
        fields.add(RowField.text("source", "source", row -> row.label(SourceLabel::shown)));
        fields.add(RowField.text("run", "run", row -> row.account().run()));
        return fields;
    }

    /** Returns the columns by which runs of logs can be sorted, chosen and exported: those shown, and exact ones besides. */
    static List<RowField<NumberedRun>> all(List<RowField<NumberedRun>> shown) {
        List<RowField<NumberedRun>> fields = new java.util.ArrayList<>(shown);
        fields.add(bound("low", FlopBounds::low));
        fields.add(bound("high", FlopBounds::high));
        fields.add(RowField.text(
                "stage",
                "stage",
                row -> row.account().totalByStage().keySet().stream()
                        .map(Enum::name)
                        .collect(Collectors.joining("+"))));
        fields.add(RowField.text("lineage", "lineage", NumberedRun::lineage));
        if (shown.stream().anyMatch(field -> field.name().equals("source"))) {
            fields.add(RowField.number("usedLeast", "used of peak, least", NumberedRun::usedLeast));
            fields.add(RowField.text("folder", "folder", row -> row.label(SourceLabel::folder)));
            fields.add(RowField.text("path", "path", row -> row.label(SourceLabel::path)));
        }
        return fields;
    }

    private static RowField<NumberedRun> bound(String name, java.util.function.Function<FlopBounds, FlopCount> part) {
        return RowField.number(name, name, row -> {
            FlopBounds bounds = row.bounds();
            return bounds == null ? null : part.apply(bounds);
        });
    }

    /** Returns the columns of runs of a ledger. */
    static List<RowField<NumberedRun>> ofLedger() {
        return List.of(
                RowField.number("number", "#", NumberedRun::number),
                RowField.text("run", "run", row -> row.account().run()),
                RowField.number("attempts", "attempts", row -> row.account().attempts()),
                RowField.number(
                        "observations",
                        "observations",
                        row -> row.account().totals().observations()),
                RowField.number("flop", "total FLOP", NumberedRun::best, NumberedRun::shownBest),
                part("retained", RunAccount::retained),
                part("discarded", RunAccount::discarded),
                RowField.text(
                        "by",
                        "method",
                        row -> row.total() == null
                                ? null
                                : LedgerOutput.method(row.account().total())),
                RowField.number(
                        "coverage",
                        "coverage",
                        row -> LedgerOutput.coverage(row.account().total())));
    }

    private static RowField<NumberedRun> part(
            String name, java.util.function.Function<RunAccount, ComputeFigure> figure) {
        return RowField.number(
                name,
                name,
                row -> row.total() == null
                        ? null
                        : figure.apply(row.account()).bounds().best(),
                row -> row.total() == null
                        ? UNKNOWN
                        : figure.apply(row.account()).bounds().best().toScientific(SHOWN_DIGITS));
    }

    /** Returns the run that a person named: by its number, its identity or a beginning of it, or the end of its path. */
    static @Nullable NumberedRun named(String name, List<NumberedRun> runs) {
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
