package org.flopledger.logs.otlp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.otlp.TrainingCounters.Counted;
import org.flopledger.logs.otlp.TrainingCounters.Run;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.FileHead;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of OpenTelemetry in the JSON of OTLP, one export request a line as the collector's file exporter writes them, or one to a file.
 * Monotonic sums of tokens and steps are read; rates and gauges tell no total.
 */
public final class OtlpJsonSource implements LogSource<TrainingCounters> {

    private static final byte[] METRICS = Bytes.ascii("\"resourceMetrics\"");
    private static final long LARGEST_REQUEST = 16 << 20;
    private static final long NANOS = 1_000_000_000L;
    private static final LogFormat FORMAT = new LogFormat("otlp");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public OtlpJsonSource() {}

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
        return head.kind() == FileHead.Kind.JSON && head.contains(METRICS) ? Recognition.LIKELY : Recognition.NO;
    }

    @Override
    public @Nullable TrainingCounters read(LogFile file) throws IOException {
        var counters = new TrainingCounters();
        var json = new ObjectMapper(JsonLimits.factory());
        if (!readLines(file, json, counters)) {
            if (file.size() > LARGEST_REQUEST) {
                file.refuse(RejectionReason.UNSUPPORTED_TELEMETRY);
                return null;
            }
            try (InputStream stream = file.open()) {
                counters.add(json.readTree(stream));
            }
        }
        if (counters.runs().isEmpty()) {
            file.refuse(RejectionReason.UNSUPPORTED_TELEMETRY);
            return null;
        }
        return counters;
    }

    /** Returns false if the first line is no request of its own. */
    private static boolean readLines(LogFile file, ObjectMapper json, TrainingCounters counters) throws IOException {
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            boolean first = true;
            while (lines.next()) {
                if (lines.isTooLong()) {
                    file.reject(RejectionReason.MALFORMED_RECORD, lines.number());
                    first = false;
                } else if (lines.hasText()) {
                    try {
                        counters.add(json.readTree(lines.bytes(), lines.from(), lines.to() - lines.from()));
                    } catch (JsonProcessingException e) {
                        if (first) {
                            return false;
                        }
                        file.reject(RejectionReason.MALFORMED_RECORD, lines.number());
                    }
                    first = false;
                }
            }
        }
        return true;
    }

    @Override
    public void assemble(List<FilePart<TrainingCounters>> parts, LogAssembly assembly) {
        for (FilePart<TrainingCounters> part : parts) {
            for (Map.Entry<String, Run> told : part.told().runs().entrySet()) {
                LoggedRun run = run(told.getKey(), told.getValue(), part).toRun(FORMAT, List.of(part.file()));
                if (assembly.run(run.id()) == null) {
                    assembly.add(run);
                } else {
                    assembly.addRepeat(run.id(), "the same exporter in another file", List.of(part.file()));
                }
            }
        }
    }

    private static RunEvidence run(String identity, Run told, FilePart<TrainingCounters> part) {
        LoggedStepsBuilder steps = LoggedSteps.builder();
        long first = 1;
        long tokensOnly = 0;
        Long begun = null;
        for (long start : told.starts()) {
            if (begun == null) {
                begun = start;
            } else {
                steps.newAttempt();
            }
            long count = told.value(start, Counted.STEPS);
            long tokens = told.value(start, Counted.TOKENS);
            if (count > 0) {
                add(steps, first, count, tokens);
                first += count;
            } else {
                tokensOnly += Math.max(0, tokens);
            }
        }
        RunEvidence.Builder run = RunEvidence.of(identity + "|" + begun)
                .steps(steps)
                .lines(part.told().points(), part.told().points() - part.told().refused())
                .between(
                        begun == null || begun == 0 ? null : Instant.ofEpochSecond(begun / NANOS),
                        told.last() > 0 ? Instant.ofEpochSecond(told.last() / NANOS, told.last() % NANOS) : null)
                .unknown(Unknown.SEQUENCE_LENGTHS)
                .unknown(Unknown.BATCH_SIZE)
                .unknown(Unknown.DEVICES)
                .unknown(Unknown.MODEL);
        if (tokensOnly > 0) {
            run.tokens(tokensOnly);
        }
        return run.build();
    }

    /** Counters tell sums: the steps share the tokens, the first ones with one more where they do not divide. */
    private static void add(LoggedStepsBuilder steps, long first, long count, long tokens) {
        long more = tokens < 0 ? 0 : tokens % count;
        if (more > 0) {
            steps.steps(first, more).tokens(tokens / count + 1).add();
        }
        steps.steps(first + more, count - more);
        if (tokens >= 0) {
            steps.tokens(tokens / count);
        }
        steps.add();
    }
}
