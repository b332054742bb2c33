package org.flopledger.cli.diff;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.flopledger.cli.diff.DiffSide.Row;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.cli.text.ShownText;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code diff}: what changed between two sets of runs, as Markdown for a pull request. */
@Command(
        name = "diff",
        description = {
            "Says which runs changed between A and B, as Markdown. What is the same is counted, not listed.",
            "",
            "Each side is a folder of logs, a ledger, or a file that report, analyze or totals wrote as JSON. Runs are paired by"
                    + " their identity, else by where they were read.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger diff old-logs/ new-logs/",
            "  flopledger report logs/ --format json --file main.json",
            "  flopledger diff main.json logs/ --fail-on-increase >> \"$GITHUB_STEP_SUMMARY\"",
            "",
            "Ends with 0, or with 1 under --fail-on-increase where a run costs more, is new, lost its figure, or got a graver",
            "verdict."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class DiffCommand implements Callable<Integer> {

    private static final int SHOWN_DIGITS = 4;

    @Parameters(index = "0", paramLabel = "A", description = "What was: logs, a ledger or JSON.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "What is.")
    private Path after = Path.of("");

    @Option(names = "--fail-on-increase", description = "End with 1 where something costs more than it did.")
    private boolean failOnIncrease;

    @Mixin
    private Lines lines = new Lines();

    @Option(names = "--json", description = "Print JSON instead of Markdown.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** A run on both sides; null on the side where it is not. */
    private record Pair(
            String run, @Nullable Row a, @Nullable Row b) {

        boolean isSame() {
            return a != null
                    && b != null
                    && Objects.equals(a.low(), b.low())
                    && Objects.equals(a.best(), b.best())
                    && Objects.equals(a.high(), b.high())
                    && a.verdicts().equals(b.verdicts());
        }

        boolean isIncrease() {
            if (b == null) {
                return false;
            } else if (a == null) {
                return true;
            }
            boolean isLost = a.best() != null && b.best() == null;
            return isLost || isMore(a.best(), b.best()) || isMore(a.high(), b.high()) || isGraver(a, b);
        }

        private static boolean isMore(@Nullable BigInteger a, @Nullable BigInteger b) {
            return b != null && (a == null || b.compareTo(a) > 0);
        }

        private static boolean isGraver(Row a, Row b) {
            return b.verdicts().entrySet().stream()
                    .anyMatch(verdict -> a.verdicts().containsKey(verdict.getKey())
                            && Verdicts.gravity(verdict.getValue())
                                    > Verdicts.gravity(a.verdicts().get(verdict.getKey())));
        }

        String verdicts() {
            if (a == null || b == null) {
                return "";
            }
            List<String> changed = new ArrayList<>();
            b.verdicts().forEach((rule, verdict) -> {
                String was = a.verdicts().get(rule);
                if (was != null && !was.equals(verdict)) {
                    changed.add(rule + ": " + was + " to " + verdict);
                }
            });
            return String.join("; ", changed);
        }
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        List<Row> was = DiffSide.read(before, lines, err);
        List<Row> is = DiffSide.read(after, lines, err);
        List<Pair> pairs = pairs(was, is);
        List<Pair> changed = pairs.stream().filter(pair -> !pair.isSame()).toList();
        if (json) {
            json(changed, pairs.size() - changed.size());
        } else {
            markdown(changed, pairs.size() - changed.size(), sum(was), sum(is));
        }
        List<Pair> increases = changed.stream().filter(Pair::isIncrease).toList();
        if (failOnIncrease && !increases.isEmpty()) {
            err.println("flopledger: " + increases.size() + (increases.size() == 1 ? " run costs" : " runs cost")
                    + " more than before, the first is " + increases.get(0).run());
            return ExitStatus.FAILURE.code();
        }
        return ExitStatus.FINE.code();
    }

    private static List<Pair> pairs(List<Row> was, List<Row> is) {
        Map<String, Row> left = new LinkedHashMap<>();
        was.forEach(row -> left.put(row.run(), row));
        List<Pair> pairs = new ArrayList<>();
        List<Row> unpaired = new ArrayList<>();
        for (Row row : is) {
            Row same = left.remove(row.run());
            if (same == null) {
                unpaired.add(row);
            } else {
                pairs.add(new Pair(row.run(), same, row));
            }
        }
        for (Row row : unpaired) {
            Row same = row.source() == null
                    ? null
                    : left.values().stream()
                            .filter(other -> row.source().equals(other.source()))
                            .findFirst()
                            .orElse(null);
            if (same != null) {
                left.remove(same.run());
            }
            pairs.add(new Pair(row.run(), same, row));
        }
        left.values().forEach(row -> pairs.add(new Pair(row.run(), row, null)));
        return pairs;
    }

    private static BigInteger sum(List<Row> rows) {
        return rows.stream().map(Row::best).filter(Objects::nonNull).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private void markdown(List<Pair> changed, int same, BigInteger was, BigInteger is) {
        PrintWriter out = spec.commandLine().getOut();
        if (changed.isEmpty()) {
            out.println("Training compute: no change in " + same + (same == 1 ? " run." : " runs."));
            return;
        }
        out.println("Training compute: " + changed.size() + " of " + (changed.size() + same)
                + " runs changed; the sum of known" + " figures went from " + shown(was) + " to " + shown(is) + " FLOP"
                + percent(was, is) + ".");
        out.println();
        out.println("| run | before | after | change | exactly | verdicts |");
        out.println("|---|---|---|---|---|---|");
        for (Pair pair : changed) {
            BigInteger a = best(pair.a());
            BigInteger b = best(pair.b());
            out.println("| " + clean(name(pair)) + " | " + (pair.a() == null ? "not there" : shown(a)) + " | "
                    + (pair.b() == null ? "gone" : shown(b)) + " | "
                    + (a == null || b == null ? "" : percent(a, b).strip()) + " | "
                    + (a == null || b == null ? "" : b.subtract(a).toString()) + " | " + clean(pair.verdicts()) + " |");
        }
    }

    private static String name(Pair pair) {
        Row row = pair.b() == null ? pair.a() : pair.b();
        return row == null || row.source() == null ? pair.run() : pair.run() + " (" + row.source() + ")";
    }

    private static @Nullable BigInteger best(@Nullable Row row) {
        return row == null ? null : row.best();
    }

    private static String shown(@Nullable BigInteger amount) {
        return amount == null ? "unknown" : FlopCount.of(amount).toScientific(SHOWN_DIGITS);
    }

    private static String percent(BigInteger a, BigInteger b) {
        if (a.signum() == 0) {
            return "";
        }
        BigDecimal share = new BigDecimal(b.subtract(a).multiply(BigInteger.valueOf(100)))
                .divide(new BigDecimal(a), 2, RoundingMode.HALF_UP);
        return " (" + (share.signum() > 0 ? "+" : "") + share.toPlainString() + " %)";
    }

    private static String clean(String text) {
        return ShownText.escaped(text).replaceAll("([|<>`*\\[\\]])", "\\\\$1");
    }

    private void json(List<Pair> changed, int same) {
        try (var writer = new CanonicalJson(spec.commandLine().getOut())) {
            writer.beginObject()
                    .text("schema", "flopledger.diff/1")
                    .exact("same", (long) same)
                    .beginArray("changed");
            for (Pair pair : changed) {
                writer.beginObject().text("run", pair.run());
                side(writer, "before", pair.a());
                side(writer, "after", pair.b());
                writer.flag("increase", pair.isIncrease()).endObject();
            }
            writer.endArray().endObject();
        }
    }

    private static void side(CanonicalJson writer, String name, @Nullable Row row) {
        if (row == null) {
            writer.none(name);
            return;
        }
        writer.beginObject(name)
                .text("run", row.run())
                .exact("low", row.low())
                .exact("flop", row.best())
                .exact("high", row.high())
                .endObject();
    }
}
