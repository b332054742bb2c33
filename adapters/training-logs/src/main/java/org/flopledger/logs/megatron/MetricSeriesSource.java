package org.flopledger.logs.megatron;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogHead;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.Recognition;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.SingleFileSource;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.FileHead;
import org.jspecify.annotations.Nullable;

/**
 * Series of metric values as Megatron's functional tests keep them: {@code {"lm loss": {"start_step": 1, "end_step": 50, "step_interval":
 * 5, "values": {"1": 10.8, "5": "nan"}}}}, or a list of values in older ones. They tell how far a run went, and not what a step took.
 */
public final class MetricSeriesSource extends SingleFileSource {

    private static final byte[] INTERVAL = Bytes.ascii("\"step_interval\"");
    private static final byte[] VALUES = Bytes.ascii("\"values\"");
    private static final int IDENTITY = 600;
    private static final long MOST_NUMBER = 1L << 40;

    /** Creates the source; for {@link java.util.ServiceLoader}. */
    public MetricSeriesSource() {
        super(new LogFormat("metric-series"));
    }

    @Override
    public Recognition recognise(LogHead head) {
        boolean series = head.kind() == FileHead.Kind.JSON && head.contains(INTERVAL) && head.contains(VALUES);
        return series ? Recognition.LIKELY : Recognition.NO;
    }

    /** The longest series that was read. */
    private static final class Longest {
        private long points;
        private long lastStep = -1;
    }

    @Override
    public @Nullable RunEvidence read(LogFile file) throws IOException {
        var longest = new Longest();
        try (JsonParser parser = file.openJson()) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    series(parser, longest);
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (longest.points == 0 || longest.lastStep < 1) {
            return null;
        }
        LoggedStepsBuilder steps = LoggedSteps.builder();
        if (!steps.steps(1, longest.lastStep).add()) {
            file.refuse(RejectionReason.TOO_MANY_STEPS);
            return null;
        }
        String head = file.head().text();
        return RunEvidence.of(head.substring(0, Math.min(head.length(), IDENTITY)))
                .steps(steps)
                .lines(longest.points, longest.points)
                .unknown(Unknown.TOKENS)
                .unknown(Unknown.BATCH_SIZE)
                .unknown(Unknown.SEQUENCE_LENGTHS)
                .unknown(Unknown.MODEL)
                .unknown(Unknown.DEVICES)
                .unknown(Unknown.PRIOR)
                .build();
    }

    private static void series(JsonParser parser, Longest longest) throws IOException {
        long start = 0;
        long interval = 1;
        long points = 0;
        long lastStep = -1;
        boolean listed = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("values") && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String step = parser.currentName();
                    lastStep = Math.max(lastStep, step.matches("\\d{1,12}") ? Long.parseLong(step) : -1);
                    points++;
                    parser.nextToken();
                    parser.skipChildren();
                }
            } else if (name.equals("values") && value == JsonToken.START_ARRAY) {
                listed = true;
                while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                    points++;
                    parser.skipChildren();
                }
            } else if (value == JsonToken.VALUE_NUMBER_INT && name.equals("start_step")) {
                start = number(parser);
            } else if (value == JsonToken.VALUE_NUMBER_INT && name.equals("step_interval")) {
                interval = number(parser);
            } else {
                parser.skipChildren();
            }
        }
        long last =
                listed && points <= MOST_NUMBER / Math.max(1, interval) ? start + (points - 1) * interval : lastStep;
        if (points > longest.points) {
            longest.points = points;
        }
        longest.lastStep = Math.max(longest.lastStep, last);
    }

    private static long number(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? 0
                : Math.min(Math.max(0, parser.getLongValue()), MOST_NUMBER);
    }
}
