package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the runs that formats make of files, and gives them the files beside their logs. Confined to one thread.
 */
public final class LogAssembly {

    private final SideFiles sideFiles = new SideFiles();
    private final List<LoggedRun> runs = new ArrayList<>();
    private final List<LoggedEvidence> evidence = new ArrayList<>();
    private final List<DuplicateRun> duplicates = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, LossCurve> curves = new HashMap<>();
    private final Map<String, Integer> copies = new HashMap<>();
    private final Set<Path> used = new HashSet<>();
    private final Rejections rejections = new Rejections();
    private final Map<Path, RejectionReason> refused = new HashMap<>();

    private final Declaration declared;
    private final Map<Path, Declaration> beside = new HashMap<>();

    LogAssembly(Declaration declared) {
        this.declared = declared;
    }

    /**
     * Returns what is declared of the logs in a folder: by the user, and by the file that lies there. A file that cannot be read is
     * refused aloud and declares nothing.
     */
    public Declaration declaration(Path folder) {
        return beside.computeIfAbsent(SideFiles.comparable(folder), key -> {
            Declaration there = Declaration.NONE;
            try {
                there = Declaration.in(folder);
            } catch (IllegalArgumentException e) {
                refuse(folder.resolve(Declaration.FILE), RejectionReason.BAD_DECLARATION);
            }
            return declared.or(there);
        });
    }

    /** Puts what was declared where runs lack it, and prices what waited for a model. */
    void supplyDeclared() {
        for (int i = 0; i < runs.size(); i++) {
            Path folder = SideFiles.folderOf(runs.get(i).sources().get(0));
            Declaration there = folder == null ? declared : declaration(folder);
            LoggedRun described =
                    folder == null ? runs.get(i) : ConfigurationBeside.supply(runs.get(i), folder, sideFiles);
            boolean isDeclared = !there.equals(Declaration.NONE);
            if (folder != null && isDeclared) {
                use(folder.resolve(Declaration.FILE));
            }
            runs.set(i, PhasePricing.priced(isDeclared ? there.supply(described) : described));
        }
    }

    /** Returns the files beside logs. */
    public SideFiles sideFiles() {
        return sideFiles;
    }

    /** Takes a run; its sources are marked as used. */
    public void add(LoggedRun run) {
        places.putIfAbsent(run.id(), runs.size());
        runs.add(run);
    }

    /** Returns the runs taken so far. Trackers, which are asked last, find those that other formats tell here. */
    public List<LoggedRun> runs() {
        return Collections.unmodifiableList(runs);
    }

    /** Returns the run with an identity as it is known by now, or null. */
    public @Nullable LoggedRun run(String id) {
        Integer place = places.get(id);
        return place == null ? null : runs.get(place);
    }

    /** Takes a run and its first losses, by which another file that tells the same run can be known. */
    public void add(LoggedRun run, LossCurve losses) {
        add(run);
        curves.put(run.id(), losses);
    }

    /** Returns the first losses of a run, or null if its format did not give them. */
    public @Nullable LossCurve losses(String run) {
        return curves.get(run);
    }

    /**
     * Replaces a run that was taken by the same one with more known of it.
     *
     * @throws IllegalArgumentException if there is no run with its identity
     */
    public void replace(LoggedRun run) {
        Integer place = places.get(run.id());
        if (place == null) {
            throw new IllegalArgumentException("no run " + run.id() + " was taken");
        }
        runs.set(place, run);
    }

    /** Takes something that files tell beside the runs; its sources are marked as evidence. */
    public void add(LoggedEvidence told) {
        evidence.add(told);
    }

    /**
     * Takes further files of a run that is kept; they are not summed.
     *
     * @param of identity of the run that is kept
     * @param why why they are the same run, as the end of a sentence
     * @param files the files of this copy
     */
    public void addRepeat(String of, String why, List<Path> files) {
        int copy = copies.merge(of, 2, (known, first) -> known + 1);
        duplicates.add(new DuplicateRun(of + "#" + copy, of, why, files));
    }

    /** Marks a side file as used though no run names it, such as one that only a repeat would need. */
    public void use(Path sideFile) {
        used.add(SideFiles.comparable(sideFile));
    }

    /** Says that a file which was read is of no use after all, and why. */
    public void refuse(Path file, RejectionReason reason) {
        if (refused.putIfAbsent(SideFiles.comparable(file), reason) == null) {
            rejections.add(reason, file);
        }
    }

    /** Says that a file which was read is of no use because of what stands at a line, counted from 1. */
    public void refuse(Path file, RejectionReason reason, long line) {
        if (refused.putIfAbsent(SideFiles.comparable(file), reason) == null) {
            rejections.add(reason, file, line);
        }
    }

    List<LoggedEvidence> evidence() {
        return evidence;
    }

    List<DuplicateRun> duplicates() {
        return duplicates;
    }

    Set<Path> used() {
        return used;
    }

    Map<Path, RejectionReason> refused() {
        return refused;
    }

    Rejections rejections() {
        return rejections;
    }
}
