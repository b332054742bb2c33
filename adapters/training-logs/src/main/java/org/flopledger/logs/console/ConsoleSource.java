package org.flopledger.logs.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * A format of console output: a marker that stands in its step lines, what a step line looks like, and a reader of lines. A file may
 * tell several runs, one after the other.
 */
public abstract class ConsoleSource implements LogSource<List<ConsoleRun>> {

    private static final byte[] MLPERF = Bytes.ascii(":::ML");

    private final LogFormat format;
    private final List<byte[]> markers;
    private final Pattern step;

    /**
     * Creates the source of a format.
     *
     * @param label name of the format
     * @param step what a step line looks like, found anywhere in a line without colour codes
     * @param markers bytes one of which stands in every step line, colour codes or not
     */
    protected ConsoleSource(String label, String step, String... markers) {
        this.format = new LogFormat(label);
        this.step = Pattern.compile(step, Pattern.MULTILINE);
        this.markers = List.of(markers).stream().map(Bytes::ascii).toList();
    }

    /** Returns a reader for one file. */
    protected abstract ConsoleReader reader();

    @Override
    public final LogFormat format() {
        return format;
    }

    @Override
    public List<byte[]> markers() {
        return markers;
    }

    @Override
    public Recognition recognise(LogHead head) {
        boolean marked = head.isText() && markers.stream().anyMatch(head::contains);
        return marked && !head.contains(MLPERF) && head.finds(step) ? Recognition.CERTAIN : Recognition.NO;
    }

    @Override
    public final @Nullable List<ConsoleRun> read(LogFile file) throws IOException {
        ConsoleReader reader = reader();
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            var line = new ConsoleLine();
            while (lines.next()) {
                if (lines.isTooLong()) {
                    file.reject(RejectionReason.LINE_TOO_LONG, lines.number());
                } else {
                    line.take(lines);
                    // Submissions to MLPerf are made with these trainers; their own records tell more.
                    boolean foreign = !reader.line(line, file) && line.find(MLPERF) >= 0;
                    if (foreign || reader.hasGivenUp()) {
                        return null;
                    }
                }
            }
            reader.end(lines.number());
        }
        if (reader.isTooLong()) {
            file.refuse(RejectionReason.TOO_MANY_STEPS);
            return null;
        }
        return reader.runs().isEmpty() ? null : reader.runs();
    }

    /** A run of one file. */
    private record Told(FilePart<?> part, ConsoleRun run) {

        long steps() {
            return run.evidence().steps().steps();
        }

        long size() {
            return part.size();
        }

        Path file() {
            return part.file();
        }
    }

    @Override
    public final void assemble(List<FilePart<List<ConsoleRun>>> parts, LogAssembly assembly) {
        Map<String, List<Told>> byRun = new LinkedHashMap<>();
        for (FilePart<List<ConsoleRun>> part : parts) {
            for (ConsoleRun run : part.told()) {
                byRun.computeIfAbsent(run.evidence().id(format), id -> new ArrayList<>())
                        .add(new Told(part, run));
            }
        }
        byRun.forEach((id, copies) -> add(id, copies, assembly));
    }

    private void add(String id, List<Told> copies, LogAssembly assembly) {
        Told most = copies.stream()
                .max(Comparator.comparingLong(Told::steps).thenComparingLong(Told::size))
                .orElseThrow();
        RunEvidence evidence = most.run().evidence();
        LoggedRun run = evidence.toRun(format, List.of(most.file()));
        for (Told copy : copies) {
            if (!copy.file().equals(most.file())) {
                boolean begins = copy.run().evidence().steps().isBeginningOf(evidence.steps());
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
        assembly.add(run, most.run().losses());
    }
}
