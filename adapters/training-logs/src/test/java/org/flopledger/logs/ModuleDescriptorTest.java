package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The module descriptor, against the files that say the same to a class path. */
class ModuleDescriptorTest {

    private static final Path DESCRIPTOR = Path.of("src", "main", "module", "module-info.java");
    private static final Path SERVICES = Path.of("src", "main", "resources", "META-INF", "services");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern EXPORTED = Pattern.compile("exports (\\S+);");

    @Test
    void providesWhatTheServiceFilesName() throws IOException {
        String descriptor = Files.readString(DESCRIPTOR);

        for (Path service : files(SERVICES)) {
            assertThat(descriptor)
                    .contains("uses " + service.getFileName() + ";")
                    .contains("provides " + service.getFileName() + " with");
            for (String provider : Files.readAllLines(service)) {
                String name = provider.replaceFirst("#.*", "").strip();
                if (!name.isEmpty()) {
                    assertThat(descriptor).containsPattern(Pattern.quote(name) + "\\s*[,;]");
                }
            }
        }
    }

    @Test
    void exportsOnlyPackagesThatAreThere() throws IOException {
        List<String> exported = EXPORTED.matcher(Files.readString(DESCRIPTOR))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(exported)
                .contains("org.flopledger.logs")
                .allSatisfy(name ->
                        assertThat(SOURCES.resolve(name.replace('.', '/'))).isDirectory());
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
