package org.flopledger.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SampleLogsTest {

    @Test
    void theKeptLogsAreWhatTheGeneratorWrites() throws IOException {
        Path kept = Path.of("logs");
        Map<String, String> onDisk = new TreeMap<>();
        try (Stream<Path> files = Files.walk(kept)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                onDisk.put(kept.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }

        assertThat(onDisk).isEqualTo(SampleLogs.files());
    }
}
