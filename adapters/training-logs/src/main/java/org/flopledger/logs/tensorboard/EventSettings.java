package org.flopledger.logs.tensorboard;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricLog;
import org.flopledger.logs.metric.MetricSettings;
import org.flopledger.logs.scan.RegularFiles;
import org.jspecify.annotations.Nullable;

/** Reads what a Hugging Face trainer writes of its arguments and its model at the beginning of an event file. Stateless. */
public final class EventSettings {

    /** Settings are written before the first step. */
    private static final int RECORDS_LOOKED_AT = 64;

    private EventSettings() {}

    /** Returns the settings, or null if the file is absent, unreadable or no event file. */
    public static @Nullable MetricSettings read(Path file) {
        if (!RegularFiles.isReadable(file)) {
            return null;
        }
        var log = new MetricLog(ColumnMapping.named("tensorboard"));
        var events = new EventReader(log);
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            var records = new TfRecordReader(stream);
            for (int i = 0; i < RECORDS_LOOKED_AT; i++) {
                TfRecordReader.Found found = records.next();
                if (found == TfRecordReader.Found.RECORD) {
                    events.read(records.data(), records.length());
                } else if (found != TfRecordReader.Found.TOO_LONG && found != TfRecordReader.Found.BAD_DATA) {
                    break;
                }
            }
        } catch (IOException e) {
            return null;
        }
        return events.isVersioned() ? log.settings() : null;
    }
}
