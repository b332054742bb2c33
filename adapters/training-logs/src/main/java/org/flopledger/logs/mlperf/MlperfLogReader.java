package org.flopledger.logs.mlperf;

import java.io.IOException;
import java.io.InputStream;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.scan.LineReader;

/** Streams one text file and collects its MLPerf records. Confined to one thread; one instance a file. */
final class MlperfLogReader implements MlperfRecordParser.Receiver {

    private final LogFile file;
    private final LineReader lines;
    private final MlperfEvidence evidence = new MlperfEvidence();
    private long withText;
    private long lastWithText;

    MlperfLogReader(LogFile file, InputStream stream) {
        this.file = file;
        this.lines = new LineReader(stream);
    }

    /** Reads to the end of the file. */
    void read(MlperfRecordParser parser) throws IOException {
        while (lines.next()) {
            countLine();
            if (lines.isTooLong()) {
                file.reject(RejectionReason.LINE_TOO_LONG, lines.number());
            } else {
                parser.parse(lines.bytes(), lines.from(), lines.to(), this);
            }
        }
    }

    @Override
    public void onRecord(MlperfRecord found) {
        evidence.accept(found, lines.number());
    }

    @Override
    public void onOther() {
        evidence.countRecord();
    }

    @Override
    public void onMalformed() {
        file.reject(RejectionReason.MALFORMED_RECORD, lines.number());
    }

    @Override
    public void onTooOld() {
        // Rounds v0.5 had another form; a file with nothing else is named by what it looks like.
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
        if (lastWithText != lines.number() && lines.hasText()) {
            lastWithText = lines.number();
            withText++;
        }
    }
}
