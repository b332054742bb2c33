package org.flopledger.logs.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import org.flopledger.logs.Corpus;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.MetricLog;
import org.junit.jupiter.api.Test;

/** Reads the records of real event files and compares their number, tags and times with what is known. */
class EventFilesCorpusTest {

    @Test
    void findsEveryRecordTagAndTime() throws IOException {
        for (Map.Entry<String, JsonNode> file : Corpus.known("tfevents").entrySet()) {
            JsonNode known = file.getValue();
            var log = new MetricLog(ColumnMapping.named("tensorboard"));
            var events = new EventReader(log);
            long records = 0;
            try (InputStream stream =
                    new BufferedInputStream(Files.newInputStream(Corpus.folder().resolve(file.getKey())))) {
                var reader = new TfRecordReader(stream);
                TfRecordReader.Found found = reader.next();
                while (found == TfRecordReader.Found.RECORD) {
                    records++;
                    assertThat(events.read(reader.data(), reader.length()))
                            .as(file.getKey())
                            .isTrue();
                    found = reader.next();
                }
                assertThat(found == TfRecordReader.Found.CUT)
                        .as(file.getKey())
                        .isEqualTo(known.path("truncated_tail").asBoolean());
            }
            assertThat(records)
                    .as(file.getKey())
                    .isEqualTo(known.path("records").asLong());
            assertThat(log.firstMicros() / 1e6)
                    .as(file.getKey())
                    .isCloseTo(known.path("first_wall_time").asDouble(), within(1e-5));
            assertThat(log.lastMicros() / 1e6)
                    .as(file.getKey())
                    .isCloseTo(known.path("last_wall_time").asDouble(), within(1e-5));
            log.columns()
                    .keySet()
                    .forEach(tag -> assertThat(log.points(tag))
                            .as(file.getKey() + " " + tag)
                            .isEqualTo(known.path("tags").path(tag).asLong()));
            assertThat(log.columns().keySet()).as(file.getKey()).containsAll(names(known.path("last_scalars")));
        }
    }

    private static Iterable<String> names(JsonNode object) {
        return object::fieldNames;
    }
}
