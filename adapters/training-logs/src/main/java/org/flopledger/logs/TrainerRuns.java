package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts trainer states together that tell one training.
 *
 * <p>Every checkpoint repeats the whole history up to itself: a state whose history is the beginning of another's is that
 * training, earlier. Confined to one thread.
 */
final class TrainerRuns {

    private final FileReader reader;

    TrainerRuns(FileReader reader) {
        this.reader = reader;
    }

    /**
     * The trainings that were found.
     *
     * @param runs each once
     * @param duplicates states that tell an earlier moment of one of them
     */
    record Grouped(List<LoggedRun> runs, List<DuplicateRun> duplicates) {}

    Grouped group(List<TrainerState> states) {
        var ordered = new ArrayList<>(states);
        // The furthest state of each training first; among equals the one with the shortest path.
        ordered.sort(
                Comparator.comparingInt((TrainerState state) -> -state.history().entries())
                        .thenComparingLong(state -> -state.globalStep())
                        .thenComparingInt(state -> state.file().getNameCount())
                        .thenComparing(TrainerState::file));
        var families = new ArrayList<Family>();
        for (TrainerState state : ordered) {
            families.stream()
                    .filter(family -> family.tells(state))
                    .findFirst()
                    .ifPresentOrElse(family -> family.members.add(state), () -> families.add(new Family(state)));
        }
        var runs = new ArrayList<LoggedRun>();
        var duplicates = new ArrayList<DuplicateRun>();
        for (Family family : families) {
            var run = new TrainerRunBuilder(family.head, family.branches())
                    .build(new TrainerSideFiles(reader, family.folders()));
            runs.add(run);
            family.addDuplicates(run.id(), duplicates);
        }
        return new Grouped(runs, duplicates);
    }

    /** One training: its furthest state, and the others that share its beginning. */
    private static final class Family {

        private final TrainerState head;
        private final List<TrainerState> members = new ArrayList<>();

        Family(TrainerState head) {
            this.head = head;
        }

        boolean tells(TrainerState state) {
            int shared = state.history().sharedWith(head.history());
            return shared > 0 || state.hash().equals(head.hash()) || isCheckpointBeside(state);
        }

        /** A checkpoint before the first log entry has no history to compare. */
        private boolean isCheckpointBeside(TrainerState state) {
            if (state.history().entries() > 0) {
                return false;
            }
            Path folder = state.file().toAbsolutePath().normalize().getParent();
            Path head = this.head.file().toAbsolutePath().normalize().getParent();
            return folder != null
                    && head != null
                    && folder.getFileName() != null
                    && folder.getFileName().toString().matches("checkpoint-\\d+")
                    && (folder.getParent() != null
                            && (folder.getParent().equals(head)
                                    || folder.getParent().equals(head.getParent())));
        }

        /** Returns members that went another way after a shared beginning: a restart that threw steps away. */
        List<TrainerState> branches() {
            return members.stream()
                    .filter(state -> state.history().entries() > 0)
                    .filter(state -> !state.history().isBeginningOf(head.history()))
                    .toList();
        }

        Set<Path> folders() {
            var folders = new LinkedHashSet<Path>();
            folders.add(folder(head));
            members.stream()
                    .sorted(Comparator.comparingLong(TrainerState::globalStep).reversed())
                    .forEach(state -> folders.add(folder(state)));
            return folders;
        }

        private static Path folder(TrainerState state) {
            Path parent = state.file().getParent();
            return parent == null ? Path.of("") : parent;
        }

        void addDuplicates(String id, List<DuplicateRun> duplicates) {
            members.sort(Comparator.comparing(TrainerState::file));
            for (int i = 0; i < members.size(); i++) {
                TrainerState state = members.get(i);
                duplicates.add(new DuplicateRun(id + "#" + (i + 2), id, why(state), List.of(state.file())));
            }
        }

        private String why(TrainerState state) {
            if (state.hash().equals(head.hash())) {
                return "the same bytes";
            }
            int shared = state.history().sharedWith(head.history());
            int entries = state.history().entries();
            String of = " of the " + head.history().entries() + " of this run";
            return shared == entries
                    ? "a checkpoint at step " + state.globalStep() + ": its " + entries + " entries are the first" + of
                    : "a branch: its first " + shared + " entries are the first" + of;
        }
    }
}
