package org.flopledger.logs.evaluation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
import org.flopledger.logs.scan.FileHead;
import org.jspecify.annotations.Nullable;

/**
 * Results of lm-evaluation-harness and its like: {@code results} by task or as a list, beside {@code config}, {@code configs},
 * {@code versions} or {@code n-shot}; or {@code pass@k} alone. Only counts are kept, no names and no texts of tasks.
 */
public final class EvaluationSource implements LogSource<EvaluationSource.Results> {

    private static final LogFormat FORMAT = new LogFormat("lm-eval");
    private static final Set<String> BESIDE = Set.of(
            "config",
            "configs",
            "versions",
            "n-shot",
            "config_general",
            "total_evaluation_time_seconds",
            "table_results");
    private static final int MOST_TASKS = 100_000;

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public EvaluationSource() {}

    /** What one file of results tells. */
    public static final class Results {

        private final Set<Integer> tasks = new HashSet<>();
        private long metrics;
        private double seconds = Double.NaN;

        private Results() {}
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
        if (head.kind() != FileHead.Kind.JSON) {
            return Recognition.NO;
        }
        Set<String> names = head.jsonNames();
        if (!names.isEmpty() && names.stream().allMatch(name -> name.matches("pass@\\d{1,6}"))) {
            return Recognition.CERTAIN;
        } else if (!names.contains("results")) {
            return Recognition.NO;
        }
        return names.stream().anyMatch(BESIDE::contains) ? Recognition.LIKELY : Recognition.POSSIBLE;
    }

    @Override
    public @Nullable Results read(LogFile file) throws IOException {
        var results = new Results();
        try (JsonParser parser = file.openJson()) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("results") && value == JsonToken.START_OBJECT) {
                    tasks(parser, results);
                } else if (name.equals("results") && value == JsonToken.START_ARRAY) {
                    list(parser, results);
                } else if (name.equals("total_evaluation_time_seconds") && value.isScalarValue()) {
                    results.seconds = seconds(parser.getText());
                } else {
                    if (name.startsWith("pass@")) {
                        results.tasks.add("pass@".hashCode());
                        results.metrics++;
                    }
                    parser.skipChildren();
                }
            }
        }
        return results.metrics == 0 ? null : results;
    }

    /** {@code {task: {metric: number}}}, or with one more level between them. */
    private static void tasks(JsonParser parser, Results results) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String task = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                add(task, results);
                results.metrics += numbers(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** {@code [{task_name: text, metric: number}]}, one for every way of asking. */
    private static void list(JsonParser parser, Results results) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("task_name") && value == JsonToken.VALUE_STRING) {
                    add(parser.getText(), results);
                } else if (value.isNumeric()) {
                    results.metrics++;
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** Returns how many numbers an object holds, those of objects in it included. */
    private static long numbers(JsonParser parser) throws IOException {
        long numbers = 0;
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return numbers;
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token.isNumeric()) {
                numbers++;
            }
        }
        return numbers;
    }

    private static void add(String task, Results results) {
        if (results.tasks.size() < MOST_TASKS) {
            results.tasks.add(task.hashCode());
        }
    }

    private static double seconds(String text) {
        return text.matches("\\d{1,12}(\\.\\d{1,20})?") ? Double.parseDouble(text) : Double.NaN;
    }

    @Override
    public void assemble(List<FilePart<Results>> parts, LogAssembly assembly) {
        for (FilePart<Results> part : parts) {
            Results results = part.told();
            var figures = new ArrayList<Figure>();
            figures.add(new Figure("tasks", "1", BigDecimal.valueOf(results.tasks.size())));
            figures.add(new Figure("metrics", "1", BigDecimal.valueOf(results.metrics)));
            if (!Double.isNaN(results.seconds)) {
                figures.add(new Figure("duration", "s", BigDecimal.valueOf(results.seconds)));
            }
            assembly.add(new LoggedEvidence(
                    LoggedEvidence.Kind.EVALUATION,
                    FORMAT,
                    List.of(part.file()),
                    null,
                    null,
                    null,
                    figures,
                    List.of(new LogWarning(
                            LogWarning.Code.NO_COMPUTE,
                            "results of evaluation tell what a model can do, not what it cost"))));
        }
    }
}
