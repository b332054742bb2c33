package org.flopledger.cli.output;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.flopledger.account.ComputeFigure;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.SourceLabel;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Puts runs together that have something in common. A run with several stages has a part in the group of each. */
public final class RunGroups {

    private static final int SHOWN_DIGITS = 4;

    /** Runs with something in common, and what they cost together; sums are of 128 bits and more, since runs may be many. */
    public static final class Group {

        private final String name;
        private final Set<Integer> runs = new LinkedHashSet<>();
        private final Set<Integer> unknown = new LinkedHashSet<>();
        private final Set<CountingMethod> methods = new LinkedHashSet<>();
        private final Map<String, FlopBounds> ancestors = new LinkedHashMap<>();
        private final Set<String> unknownAncestors = new LinkedHashSet<>();
        private BigInteger low = BigInteger.ZERO;
        private BigInteger best = BigInteger.ZERO;
        private BigInteger high = BigInteger.ZERO;

        Group(String name) {
            this.name = name;
        }

        private void add(int number, ComputeFigure figure) {
            runs.add(number);
            if (figure.covered() == 0) {
                unknown.add(number);
                return;
            }
            methods.addAll(figure.parts().keySet());
            low = low.add(figure.bounds().low().toBigInteger());
            best = best.add(figure.bounds().best().toBigInteger());
            high = high.add(figure.bounds().high().toBigInteger());
        }

        private void add(Ancestor ancestor) {
            FlopBounds compute = ancestor.compute();
            if (compute == null) {
                unknownAncestors.add(ancestor.model());
            } else {
                ancestors.putIfAbsent(ancestor.model(), compute);
            }
        }

        private @Nullable Object sum(BigInteger sum) {
            return unknown.size() == runs.size() ? null : sum;
        }

        private String shown(BigInteger sum) {
            Object known = sum(sum);
            return known == null ? "?" : FlopCount.of(sum).toScientific(SHOWN_DIGITS);
        }

        private @Nullable BigInteger withAncestors() {
            BigInteger sum = best;
            for (FlopBounds each : ancestors.values()) {
                sum = sum.add(each.best().toBigInteger());
            }
            return unknownAncestors.isEmpty() && unknown.isEmpty() ? sum : null;
        }

        private String words() {
            return methods.isEmpty()
                    ? "?"
                    : methods.stream().map(ComputeTogether::word).collect(Collectors.joining(" + "));
        }
    }

    private RunGroups() {}

    /** Returns the groups, in the order in which their first runs come. */
    public static List<Group> of(List<NumberedRun> runs, RowChoice.Grouping by) {
        Map<String, Group> groups = new LinkedHashMap<>();
        for (NumberedRun run : runs) {
            switch (by) {
                case STAGE -> {
                    Map<Stage, ComputeFigure> stages = run.account().totalByStage();
                    stages.forEach(
                            (stage, figure) -> group(groups, stage.name()).add(run.number(), figure));
                    if (stages.isEmpty()) {
                        group(groups, Stage.UNKNOWN.name()).add(run.number(), ComputeFigure.NONE);
                    }
                }
                case LINEAGE -> {
                    Group group = group(groups, run.lineage());
                    group.add(run.number(), run.account().total());
                    run.facts().ancestors().stream()
                            .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                            .forEach(group::add);
                }
                default ->
                    group(groups, name(run, by)).add(run.number(), run.account().total());
            }
        }
        return new ArrayList<>(groups.values());
    }

    private static Group group(Map<String, Group> groups, String name) {
        return groups.computeIfAbsent(name, Group::new);
    }

    private static String name(NumberedRun run, RowChoice.Grouping by) {
        SourceLabel source = run.source();
        return switch (by) {
            case MODEL -> Objects.requireNonNullElse(run.model(), "?");
            case FOLDER -> source == null ? "?" : source.folder();
            default -> run.account().run();
        };
    }

    /** Returns the columns of groups. */
    public static List<RowField<Group>> fields(RowChoice.Grouping by) {
        List<RowField<Group>> fields = new ArrayList<>(List.of(
                RowField.text(by.toString(), by.toString(), group -> group.name),
                RowField.number("runs", "runs", group -> group.runs.size()),
                RowField.number("unknown", "of unknown cost", group -> group.unknown.size()),
                RowField.number("flop", "FLOP", group -> group.sum(group.best), group -> group.shown(group.best)),
                RowField.number("low", "low", group -> group.sum(group.low), group -> group.shown(group.low)),
                RowField.number("high", "high", group -> group.sum(group.high), group -> group.shown(group.high)),
                RowField.text("by", "by", Group::words)));
        if (by == RowChoice.Grouping.LINEAGE) {
            fields.add(RowField.number("withancestors", "with ancestors", Group::withAncestors, group -> {
                BigInteger sum = group.withAncestors();
                return sum == null ? "?" : FlopCount.of(sum).toScientific(SHOWN_DIGITS);
            }));
        }
        return fields;
    }
}
