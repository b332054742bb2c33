package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A format is found on the class path by the service file and on the module path by the descriptor: both must name it. */
class ServiceDescriptorTest {

    @Test
    void theModuleProvidesWhatTheServiceFileNames() throws IOException {
        List<String> services = Files.readAllLines(
                Path.of("src", "main", "resources", "META-INF", "services", LogSource.class.getName()));
        String descriptor = Files.readString(Path.of("src", "main", "module", "module-info.java"));
        String provided =
                descriptor.substring(descriptor.indexOf(" with") + " with".length(), descriptor.lastIndexOf(';'));

        assertThat(Arrays.stream(provided.split(",")).map(String::strip))
                .containsExactlyElementsOf(
                        services.stream().filter(line -> !line.isBlank()).toList());
    }
}
