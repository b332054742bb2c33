package org.flopledger.cli.output;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.cli.options.Nearest;
import org.flopledger.cli.options.Quantity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that choose, sort and group the rows of a table of runs. */
public final class RowChoice {

    private static final Pattern CONDITION = Pattern.compile("\\s*([\\w-]+)\\s*(!=|>=|<=|=|>|<|~)\\s*(.*?)\\s*");
    private static final String UNKNOWN = "?";

    @Option(
            names = "--sort",
            paramLabel = "FIELD",
            description = "Sort rows by a column, numbers from the greatest down; -FIELD turns it round.")
    private @Nullable String sort;

    @Option(names = "--top", paramLabel = "N", description = "Show the first N rows only.")
    private @Nullable Long top;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "Show rows that meet a condition, such as flop>1e21, model=gpt3, source~node1 or"
                    + " devices!=?. May be repeated; all must hold. ? is what is not known.")
    private List<String> where = List.of();

    @Option(
            names = "--group-by",
            paramLabel = "WHAT",
            description = "One row for each run, model, stage, lineage or folder.")
    private @Nullable Grouping group;

    @Option(names = "--csv", description = "Print the rows as comma-separated values, exact and with a header.")
    private boolean csv;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** What rows are put together by. */
    public enum Grouping {
        RUN,
        MODEL,
        STAGE,
        LINEAGE,
        FOLDER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns whether anything of this was asked for. */
    boolean isStated() {
        return sort != null || top != null || !where.isEmpty() || group != null || csv;
    }

    /** Returns whether some rows may be left out. */
    boolean leavesOut() {
        return top != null || !where.isEmpty();
    }

    public boolean isCsv() {
        return csv;
    }

    @Nullable
    public Grouping grouping() {
        return group;
    }

    /** Refuses what a command cannot do: a program reads every run, and chooses by itself. */
    public void refuseWith(boolean json) {
        if (json && isStated()) {
            throw usage(
                    "--sort, --top, --where, --group-by and --csv choose rows of a table; --output json prints every run");
        }
        if (top != null && top < 1) {
            throw usage("--top is " + top + ", must be at least 1");
        }
    }

    /** Returns the rows chosen, in the order asked for. */
    public <R> List<R> chosen(List<R> rows, List<RowField<R>> fields) {
        List<R> chosen = new ArrayList<>(rows);
        for (String condition : where) {
            Matcher parts = CONDITION.matcher(condition);
            if (!parts.matches()) {
                throw usage("--where is '" + condition + "', must be FIELD and one of = != > >= < <= ~ and a value");
            }
            RowField<R> field = field(parts.group(1), fields);
            chosen.removeIf(row -> !holds(field, row, parts.group(2), parts.group(3)));
        }
        String by = sort;
        if (by != null) {
            boolean isTurned = by.startsWith("-");
            RowField<R> field = field(isTurned ? by.substring(1) : by, fields);
            chosen.sort(order(field, field.isNumeric() != isTurned));
        }
        return top == null || top >= chosen.size() ? chosen : chosen.subList(0, top.intValue());
    }

    private static <R> Comparator<R> order(RowField<R> field, boolean isDown) {
        Comparator<R> known =
                (a, b) -> compare(field.value().apply(a), field.value().apply(b));
        Comparator<R> order = isDown ? known.reversed() : known;
        // What is not known comes last, whichever way.
        return Comparator.comparing((R row) -> field.value().apply(row) == null).thenComparing(order);
    }

    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        return a instanceof BigDecimal x && b instanceof BigDecimal y
                ? x.compareTo(y)
                : a.toString().compareToIgnoreCase(b.toString());
    }

    private <R> boolean holds(RowField<R> field, R row, String sign, String wanted) {
        Object value = field.value().apply(row);
        if (wanted.equals(UNKNOWN) && (sign.equals("=") || sign.equals("!="))) {
            return (value == null) == sign.equals("=");
        }
        if (value == null) {
            return false;
        }
        if (sign.equals("~")) {
            return value.toString().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
        }
        int order = compare(value, field.isNumeric() ? number(field, wanted) : wanted);
        return switch (sign) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            case "<" -> order < 0;
            default -> order <= 0;
        };
    }

    private BigDecimal number(RowField<?> field, String wanted) {
        try {
            return Quantity.decimal(wanted);
        } catch (NumberFormatException e) {
            throw usage("--where compares " + field.name() + " with '" + wanted
                    + "', must be a number such as 1e21 or 15T");
        }
    }

    private <R> RowField<R> field(String name, List<RowField<R>> fields) {
        List<String> names = fields.stream().map(RowField::name).toList();
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> usage("there is no column '" + name + "'; columns are " + String.join(", ", names)
                        + Nearest.question(name, names)));
    }

    /** Returns an error of the arguments. */
    public ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
