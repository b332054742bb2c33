package org.flopledger.logs;

import java.util.List;

/**
 * What a search for logs found. Immutable.
 *
 * @param runs every run once, in the order of their first file's path
 * @param duplicates further logs of those runs
 * @param evidence what files tell beside the runs; never part of a run's figures
 * @param rejections what was not used, by reason
 * @param uses what became of every file and of every path that is none, those that are not regular files first, then in the order
 *     of their paths
 * @param files how many files were looked at
 */
public record LogCollection(
        List<LoggedRun> runs,
        List<DuplicateRun> duplicates,
        List<LoggedEvidence> evidence,
        List<Rejection> rejections,
        List<FileUse> uses,
        long files) {

    /** Copies the lists. */
    public LogCollection {
        runs = List.copyOf(runs);
        duplicates = List.copyOf(duplicates);
        evidence = List.copyOf(evidence);
        rejections = List.copyOf(rejections);
        uses = List.copyOf(uses);
    }

    /** Returns the files and paths from which nothing came, each with its reason. */
    public List<FileUse> unused() {
        return uses.stream().filter(use -> use.use() == FileUse.Use.UNUSED).toList();
    }
}
