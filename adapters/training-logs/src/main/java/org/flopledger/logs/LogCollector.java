package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together what the files of a search told, and says what became of each. Confined to one thread. */
final class LogCollector {

    private final FileWalk walk;
    private final List<FileWalk.Found> files;
    private final List<FileDispatch.Outcome> outcomes;
    private final LogAssembly assembly;
    private final Rejections rejections;

    LogCollector(FileWalk walk, List<FileWalk.Found> files, List<FileDispatch.Outcome> outcomes, Declaration declared) {
        this.assembly = new LogAssembly(declared);
        this.walk = walk;
        this.files = files;
        this.outcomes = outcomes;
        this.rejections = walk.rejections();
        outcomes.forEach(outcome -> rejections.addAll(outcome.rejections()));
    }

    /** Has a format make runs of what it kept. */
    <T> void assemble(LogSource<T> source) {
        var parts = new ArrayList<FilePart<T>>();
        for (FileDispatch.Outcome outcome : outcomes) {
            FileDispatch.Told<?> told = outcome.told();
            if (told != null && told.source().format().equals(source.format())) {
                @SuppressWarnings("unchecked") // a part that this very source kept
                FilePart<T> part = (FilePart<T>) told.part();
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            return;
        }
        try {
            source.assemble(List.copyOf(parts), assembly);
        } catch (RuntimeException e) {
            // One format must not take the others down. Its files are refused aloud, and the fault is in the log.
            ReaderFault.log("assembly", source, e);
            parts.forEach(part -> assembly.refuse(part.file(), RejectionReason.READER_FAILED));
        }
    }

    /** Returns everything. */
    LogCollection collection() {
        assembly.supplyDeclared();
        rejections.addAll(assembly.rejections().toList());
        List<LoggedRun> runs = new ArrayList<>(assembly.runs());
        runs.sort(Comparator.comparing(run -> run.sources().get(0)));
        List<FileUse> uses = uses();
        return new LogCollection(
                runs, assembly.duplicates(), assembly.evidence(), rejections.toList(), uses, files.size());
    }

    private List<FileUse> uses() {
        Map<Path, FileUse> told = told();
        var uses = new ArrayList<>(walk.unused());
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i).path();
            FileUse use = told.get(SideFiles.comparable(file));
            FileDispatch.Outcome outcome = outcomes.get(i);
            if (outcome.isAside()) {
                uses.add(aside(file, use));
            } else if (use != null) {
                uses.add(new FileUse(file, use.use(), use.run(), null));
            } else {
                uses.add(unused(file, outcome));
            }
        }
        return uses;
    }

    /** Returns the files that runs and repeats name. */
    private Map<Path, FileUse> told() {
        var told = new HashMap<Path, FileUse>();
        for (LoggedRun run : assembly.runs()) {
            run.sources().forEach(file -> put(told, file, FileUse.Use.USED, run.id()));
        }
        for (DuplicateRun copy : assembly.duplicates()) {
            copy.sources().forEach(file -> put(told, file, FileUse.Use.REPEAT, copy.of()));
        }
        for (LoggedEvidence evidence : assembly.evidence()) {
            evidence.sources().forEach(file -> put(told, file, FileUse.Use.EVIDENCE, evidence.run()));
        }
        return told;
    }

    private static void put(Map<Path, FileUse> told, Path file, FileUse.Use use, @Nullable String run) {
        told.putIfAbsent(SideFiles.comparable(file), new FileUse(file, use, run, null));
    }

    private FileUse aside(Path file, @Nullable FileUse use) {
        boolean used = use != null || assembly.used().contains(SideFiles.comparable(file));
        if (used) {
            return new FileUse(file, FileUse.Use.SIDE_FILE, use == null ? null : use.run(), null);
        }
        rejections.add(RejectionReason.UNUSED_SIDE_FILE, file);
        return new FileUse(file, FileUse.Use.UNUSED, null, RejectionReason.UNUSED_SIDE_FILE);
    }

    /** A file that a format kept and made nothing of is not used either. */
    private FileUse unused(Path file, FileDispatch.Outcome outcome) {
        RejectionReason reason = outcome.reason();
        if (reason == null) {
            reason = assembly.refused().get(SideFiles.comparable(file));
        }
        if (reason == null) {
            reason = RejectionReason.NO_RUN;
            rejections.add(reason, file);
        }
        return new FileUse(file, FileUse.Use.UNUSED, null, reason);
    }
}
