package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The module descriptor, which is written by hand, against the packages that there are. */
class ModuleDescriptorTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Path DESCRIPTOR = Path.of("src", "main", "module", "module-info.java");
    private static final Pattern EXPORTED = Pattern.compile("exports (\\S+);");

    @Test
    void everyPackageIsExportedButTheInternalOnes() throws IOException {
        assertThat(exported()).isEqualTo(packages());
    }

    private static Set<String> exported() throws IOException {
        return EXPORTED.matcher(Files.readString(DESCRIPTOR))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> packages() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                    .filter(name -> !name.startsWith("org.flopledger.internal"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
