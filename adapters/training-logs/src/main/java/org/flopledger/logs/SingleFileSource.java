package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A format whose runs are told by one file each: only the recognition and the reading are left to write.
 *
 * <p>Files with the same identity tell one run. The one that tells most steps is kept; where another one is not its beginning, the
 * run says so.
 */
public abstract class SingleFileSource implements LogSource<RunEvidence> {

    private final LogFormat format;

    /** Creates the source of a format. */
    protected SingleFileSource(LogFormat format) {
        this.format = format;
    }

    @Override
    public final LogFormat format() {
        return format;
    }

    @Override
    public final void assemble(List<FilePart<RunEvidence>> parts, LogAssembly assembly) {
        Map<String, List<FilePart<RunEvidence>>> byRun = new LinkedHashMap<>();
        for (FilePart<RunEvidence> part : parts) {
            byRun.computeIfAbsent(part.told().id(format), id -> new ArrayList<>())
                    .add(part);
        }
        byRun.forEach((id, copies) -> addRun(id, copies, assembly));
    }

    private void addRun(String id, List<FilePart<RunEvidence>> copies, LogAssembly assembly) {
        FilePart<RunEvidence> most = copies.stream()
                .max(Comparator.comparingLong((FilePart<RunEvidence> part) ->
                                part.told().steps().steps())
                        .thenComparingLong(FilePart::size))
                .orElseThrow();
        LoggedRun run = most.told().toRun(format, List.of(most.file()));
        for (FilePart<RunEvidence> copy : copies) {
            if (!copy.file().equals(most.file())) {
                boolean begins = copy.told().steps().isBeginningOf(most.told().steps());
                if (!begins) {
                    run = run.with(
                            new LogWarning(
                                    LogWarning.Code.COPIES_DISAGREE,
                                    "another file with the beginning of this run tells other steps; the one with most steps is used"));
                }
                assembly.addRepeat(
                        id,
                        begins ? "the beginning of the same log" : "another log of the same run, with other steps",
                        List.<Path>of(copy.file()));
            }
        }
        assembly.add(run);
    }
}
