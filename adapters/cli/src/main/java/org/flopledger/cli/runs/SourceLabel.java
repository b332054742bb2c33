package org.flopledger.cli.runs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a run was read.
 *
 * @param path its log, as it was found
 * @param folder the folder of its log
 * @param shown the path without what all runs have in common
 * @param submitter who submitted it, by a path of the form {@code SUBMITTER/results/SYSTEM/}; null elsewhere
 * @param system what it ran on, by the same path
 */
public record SourceLabel(
        String path,
        String folder,
        String shown,
        @Nullable String submitter,
        @Nullable String system) {

    private static final String RESULTS = "results";

    /** Returns the labels of logs, in their order. */
    static List<SourceLabel> of(List<Path> logs) {
        int common = common(logs);
        List<SourceLabel> labels = new ArrayList<>();
        for (Path log : logs) {
            Path parent = log.getParent();
            Path shown = log.subpath(common, log.getNameCount());
            int results = results(log);
            labels.add(new SourceLabel(
                    log.toString(),
                    parent == null ? "." : parent.toString(),
                    shown.toString(),
                    results < 0 ? null : log.getName(results - 1).toString(),
                    results < 0 ? null : log.getName(results + 1).toString()));
        }
        return labels;
    }

    /** Returns how many names at the beginning all paths share; the last two names of a path are always shown. */
    private static int common(List<Path> logs) {
        int most = Integer.MAX_VALUE;
        for (Path log : logs) {
            most = Math.min(most, Math.max(0, log.getNameCount() - 2));
            int same = 0;
            Path first = logs.get(0);
            while (same < most
                    && same < first.getNameCount()
                    && first.getName(same).equals(log.getName(same))) {
                same++;
            }
            most = Math.min(most, same);
        }
        return logs.isEmpty() ? 0 : most;
    }

    /** Returns the place of the last folder {@code results} with a folder on either side, or -1. */
    private static int results(Path log) {
        for (int i = log.getNameCount() - 3; i > 0; i--) {
            if (log.getName(i).toString().equals(RESULTS)) {
                return i;
            }
        }
        return -1;
    }
}
