package org.flopledger.logs;

import java.util.List;

/**
 * What a search for logs found.
 *
 * @param runs every run once, in the order of their first file's path
 * @param duplicates further logs of those runs
 * @param rejections what was not used, by reason
 * @param files how many files were looked at
 */
public record LogCollection(
        List<LoggedRun> runs, List<DuplicateRun> duplicates, List<Rejection> rejections, long files) {

    /** Copies the lists. */
    public LogCollection {
        runs = List.copyOf(runs);
        duplicates = List.copyOf(duplicates);
        rejections = List.copyOf(rejections);
    }
}
