package org.flopledger.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Real logs beside the checkout, and what is known about each. */
public final class Corpus {

    private Corpus() {}

    /** Returns the folder of real logs; skips the test where there is none. */
    public static Path folder() {
        String shared = System.getProperty("flopledger.shared", "");
        Path folder = Path.of(shared, "corpus").normalize();
        Assumptions.assumeTrue(
                Files.isRegularFile(folder.resolve("MANIFEST.tsv")), "no real logs at " + folder + ", test skipped");
        return folder;
    }

    /** Returns the kinds of files there are, each a folder of the corpus. */
    static List<String> kinds() throws IOException {
        return Files.readAllLines(folder().resolve("MANIFEST.tsv")).stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf('/')))
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns what is known about each file below a folder of the corpus, by path relative to the corpus. */
    public static Map<String, JsonNode> known(String below) throws IOException {
        var known = new LinkedHashMap<String, JsonNode>();
        List<String> lines = Files.readAllLines(folder().resolve("MANIFEST.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t", -1);
            boolean told = columns[0].startsWith(below + "/") && columns[columns.length - 1].startsWith("{");
            if (told) {
                known.put(columns[0], new ObjectMapper().readTree(columns[columns.length - 1]));
            }
        }
        return known;
    }
}
