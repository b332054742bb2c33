package org.flopledger.logs.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
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
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunCopies;
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

    @Override
    public final void assemble(List<FilePart<List<ConsoleRun>>> parts, LogAssembly assembly) {
        Map<String, List<FilePart<ConsoleRun>>> byRun = new LinkedHashMap<>();
        for (FilePart<List<ConsoleRun>> part : parts) {
            for (ConsoleRun run : part.told()) {
                byRun.computeIfAbsent(run.evidence().id(format), id -> new ArrayList<>())
                        .add(new FilePart<>(part.file(), part.size(), run));
            }
        }
        byRun.forEach((id, copies) -> add(id, copies, assembly));
    }

    private void add(String id, List<FilePart<ConsoleRun>> parts, LogAssembly assembly) {
        var copies = new RunCopies<>(parts, ConsoleRun::evidence);
        assembly.add(copies.run(id, format, assembly), copies.most().told().losses());
    }
}
