package org.flopledger.logs.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * Puts trainer states together that tell one training.
 *
 * <p>Every checkpoint repeats the whole history up to itself: a state whose history is the beginning of another's is that
 * training, earlier. Confined to one thread.
 */
final class TrainerRuns {

    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-\\d+");

    private static final List<String> BESIDE = List.of(
            "config.json",
            "generation_config.json",
            "adapter_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "train_results.json",
            "eval_results.json",
            "all_results.json");

    private final LogAssembly assembly;

    TrainerRuns(LogAssembly assembly) {
        this.assembly = assembly;
    }

    /** Adds the trainings that states tell, each once, and the states that tell an earlier moment of one of them. */
    void add(List<TrainerState> states) {
        var ordered = new ArrayList<>(states);
        // The furthest state of each training first; among equals the one with the shortest path.
        ordered.sort(
                Comparator.comparingInt((TrainerState state) -> -state.history().entries())
                        .thenComparingLong(state -> -state.globalStep())
                        .thenComparingInt(state -> state.file().getNameCount())
                        .thenComparing(TrainerState::file));
        var families = new Families();
        ordered.forEach(families::add);
        for (Family family : families.all) {
            addRun(family);
        }
    }

    private void addRun(Family family) {
        LoggedRun run;
        try {
            run = new TrainerRunBuilder(family.head, family.branches())
                    .build(new TrainerSideFiles(assembly, family.folders()));
        } catch (ArithmeticException e) {
            assembly.refuse(family.head.file(), RejectionReason.IMPLAUSIBLE_VALUE);
            family.members.forEach(state -> assembly.refuse(state.file(), RejectionReason.IMPLAUSIBLE_VALUE));
            return;
        }
        assembly.add(run);
        useBeside(family.folders());
        family.addRepeats(run.id(), assembly);
    }

    /** What a trainer saves beside every state belongs to the run, also where it tells nothing new. */
    private void useBeside(Set<Path> folders) {
        for (Path folder : folders) {
            BESIDE.forEach(name -> assembly.use(folder.resolve(name)));
        }
    }

    /** Finds the family of a state at once: its first entry, its bytes or its folder tell. */
    private static final class Families {

        private final List<Family> all = new ArrayList<>();
        private final Map<Long, Family> byFirstEntry = new HashMap<>();
        private final Map<String, Family> byHash = new HashMap<>();
        private final Map<Path, Family> byFolder = new HashMap<>();
        private final Map<Path, Family> byParent = new HashMap<>();

        void add(TrainerState state) {
            Family known = familyOf(state);
            if (known != null) {
                known.members.add(state);
                return;
            }
            var family = new Family(state, all.size());
            all.add(family);
            if (state.history().entries() > 0) {
                byFirstEntry.putIfAbsent(state.history().firstFingerprint(), family);
            }
            byHash.putIfAbsent(state.hash(), family);
            Path folder = absoluteFolder(state);
            if (folder != null) {
                byFolder.putIfAbsent(folder, family);
                if (folder.getParent() != null) {
                    byParent.putIfAbsent(folder.getParent(), family);
                }
            }
        }

        private @Nullable Family familyOf(TrainerState state) {
            Family first = state.history().entries() > 0
                    ? byFirstEntry.get(state.history().firstFingerprint())
                    : checkpointBeside(state);
            Family same = byHash.get(state.hash());
            return first == null || (same != null && same.number < first.number) ? same : first;
        }

        /** A checkpoint before the first log entry has no history to compare. */
        private @Nullable Family checkpointBeside(TrainerState state) {
            Path folder = absoluteFolder(state);
            if (folder == null
                    || folder.getFileName() == null
                    || folder.getParent() == null
                    || !CHECKPOINT.matcher(folder.getFileName().toString()).matches()) {
                return null;
            }
            Family above = byFolder.get(folder.getParent());
            Family beside = byParent.get(folder.getParent());
            return above == null || (beside != null && beside.number < above.number) ? beside : above;
        }

        private static @Nullable Path absoluteFolder(TrainerState state) {
            return state.file().toAbsolutePath().normalize().getParent();
        }
    }

    /** One training: its furthest state, and the others that share its beginning. */
    private static final class Family {

        private final TrainerState head;
        private final int number;
        private final List<TrainerState> members = new ArrayList<>();

        Family(TrainerState head, int number) {
            this.head = head;
            this.number = number;
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

        void addRepeats(String id, LogAssembly assembly) {
            members.sort(Comparator.comparing(TrainerState::file));
            members.forEach(state -> assembly.addRepeat(id, why(state), List.of(state.file())));
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
