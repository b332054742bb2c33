package org.flopledger.cli.output;

import java.io.PrintWriter;
import java.util.List;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.Terminal;

/** Prints runs, or groups of them, as the options about rows say. Stateless. */
public final class RunTable {

    private RunTable() {}

    /**
     * Prints runs.
     *
     * @param shown the columns of a table
     * @param exact the columns of comma-separated values
     */
    public static void print(
            PrintWriter out,
            List<NumberedRun> runs,
            List<RowField<NumberedRun>> shown,
            List<RowField<NumberedRun>> exact,
            RowChoice choice) {
        RowChoice.Grouping grouping = choice.grouping();
        if (grouping == null) {
            rows(out, runs, shown, exact, choice);
        } else {
            List<RowField<RunGroups.Group>> columns = RunGroups.fields(grouping);
            rows(out, RunGroups.of(runs, grouping), columns, columns, choice);
        }
    }

    private static <R> void rows(
            PrintWriter out, List<R> rows, List<RowField<R>> shown, List<RowField<R>> exact, RowChoice choice) {
        if (choice.isCsv()) {
            RowPrinter.csv(out, rows, exact);
        } else {
            RowPrinter.table(out, rows, shown, Terminal.width());
        }
    }
}
