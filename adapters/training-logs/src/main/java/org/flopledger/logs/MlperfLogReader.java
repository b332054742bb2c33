package org.flopledger.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Streams one text file, collects its MLPerf records, and says what else it looks like. Confined to one thread; one instance a
 * file.
 */
final class MlperfLogReader implements MlperfRecordParser.Receiver {

    private static final int LINES_LOOKED_AT = 20_000;

    private final Path file;
    private final LineReader lines;
    private final Rejections rejections;
    private final MlperfEvidence evidence = new MlperfEvidence();
    private long withText;
    private long lastWithText;
    private RejectionReason other = RejectionReason.UNRECOGNISED_TEXT;

    MlperfLogReader(Path file, InputStream stream, Rejections rejections) {
        this.file = file;
        this.lines = new LineReader(stream);
        this.rejections = rejections;
    }

    /** Reads to the end of the file. */
    void read(MlperfRecordParser parser) throws IOException {
        while (lines.next()) {
            countLine();
            if (lines.isTooLong()) {
                rejections.add(RejectionReason.LINE_TOO_LONG, file, lines.number());
                continue;
            }
            parser.parse(lines.bytes(), lines.length(), this);
            if (evidence.records() == 0
                    && other == RejectionReason.UNRECOGNISED_TEXT
                    && lines.number() <= LINES_LOOKED_AT) {
                TextKind kind = TextKind.of(lines.bytes(), lines.length(), lines.number() == 1);
                other = kind == null ? other : kind.reason();
            }
        }
    }

    @Override
    public void onRecord(MlperfRecord found) {
        evidence.accept(found);
    }

    @Override
    public void onMalformed() {
        rejections.add(RejectionReason.MALFORMED_RECORD, file, lines.number());
    }

    @Override
    public void onTooOld() {
        other = RejectionReason.UNSUPPORTED_MLPERF_V05;
    }

    /** Returns what the records say. */
    MlperfEvidence evidence() {
        return evidence;
    }

    /** Returns the lines that hold more than blanks; pieces of a progress bar are one. */
    long lines() {
        return withText;
    }

    private void countLine() {
        if (lastWithText != lines.number() && (lines.isTooLong() || hasText())) {
            lastWithText = lines.number();
            withText++;
        }
    }

    private boolean hasText() {
        byte[] bytes = lines.bytes();
        for (int i = 0; i < lines.length(); i++) {
            if (bytes[i] < 0 || bytes[i] > ' ') {
                return true;
            }
        }
        return false;
    }

    /** Returns why the file was not read if it held no record. */
    RejectionReason other() {
        return other;
    }
}
