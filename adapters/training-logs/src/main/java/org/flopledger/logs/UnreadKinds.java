package org.flopledger.logs;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.LineReader;

/** Names the kinds of files that are known and that no format reads. */
final class UnreadKinds {

    private static final int LONGEST_LOOK = 400;
    private static final byte[] SQLITE = Bytes.ascii("SQLite format 3");
    private static final byte[] ARCHIVE = {'P', 'K', 3, 4};
    private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};
    private static final byte[] PICKLE = Bytes.ascii("data.pkl");
    private static final Set<String> TELEMETRY = Set.of("resourceMetrics", "resourceSpans", "resourceLogs");

    private UnreadKinds() {}

    /** Logs that are told by the look of a line. */
    private enum TextKind {
        TRAINER(
                RejectionReason.NO_STEPS,
                "-{5} (end of )?arguments -{5}|\\[titan] \\d{4}-|'actor_rollout_ref': *\\{|\\[Rank \\d+] (DeepSpeed|step=0, )"
                        + "|tokens per iteration will be:|^Tokens / micro-batch / rank:|^Config param \\w+:"
                        + "|^\\| train data pattern +\\||\\bstep:0/\\d+ val_loss:"),
        MLPERF_V05(RejectionReason.UNSUPPORTED_MLPERF_V05, ":::MLP"),
        TABLE(RejectionReason.UNSUPPORTED_TABLE, "^[\\w .\\[\\]%/()-]+(, *[\\w .\\[\\]%/()-]+){2,}$");

        private final RejectionReason reason;
        private final Pattern line;

        TextKind(RejectionReason reason, String line) {
            this.reason = reason;
            this.line = Pattern.compile(line);
        }
    }

    /**
     * Returns what a line of text looks like; {@link RejectionReason#UNRECOGNISED_TEXT} if like nothing that is known.
     *
     * @param first whether it is the first line: only that can be the head of a table
     */
    static RejectionReason ofLine(LineReader line, boolean first) {
        int length = Math.min(line.to() - line.from(), LONGEST_LOOK);
        String text = new String(line.bytes(), line.from(), length, StandardCharsets.ISO_8859_1);
        for (TextKind kind : TextKind.values()) {
            if ((kind != TextKind.TABLE || first) && kind.line.matcher(text).find()) {
                return kind.reason;
            }
        }
        return RejectionReason.UNRECOGNISED_TEXT;
    }

    /** Returns what bytes that are no text look like. */
    static RejectionReason ofBinary(LogHead head) {
        if (head.startsWith(ARCHIVE) && head.contains(PICKLE)) {
            return RejectionReason.PICKLE;
        }
        if (head.startsWith(ARCHIVE)) {
            return RejectionReason.UNSUPPORTED_ZIP;
        } else if (head.startsWith(ZSTD)) {
            return RejectionReason.UNSUPPORTED_ZSTD;
        }
        return head.startsWith(SQLITE) ? RejectionReason.UNSUPPORTED_SQLITE : RejectionReason.BINARY;
    }

    /** Returns what a JSON text looks like. */
    static RejectionReason ofJson(JsonFacts facts) {
        if (TELEMETRY.stream().anyMatch(facts::has)) {
            return RejectionReason.UNSUPPORTED_TELEMETRY;
        } else if (facts.isFollowedByMore() || (facts.has("current_steps") && facts.has("total_steps"))) {
            return RejectionReason.UNSUPPORTED_JSON_LINES;
        } else if (facts.has("results")) {
            return RejectionReason.UNSUPPORTED_EVALUATION_RESULTS;
        } else if (facts.has("step_interval") || facts.hasInside("step_interval")) {
            return RejectionReason.UNSUPPORTED_METRIC_SERIES;
        }
        return RejectionReason.UNRECOGNISED_JSON;
    }
}
