package org.flopledger.cli.output;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flopledger.account.ComputeFigure;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.Ranges;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;

/**
 * What several runs cost together, for people: by method, since figures of unlike methods are no one figure. A sum
 * across methods is called that, and runs of unknown cost are named beside it.
 */
public final class ComputeTogether {

    private static final int SHOWN_DIGITS = 4;

    private final Map<CountingMethod, List<Integer>> runs = new EnumMap<>(CountingMethod.class);
    private final Map<CountingMethod, BigInteger> sums = new EnumMap<>(CountingMethod.class);
    private final List<Integer> unknown = new ArrayList<>();
    private int known;

    /** Adds up runs. */
    public ComputeTogether(List<NumberedRun> numbered) {
        // Ranges are written of rising numbers, whatever order the rows are shown in.
        List<NumberedRun> rising = numbered.stream()
                .sorted(Comparator.comparingInt(NumberedRun::number))
                .toList();
        for (NumberedRun run : rising) {
            ComputeFigure total = run.total();
            if (total == null) {
                unknown.add(run.number());
            } else {
                int of = run.number();
                known++;
                total.parts().forEach((method, part) -> {
                    runs.computeIfAbsent(method, first -> new ArrayList<>()).add(of);
                    sums.merge(method, part.bounds().best().toBigInteger(), BigInteger::add);
                });
            }
        }
    }

    public void print(PrintWriter out) {
        if (sums.isEmpty()) {
            out.println("What these runs cost is not known.");
            return;
        }
        if (sums.size() == 1) {
            CountingMethod method = sums.keySet().iterator().next();
            out.println("Together " + shown(total()) + " in " + count() + ", by " + word(method) + ".");
        } else {
            out.println("Total by method");
            methods().print(out);
            out.println("Sum across methods (not comparable) " + shown(total()) + " in " + count() + ".");
        }
        out.println("Exactly " + total() + " FLOP.");
        if (!unknown.isEmpty()) {
            out.println("Not in it: " + numbered(unknown) + ", whose cost is not known.");
        }
    }

    private TextGrid methods() {
        var grid = new TextGrid("by", "FLOP", "exactly", "runs");
        sums.forEach((method, sum) -> {
            FlopCount flop = FlopCount.of(sum);
            grid.row(
                    word(method),
                    flop.toScientific(SHOWN_DIGITS),
                    flop.toString(),
                    Ranges.of(runs.getOrDefault(method, List.of())));
        });
        return grid;
    }

    private FlopCount total() {
        return FlopCount.of(sums.values().stream().reduce(BigInteger.ZERO, BigInteger::add));
    }

    private String count() {
        return known + (known == 1 ? " run" : " runs");
    }

    private static String shown(FlopCount flop) {
        return flop.toScientific(SHOWN_DIGITS) + " FLOP = "
                + flop.toExaFlopDays().toPlainString() + " exaFLOP-days";
    }

    /** Returns how a figure was obtained, in words for people; each method that has a part in it. */
    static String words(ComputeFigure figure) {
        return figure.parts().keySet().stream().map(ComputeTogether::word).collect(Collectors.joining(" + "));
    }

    /** Returns a method in words for people. */
    static String word(CountingMethod method) {
        return switch (method) {
            case ARCHITECTURE -> "layers";
            case PARAMETER_TOKEN -> "parameters x tokens";
            case HARDWARE -> "device time";
            case REPORTED -> "the trainer's claim";
        };
    }

    /** Returns rising numbers of runs as words: {@code run 2}, {@code runs 1-3, 7}. */
    public static String numbered(List<Integer> runs) {
        return (runs.size() == 1 ? "run " : "runs ") + Ranges.of(runs);
    }
}
