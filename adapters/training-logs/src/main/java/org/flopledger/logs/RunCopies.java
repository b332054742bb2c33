package org.flopledger.logs;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Files that tell one run: the one that tells most steps is kept, the others are repeats, and where another one is not its
 * beginning the run says so. Immutable.
 *
 * @param <T> what the format keeps of a file
 */
public final class RunCopies<T> {

    private final List<FilePart<T>> copies;
    private final Function<T, RunEvidence> evidence;
    private final FilePart<T> most;

    /**
     * Compares files, of which there is at least one.
     *
     * @param evidence what a file tells of the run
     */
    public RunCopies(List<FilePart<T>> copies, Function<T, RunEvidence> evidence) {
        this.copies = List.copyOf(copies);
        this.evidence = evidence;
        most = copies.stream()
                .max(Comparator.comparingLong((FilePart<T> part) -> steps(part).steps())
                        .thenComparingLong(FilePart::size))
                .orElseThrow();
    }

    /** Returns the file that tells most. */
    public FilePart<T> most() {
        return most;
    }

    /** Returns the run as the file that tells most tells it, and notes the others as repeats. */
    public LoggedRun run(String id, LogFormat format, LogAssembly assembly) {
        LoggedRun run = evidence.apply(most.told()).toRun(format, List.of(most.file()));
        for (FilePart<T> copy : copies) {
            if (!copy.file().equals(most.file())) {
                boolean begins = steps(copy).isBeginningOf(steps(most));
                if (!begins) {
                    run = run.with(
                            new LogWarning(
                                    LogWarning.Code.COPIES_DISAGREE,
                                    "another file with the beginning of this run tells other steps; the one with most steps is used"));
                }
                assembly.addRepeat(
                        id,
                        begins ? "the beginning of the same log" : "another log of the same run, with other steps",
                        List.of(copy.file()));
            }
        }
        return run;
    }

    private LoggedSteps steps(FilePart<T> part) {
        return evidence.apply(part.told()).steps();
    }
}
