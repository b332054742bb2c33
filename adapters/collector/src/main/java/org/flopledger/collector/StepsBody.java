package org.flopledger.collector;

import java.util.Locale;
import org.flopledger.ComputeLedger;
import org.flopledger.spool.LineSplitter;
import org.flopledger.spool.StepLines;
import org.jspecify.annotations.Nullable;

/** Takes the body of {@code POST /v1/steps} into a ledger. */
final class StepsBody {

    private StepsBody() {}

    /** What a body may be. */
    enum Kind {
        LINES,
        ARROW;

        /** Returns the kind of a media type, or null if steps do not come in it. */
        static @Nullable Kind of(@Nullable String contentType) {
            String type = contentType == null
                    ? ""
                    : contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
            return switch (type) {
                case "application/x-ndjson", "application/jsonl", "application/json" -> LINES;
                case "application/vnd.apache.arrow.stream" -> ARROW;
                default -> null;
            };
        }
    }

    /**
     * Returns what became of a body's steps, when the ledger has them, a durable one on its disk.
     *
     * @throws BadBodyException if it cannot be read
     * @throws org.flopledger.LedgerException if the ledger cannot take it
     */
    static Taken take(Kind kind, byte[] body, ComputeLedger ledger) throws BadBodyException {
        if (kind == Kind.ARROW) {
            return ArrowBody.take(body, ledger);
        }
        try (StepLines lines = new StepLines(ledger)) {
            LineSplitter splitter = new LineSplitter(lines, "line");
            splitter.take(body, 0, body.length);
            splitter.end();
            lines.flush();
            return Taken.of(lines.totals());
        }
    }
}
