package org.flopledger.logs.hardware;

import java.nio.file.Path;
import java.time.Instant;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LoggedEvidence;
import org.flopledger.logs.LoggedRun;
import org.jspecify.annotations.Nullable;

/**
 * Finds the run that hardware evidence belongs to, where it can be shown: the evidence lies in or below the folder of the run's log
 * or above it, its times overlap those of the run, and those of no other run that was found. Stateless.
 */
final class EvidenceJoin {

    private EvidenceJoin() {}

    /** Adds evidence, as that of a run if it can be shown to be. */
    static void add(LoggedEvidence evidence, LogAssembly assembly) {
        String run = run(evidence, assembly);
        assembly.add(run == null ? evidence : evidence.of(run));
    }

    private static @Nullable String run(LoggedEvidence evidence, LogAssembly assembly) {
        Instant start = evidence.start();
        Instant end = evidence.end();
        if (start == null || end == null) {
            return null;
        }
        String found = null;
        for (LoggedRun run : assembly.runs()) {
            Instant from = run.timing().start();
            Instant to = run.timing().end();
            if (from == null || to == null || to.isBefore(start) || from.isAfter(end)) {
                continue;
            }
            if (found != null) {
                return null;
            }
            found = isNear(run.sources().get(0), evidence.sources().get(0)) ? run.id() : "";
        }
        return found == null || found.isEmpty() ? null : found;
    }

    private static boolean isNear(Path log, Path evidence) {
        Path mine = log.toAbsolutePath().normalize().getParent();
        Path theirs = evidence.toAbsolutePath().normalize().getParent();
        return mine != null && theirs != null && (mine.startsWith(theirs) || theirs.startsWith(mine));
    }
}
