package org.flopledger.cli.output;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.cli.runs.SourceLabel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.PeakShare;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** The columns of tables of runs: what is shown of each, and by what they are sorted, chosen and exported. Stateless. */
public final class RunColumns {

    private static final int SHOWN_DIGITS = 4;
    private static final String UNKNOWN = "?";

    private RunColumns() {}

    /** Returns the columns of runs from logs; who submitted and on which system, only if a path of a run says so. */
    public static List<RowField<NumberedRun>> ofLogs(boolean withSubmitter) {
        List<RowField<NumberedRun>> fields = new ArrayList<>(List.of(
                RowField.number("number", "#", NumberedRun::number),
                RowField.text("model", "trained", NumberedRun::model),
                RowField.text(
                        "status",
                        "status",
                        row -> fromLog(
                                row,
                                run -> run.status() == null
                                        ? null
                                        : run.status().label())),
                RowField.number(
                        "steps",
                        "steps",
                        row -> fromLog(row, run -> run.progress().steps())),
                RowField.number("tokens", "tokens", NumberedRun::tokens, RunColumns::shownTokens),
                RowField.number(
                        "devices",
                        "devices",
                        row -> fromLog(
                                row,
                                run -> run.devices() == null
                                        ? null
                                        : run.devices().count())),
                RowField.number(
                        "millis",
                        "time",
                        row -> fromLog(row, run -> run.timing().durationMillis()),
                        RunColumns::shownTime),
                RowField.number("flop", "FLOP", RunColumns::best, RunColumns::shownBest),
                RowField.text("by", "by", RunColumns::methods),
                RowField.number("used", "used of peak", RunColumns::usedMost, RunColumns::shownUsed)));
        if (withSubmitter) {
            fields.add(RowField.text("submitter", "submitter", row -> label(row, SourceLabel::submitter)));
            fields.add(RowField.text("system", "system", row -> label(row, SourceLabel::system)));
        }
        fields.add(RowField.text("source", "source", row -> label(row, SourceLabel::shown)));
        fields.add(RowField.text("run", "run", row -> row.account().run()));
        return fields;
    }

    /** Returns the columns by which runs of logs can be sorted, chosen and exported: those shown, and exact ones besides. */
    public static List<RowField<NumberedRun>> all(List<RowField<NumberedRun>> shown) {
        List<RowField<NumberedRun>> fields = new ArrayList<>(shown);
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
            fields.add(RowField.number("usedLeast", "used of peak, least", RunColumns::usedLeast));
            fields.add(RowField.text("folder", "folder", row -> label(row, SourceLabel::folder)));
            fields.add(RowField.text("path", "path", row -> label(row, SourceLabel::path)));
        }
        return fields;
    }

    private static RowField<NumberedRun> bound(String name, Function<FlopBounds, FlopCount> part) {
        return RowField.number(name, name, row -> {
            FlopBounds bounds = bounds(row);
            return bounds == null ? null : part.apply(bounds);
        });
    }

    /** Returns the columns of runs of a ledger. */
    public static List<RowField<NumberedRun>> ofLedger() {
        return List.of(
                RowField.number("number", "#", NumberedRun::number),
                RowField.text("run", "run", row -> row.account().run()),
                RowField.number("attempts", "attempts", row -> row.account().attempts()),
                RowField.number(
                        "observations",
                        "observations",
                        row -> row.account().totals().observations()),
                RowField.number("flop", "total FLOP", RunColumns::best, RunColumns::shownBest),
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

    private static RowField<NumberedRun> part(String name, Function<RunAccount, ComputeFigure> figure) {
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

    private static @Nullable Object best(NumberedRun run) {
        ComputeFigure total = run.total();
        return total == null ? null : total.bounds().best();
    }

    private static @Nullable FlopBounds bounds(NumberedRun run) {
        ComputeFigure total = run.total();
        return total == null ? null : total.bounds();
    }

    private static String shownBest(NumberedRun run) {
        ComputeFigure total = run.total();
        return total == null ? UNKNOWN : total.bounds().best().toScientific(SHOWN_DIGITS);
    }

    private static String methods(NumberedRun run) {
        ComputeFigure total = run.total();
        return total == null ? UNKNOWN : ComputeTogether.words(total);
    }

    private static @Nullable PeakShare used(NumberedRun run) {
        RunAnalysis analysis = run.analysis();
        return analysis == null ? null : analysis.compute().peakShare();
    }

    private static @Nullable BigDecimal usedMost(NumberedRun run) {
        PeakShare used = used(run);
        return used == null ? null : used.high();
    }

    private static @Nullable BigDecimal usedLeast(NumberedRun run) {
        PeakShare used = used(run);
        return used == null ? null : used.low();
    }

    private static String shownUsed(NumberedRun run) {
        PeakShare used = used(run);
        if (used == null) {
            return UNKNOWN;
        }
        String most = percent(used.high()) + " %";
        return used.isPoint() ? most : percent(used.low()) + "-" + most;
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private static @Nullable Object fromLog(NumberedRun run, Function<LoggedRun, @Nullable Object> value) {
        LoggedRun log = run.log();
        return log == null ? null : value.apply(log);
    }

    private static String shownTime(NumberedRun run) {
        Object millis = fromLog(run, log -> log.timing().durationMillis());
        if (!(millis instanceof Long known)) {
            return UNKNOWN;
        }
        long seconds = known / 1000;
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String shownTokens(NumberedRun run) {
        BigInteger tokens = run.tokens();
        return tokens == null ? UNKNOWN : FlopCount.of(tokens).toScientific(SHOWN_DIGITS);
    }

    private static @Nullable Object label(NumberedRun run, Function<SourceLabel, @Nullable String> part) {
        SourceLabel source = run.source();
        return source == null ? null : part.apply(source);
    }
}
