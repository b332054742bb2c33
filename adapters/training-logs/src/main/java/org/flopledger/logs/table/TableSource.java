package org.flopledger.logs.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricLog;
import org.flopledger.logs.metric.MetricRun;
import org.flopledger.logs.metric.TrackedRuns;
import org.flopledger.logs.scan.FileHead;
import org.jspecify.annotations.Nullable;

/**
 * A kind of table that a mapping explains: only the recognition is left to write. Lines of JSON are read too, where a kind says
 * that it knows them.
 */
public abstract class TableSource implements LogSource<TableSource.Part> {

    private final LogFormat format;
    private final ColumnMapping mapping;

    /** Creates the source of a kind of table. */
    protected TableSource(LogFormat format, ColumnMapping mapping) {
        this.format = format;
        this.mapping = mapping;
    }

    /** What one table tells. */
    public static final class Part {

        private final Tables.Table table;

        private Part(Tables.Table table) {
            this.table = table;
        }
    }

    @Override
    public final LogFormat format() {
        return format;
    }

    @Override
    public final Turn turn() {
        return Turn.TRACKERS;
    }

    /** Returns how sure it is that a table with such a head is of this kind. */
    protected abstract Recognition recognise(List<String> names);

    @Override
    public Recognition recognise(LogHead head) {
        boolean table = head.kind() == FileHead.Kind.TEXT || head.kind() == FileHead.Kind.UTF_16;
        if (!table) {
            return Recognition.NO;
        }
        List<String> names = TableReader.firstRow(head);
        return names.size() < 2 ? Recognition.NO : recognise(names);
    }

    @Override
    public @Nullable Part read(LogFile file) throws IOException {
        boolean json = file.head().kind() == FileHead.Kind.JSON;
        Tables.Table table = json ? Tables.jsonLines(file, mapping) : Tables.table(file, mapping);
        if (table.rows().hasTooManyRuns()) {
            file.reject(RejectionReason.HISTORY_TOO_LONG, 1);
        }
        // A table with a step that tells no training may be of another format.
        return table.rows().runs().values().stream().anyMatch(MetricLog::tellsTraining) ? new Part(table) : null;
    }

    @Override
    public void assemble(List<FilePart<Part>> parts, LogAssembly assembly) {
        var runs = new TrackedRuns(format, assembly);
        for (FilePart<Part> part : parts) {
            Tables.Table table = part.told().table;
            for (Map.Entry<String, MetricLog> run : table.rows().runs().entrySet()) {
                if (run.getValue().tellsTraining()) {
                    add(part.file(), table.first() + "|" + run.getKey(), run.getValue(), runs);
                }
            }
        }
    }

    private static void add(Path file, String identity, MetricLog log, TrackedRuns runs) {
        Path beside = log.settings().putBeside(file);
        var run = new MetricRun(List.of(log));
        RunEvidence evidence = run.evidence(identity).build();
        runs.add(run, evidence, beside == null ? List.of(file) : List.of(file, beside));
    }
}
