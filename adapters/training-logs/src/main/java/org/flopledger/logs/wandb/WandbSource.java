package org.flopledger.logs.wandb;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricLog;
import org.flopledger.logs.metric.MetricRun;
import org.flopledger.logs.metric.RowLog;
import org.flopledger.logs.metric.SettingsYaml;
import org.flopledger.logs.metric.TrackedRuns;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonLimits;
import org.jspecify.annotations.Nullable;

/**
 * Runs of Weights &amp; Biases: {@code run-*.wandb}, and {@code files/wandb-summary.json} and {@code files/config.yaml} beside it,
 * which are all that is left of a run that was uploaded. Console output in {@code files/output.log} is a log of its trainer.
 */
public final class WandbSource implements LogSource<WandbSource.Part> {

    private static final LogFormat FORMAT = new LogFormat("wandb");
    private static final ObjectMapper JSON = new ObjectMapper(JsonLimits.factory());
    private static final Set<String> SUMMARY = Set.of("_timestamp", "_runtime", "_step");

    private final ColumnMapping mapping = ColumnMapping.named("wandb");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public WandbSource() {}

    /** What one file tells. */
    public static final class Part {

        private final Kind kind;
        private final MetricLog log;
        private final String runId;
        private final @Nullable Instant start;
        private final @Nullable Long exitCode;

        private Part(Kind kind, MetricLog log, String runId, @Nullable Instant start, @Nullable Long exitCode) {
            this.kind = kind;
            this.log = log;
            this.runId = runId;
            this.start = start;
            this.exitCode = exitCode;
        }
    }

