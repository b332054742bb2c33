package org.flopledger.logs.mlflow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricLog;
import org.flopledger.logs.metric.MetricRun;
import org.flopledger.logs.metric.SettingsYaml;
import org.flopledger.logs.metric.TrackedRuns;
import org.jspecify.annotations.Nullable;

/** One run of a file store, put together of its files. Confined to one thread; usable once. */
final class MlflowRun {

    private static final ColumnMapping MAPPING = ColumnMapping.named("trackers");
    private static final int MOST_PARAMS = 10_000;

    private final LogFormat format;
    private final Map<String, MetricPoints> metrics = new LinkedHashMap<>();
    private final ObjectNode params = JsonNodeFactory.instance.objectNode();

    MlflowRun(LogFormat format) {
        this.format = format;
    }

    void metric(String name, MetricPoints points) {
        metrics.put(name, points);
    }

    /** Takes a setting; all are texts, so what looks like a number is one. */
    void param(String name, String text) {
        if (params.size() < MOST_PARAMS) {
            params.setAll(
                    SettingsYaml.parse((name + ": " + text.replaceAll("\\R", " ")).getBytes(StandardCharsets.UTF_8)));
        }
    }

    void add(ObjectNode meta, List<Path> sources, LogAssembly assembly) {
        var log = new MetricLog(MAPPING);
        log.settings().putAll(params);
        boolean unnamed = !metrics.isEmpty() && metrics.values().stream().allMatch(MetricPoints::namesNoStep);
        if (unnamed) {
            log.countsRows();
        }
        inOrder(log);
        var run = new MetricRun(List.of(log));
        String id = meta.path("run_id").asText(meta.path("run_uuid").asText());
        RunEvidence.Builder evidence = run.evidence(id);
        Instant start = MlflowSource.millis(meta, "start_time");
        evidence.between(start, MlflowSource.millis(meta, "end_time"));
        RunStatus status = status(meta.path("status").asText());
        if (status != null) {
            evidence.status(status);
        }
        new TrackedRuns(format, assembly).add(run, evidence.build(), sources);
    }

    /** Each metric has a file of its own: their points are one history by time, and by step within a millisecond. */
    private void inOrder(MetricLog log) {
        record Point(String name, MetricPoints of, int at) {}
        metrics.entrySet().stream()
                // A run may have thousands of metrics; those that nobody knows the meaning of are not put in order.
                .filter(metric -> MAPPING.column(metric.getKey()) != null)
                .flatMap(metric -> IntStream.range(0, metric.getValue().size())
                        .mapToObj(i -> new Point(metric.getKey(), metric.getValue(), i)))
                .sorted(Comparator.comparingLong((Point point) -> point.of().millis(point.at()))
                        .thenComparingLong(point -> point.of().step(point.at())))
                .forEach(point -> log.add(
                        point.name(),
                        point.of().step(point.at()),
                        point.of().value(point.at()),
                        micros(point.of().millis(point.at()))));
    }

    private static long micros(long millis) {
        return millis >= 0 && millis < 10_000_000_000_000L ? millis * 1_000 : MetricLog.NO_TIME;
    }

    /** 3 is finished, 4 failed, 5 killed; newer versions write the words. */
    private static @Nullable RunStatus status(String written) {
        return switch (written) {
            case "3", "FINISHED" -> RunStatus.SUCCESS;
            case "4", "FAILED", "5", "KILLED" -> RunStatus.ABORTED;
            case "1", "RUNNING", "2", "SCHEDULED" -> RunStatus.UNFINISHED;
            default -> null;
        };
    }
}
