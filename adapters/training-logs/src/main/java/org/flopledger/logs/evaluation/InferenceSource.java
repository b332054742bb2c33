package org.flopledger.logs.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.logs.FilePart;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LogSource;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedEvidence;
import org.flopledger.logs.LoggedEvidence.Figure;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Results of MLPerf inference: the summary that its load generator prints, and its detailed log of {@code :::MLLOG} records, which is
 * no log of a training though its records look alike.
 */
public final class InferenceSource implements LogSource<InferenceSource.Measured> {

    private static final LogFormat FORMAT = new LogFormat("inference-mlperf");
    private static final byte[] SUMMARY = Bytes.ascii("MLPerf Results Summary");
    private static final byte[] DETAIL = Bytes.ascii("\"loadgen_version\"");
    private static final byte[] RECORD = Bytes.ascii(":::ML");
    private static final int LONGEST_LINE = 1 << 14;

    private static final Pattern LINE =
            Pattern.compile("^\\s*([A-Za-z0-9 ./()]{3,60}?)\\s*:\\s*([A-Za-z0-9.+-]{1,40})\\b");
    private static final Pattern RESULT =
            Pattern.compile("\"key\": *\"(result_[a-z0-9_.]{1,60})\".{0,40}?\"value\": *\"?([A-Za-z0-9.+-]{1,40})");

    private static final Map<String, String> FIGURES = Map.of(
            "samples per second", "samples-per-second",
            "completed samples per second", "samples-per-second",
            "scheduled samples per second", "scheduled-samples-per-second",
            "tokens per second", "tokens-per-second",
            "completed tokens per second", "tokens-per-second",
            "result_samples_per_second", "samples-per-second",
            "result_completed_samples_per_sec", "samples-per-second",
            "result_scheduled_samples_per_sec", "scheduled-samples-per-second",
            "result_tokens_per_second", "tokens-per-second",
            "result_completed_tokens_per_second", "tokens-per-second");

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public InferenceSource() {}

    /** What one file tells. */
    public static final class Measured {

        private final Map<String, BigDecimal> figures = new LinkedHashMap<>();
        private @Nullable Boolean valid;

        private Measured() {}
    }

    @Override
    public LogFormat format() {
        return FORMAT;
    }

    @Override
    public Turn turn() {
        return Turn.EVIDENCE;
    }

    @Override
    public Recognition recognise(LogHead head) {
        if (!head.isText()) {
            return Recognition.NO;
        }
        boolean detail = head.contains(RECORD) && head.contains(DETAIL);
        return detail || head.contains(SUMMARY) ? Recognition.CERTAIN : Recognition.NO;
    }

    @Override
    public @Nullable Measured read(LogFile file) throws IOException {
        var measured = new Measured();
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            while (lines.next()) {
                int length = lines.to() - lines.from();
                if (!lines.isTooLong() && length > 0 && length <= LONGEST_LINE) {
                    line(new String(lines.bytes(), lines.from(), length, StandardCharsets.ISO_8859_1), measured);
                }
            }
        }
        return measured.figures.isEmpty() && measured.valid == null ? null : measured;
    }

    private static void line(String line, Measured measured) {
        Matcher matcher = line.startsWith(":::ML") ? RESULT.matcher(line) : LINE.matcher(line);
        if (!matcher.find()) {
            return;
        }
        String name = matcher.group(1).strip().toLowerCase(Locale.ROOT);
        String value = matcher.group(2);
        String figure = FIGURES.get(name);
        if (name.equals("result is") || name.equals("result_validity")) {
            measured.valid = value.equals("VALID");
        } else if (figure != null && value.matches("\\d{1,15}(\\.\\d{1,20})?([eE][-+]?\\d{1,2})?")) {
            measured.figures.putIfAbsent(figure, new BigDecimal(value));
        }
    }

    @Override
    public void assemble(List<FilePart<Measured>> parts, LogAssembly assembly) {
        for (FilePart<Measured> part : parts) {
            var figures = new ArrayList<Figure>();
            part.told().figures.forEach((name, value) -> figures.add(new Figure(name, "1/s", value)));
            Boolean valid = part.told().valid;
            if (valid != null) {
                figures.add(new Figure("valid", "1", valid ? BigDecimal.ONE : BigDecimal.ZERO));
            }
            assembly.add(new LoggedEvidence(
                    LoggedEvidence.Kind.INFERENCE,
                    FORMAT,
                    List.of(part.file()),
                    null,
                    null,
                    null,
                    figures,
                    List.of(new LogWarning(
                            LogWarning.Code.NO_COMPUTE,
                            "results of inference tell how fast a model answers, not what it cost"))));
        }
    }
}