    private enum Kind {
        LOG,
        SUMMARY,
        CONFIG
    }

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
        if (head.startsWith(TransactionLog.HEAD)) {
            return Recognition.CERTAIN;
        } else if (head.kind() == FileHead.Kind.JSON) {
            return isSummary(head) ? Recognition.LIKELY : Recognition.NO;
        }
        return isConfig(head) ? Recognition.LIKELY : Recognition.NO;
    }

    private static boolean isSummary(LogHead head) {
        boolean named = String.valueOf(head.path().getFileName()).equals("wandb-summary.json");
        return named && SUMMARY.stream().anyMatch(head.jsonNames()::contains);
    }

    private static boolean isConfig(LogHead head) {
        return head.kind() == FileHead.Kind.TEXT
                && String.valueOf(head.path().getFileName()).equals("config.yaml")
                && (head.text().contains("wandb_version:") || head.text().contains("_wandb:"));
    }

    @Override
    public @Nullable Part read(LogFile file) throws IOException {
        if (file.head().kind() == FileHead.Kind.JSON) {
            return summary(file);
        }
        return file.head().startsWith(TransactionLog.HEAD) ? log(file) : config(file);
    }

    private Part log(LogFile file) throws IOException {
        var records = new WandbRecords(mapping);
        try (InputStream stream = file.open()) {
            var log = new TransactionLog(stream);
            for (TransactionLog.Found found = log.next(); found != TransactionLog.Found.END; found = log.next()) {
                switch (found) {
                    case BAD -> file.reject(RejectionReason.BAD_CHECKSUM, log.offset());
                    case CUT -> file.reject(RejectionReason.TRUNCATED_TAIL, log.offset());
                    case TOO_LONG -> file.reject(RejectionReason.LINE_TOO_LONG, log.offset());
                    default -> {
                        if (!records.read(log.record(), log.length())) {
                            file.reject(RejectionReason.MALFORMED_RECORD, log.offset());
                        }
                    }
                }
            }
        }
        MetricLog metrics = onlyRun(records.rows());
        metrics.settings().putAll(records.settings());
        Instant start = records.startSecond() > 0 ? Instant.ofEpochSecond(records.startSecond()) : null;
        return new Part(Kind.LOG, metrics, records.runId(), start, records.exitCode());
    }

    private MetricLog onlyRun(RowLog rows) {
        return rows.runs().values().stream().findFirst().orElseGet(() -> new MetricLog(mapping));
    }

    private @Nullable Part summary(LogFile file) throws IOException {
        var rows = new RowLog(mapping);
        double end = 0;
        double runtime = 0;
        try (JsonParser parser = file.openJson()) {
            JsonNode json = JSON.readTree(parser);
            if (json == null || !json.isObject()) {
                return null;
            }
            end = json.path("_timestamp").asDouble();
            runtime = json.path("_runtime")
                    .asDouble(json.path("_wandb").path("runtime").asDouble());
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (field.getValue().isNumber()) {
                    rows.put(field.getKey(), field.getValue().doubleValue());
                }
            }
        }
        rows.endRow();
        boolean timed = runtime >= 0 && end > runtime && end < 1e10;
        Instant start = timed ? Instant.ofEpochMilli(Math.round((end - runtime) * 1_000)) : null;
        return new Part(Kind.SUMMARY, onlyRun(rows), "", start, null);
    }

    private Part config(LogFile file) throws IOException {
        var log = new MetricLog(mapping);
        try (InputStream stream = file.open()) {
            log.settings().putAll(SettingsYaml.parse(stream.readNBytes(FileHead.LENGTH * 16)));
        }
        return new Part(Kind.CONFIG, log, "", null, null);
    }

    @Override
    public void assemble(List<FilePart<Part>> parts, LogAssembly assembly) {
        var runs = new TrackedRuns(FORMAT, assembly);
        FilePart.by(part -> runFolder(part.file()), parts).values().forEach(files -> add(files, runs, assembly));
    }

    private static Path runFolder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path above = folder == null ? null : folder.getParent();
        boolean isFiles = folder != null && String.valueOf(folder.getFileName()).equals("files");
        return isFiles && above != null ? above : Objects.requireNonNullElse(folder, file);
    }

    private static void add(List<FilePart<Part>> files, TrackedRuns runs, LogAssembly assembly) {
        List<FilePart<Part>> logs = of(files, Kind.LOG);
        List<FilePart<Part>> told = logs.isEmpty() ? of(files, Kind.SUMMARY) : logs;
        if (told.isEmpty()) {
            files.forEach(part -> assembly.refuse(part.file(), RejectionReason.UNUSED_SIDE_FILE));
            return;
        }
        // One folder is one start of one process: a second log in it would be a copy.
        FilePart<Part> first = told.get(0);
        var metrics = new ArrayList<MetricLog>(List.of(first.told().log));
        of(files, Kind.CONFIG).forEach(part -> metrics.add(part.told().log));
        var run = new MetricRun(metrics);
        RunEvidence.Builder evidence = run.evidence(identity(first.told()));
        tellEnd(evidence, first.told());
        var sources = new ArrayList<Path>(List.of(first.file()));
        files.stream()
                .map(FilePart::file)
                .filter(file -> !sources.contains(file))
                .forEach(sources::add);
        runs.add(run, evidence.build(), sources);
    }

    private static List<FilePart<Part>> of(List<FilePart<Part>> files, Kind kind) {
        return files.stream().filter(part -> part.told().kind == kind).toList();
    }

    private static String identity(Part part) {
        return part.runId + "|" + part.start + "|" + part.log.firstMicros();
    }

    private static void tellEnd(RunEvidence.Builder evidence, Part part) {
        long last = part.log.lastMicros();
        Instant end = last == MetricLog.NO_TIME ? null : Instant.ofEpochMilli(last / 1_000);
        if (part.start != null && end != null && !end.isBefore(part.start)) {
            evidence.between(part.start, end);
        }
        if (part.exitCode != null) {
            evidence.status(part.exitCode == 0 ? RunStatus.SUCCESS : RunStatus.ABORTED);
        } else if (part.kind == Kind.LOG) {
            evidence.status(RunStatus.UNFINISHED);
        }
    }
}
