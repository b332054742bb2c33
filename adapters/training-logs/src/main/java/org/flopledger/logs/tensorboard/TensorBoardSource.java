package org.flopledger.logs.tensorboard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
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
import org.flopledger.logs.scan.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * TensorBoard event files. The files of one folder are one run, in the order of their times; so are those of the folders
 * {@code train}, {@code validation} of one folder, and those of the starts that a Hugging Face trainer keeps in {@code runs}.
 */
public final class TensorBoardSource implements LogSource<MetricLog> {

    private static final byte[] VERSION = Bytes.ascii("brain.Event:");
    /** Key and length of the version in an event: field 3, 13 bytes. */
    private static final int VERSION_AT_MOST = 64;

    private static final Set<String> PARTS = Set.of("train", "training", "validation", "val", "valid", "eval", "test");
    private static final LogFormat FORMAT = new LogFormat("tensorboard");

    private final ColumnMapping mapping = ColumnMapping.named("tensorboard");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public TensorBoardSource() {}

    @Override
    public LogFormat format() {
        return FORMAT;
    }

    @Override
    public Turn turn() {
        return Turn.TRACKERS;
    }

    @Override
    public Recognition recognise(LogHead head) {
        byte[] bytes = head.bytes();
        int end = Math.min(bytes.length, VERSION_AT_MOST);
        return Bytes.find(bytes, 0, end, VERSION) >= 0 && bytes.length > 11 && bytes[4] == 0
                ? Recognition.CERTAIN
                : Recognition.NO;
    }

    @Override
    public @Nullable MetricLog read(LogFile file) throws IOException {
        var log = new MetricLog(mapping);
        var events = new EventReader(log);
        try (InputStream stream = file.open()) {
            var records = new TfRecordReader(stream);
            for (TfRecordReader.Found found = records.next();
                    goesOn(found, file, records.offset());
                    found = records.next()) {
                if (found == TfRecordReader.Found.RECORD && !events.read(records.data(), records.length())) {
                    file.reject(RejectionReason.MALFORMED_RECORD, records.offset());
                }
            }
        }
        if (!events.isVersioned()) {
            file.refuse(RejectionReason.BINARY);
            return null;
        }
        return log;
    }

    /** Counts what is not a sound record, by its place in bytes; returns whether there may be more records. */
    private static boolean goesOn(TfRecordReader.Found found, LogFile file, long offset) {
        switch (found) {
            case END -> {
                return false;
            }
            case CUT -> {
                file.reject(RejectionReason.TRUNCATED_TAIL, offset);
                return false;
            }
            case BAD_HEAD -> {
                file.reject(RejectionReason.BAD_CHECKSUM, offset);
                return false;
            }
            case BAD_DATA -> file.reject(RejectionReason.BAD_CHECKSUM, offset);
            case RECORD, TOO_LONG -> {
                // Graphs are long and tell nothing of what was trained.
            }
        }
        return true;
    }

    @Override
    public void assemble(List<FilePart<MetricLog>> parts, LogAssembly assembly) {
        var runs = new TrackedRuns(FORMAT, assembly);
        FilePart.by(part -> runFolder(part.file()), parts).values().forEach(files -> add(files, runs, assembly));
    }

    private static Path runFolder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null || folder.getFileName() == null || folder.getParent() == null) {
            return file.toAbsolutePath();
        }
        Path parent = folder.getParent();
        if (PARTS.contains(folder.getFileName().toString())) {
            return parent;
        }
        boolean start =
                parent.getFileName() != null && parent.getFileName().toString().equals("runs");
        return start ? parent : folder;
    }

    private static void add(List<FilePart<MetricLog>> files, TrackedRuns runs, LogAssembly assembly) {
        List<FilePart<MetricLog>> ordered = files.stream()
                .sorted(Comparator.comparingLong(
                                (FilePart<MetricLog> part) -> part.told().firstMicros())
                        .thenComparing(FilePart::file))
                .toList();
        if (ordered.stream().noneMatch(part -> part.told().tellsTraining())) {
            ordered.forEach(part -> assembly.refuse(part.file(), RejectionReason.NO_RUN));
            return;
        }
        MetricLog first = ordered.get(0).told();
        var sources = new ArrayList<>(ordered.stream().map(FilePart::file).toList());
        Path beside = first.settings().putBeside(sources.get(0));
        if (beside != null) {
            sources.add(beside);
        }
        var run = new MetricRun(ordered.stream().map(FilePart::told).toList()).writtenAsFloats();
        RunEvidence evidence =
                run.evidence(first.firstMicros() + "|" + first.firstStep()).build();
        runs.add(run, evidence, sources);
    }
}
