package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.logs.CorpusFacts.Fact;
import org.flopledger.logs.CorpusFacts.Told;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every real file beside the checkout: what is read of it, and whether it is what is known of it. {@code docs/coverage.md} is written
 * from the same reading: run with {@code -Dflopledger.write=true} to renew it.
 */
class CoverageGoldenTest {

    private static final Path TABLE = Path.of("docs", "coverage.md");

    private static final Map<String, Row> ROWS = new TreeMap<>();
    private static final List<String> FAULTS = new ArrayList<>();

    /** What became of the files of a kind. */
    private static final class Row {

        private final Map<String, Integer> uses = new TreeMap<>();
        private final Collection<String> formats = new TreeSet<>();
        private final Collection<String> reasons = new TreeSet<>();
        private final Collection<String> compared = new TreeSet<>();
        private int files;
        private int facts;
        private int described;
    }

    @BeforeAll
    static void readAll() throws IOException {
        Path corpus = Corpus.folder();
        for (String kind : Corpus.kinds()) {
            LogCollection found = TrainingLogs.read(List.of(corpus.resolve(kind)), 1, (done, files) -> {});
            Row row = ROWS.computeIfAbsent(kind, key -> new Row());
            for (FileUse use : found.uses()) {
                row.files++;
                row.uses.merge(use.use().label(), 1, Integer::sum);
                if (use.reason() != null) {
                    row.reasons.add(use.reason().code());
                }
            }
            found.runs().forEach(run -> row.formats.add(run.format().label()));
            found.evidence().forEach(told -> row.formats.add(told.format().label()));
            for (Map.Entry<String, JsonNode> file : Corpus.known(kind).entrySet()) {
                compare(row, file.getKey(), file.getValue(), found, corpus.resolve(file.getKey()));
            }
        }
    }

    /** A file that repeats another is read alone, for what is known of it is not that of the other. */
    private static void compare(Row row, String name, JsonNode known, LogCollection all, Path file) {
        boolean used = all.uses().stream()
                .anyMatch(use -> use.file().startsWith(file)
                        && (use.use() == FileUse.Use.USED || use.use() == FileUse.Use.EVIDENCE));
        LogCollection found = used ? all : TrainingLogs.read(List.of(file), 1, (done, files) -> {});
        List<LoggedRun> runs = found.runs().stream()
                .filter(run -> run.sources().stream().anyMatch(source -> source.startsWith(file)))
                .toList();
        LoggedEvidence evidence = found.evidence().stream()
                .filter(told -> told.sources().contains(file))
                .findFirst()
                .orElse(null);
        if (runs.isEmpty() && evidence == null) {
            row.described += isDescription(file) ? 1 : 0;
            return;
        }
        for (Fact fact : CorpusFacts.of(row(name))) {
            if (fact.isKnown(known)) {
                row.facts++;
                row.compared.add(fact.key());
                if (!fact.agrees(new Told(found, runs, evidence), known)) {
                    FAULTS.add(name + ": " + fact.key() + " is known to be " + known.get(fact.key()));
                }
            }
        }
    }

    /** Returns whether it describes a model, which is no log and what {@code estimate} reads. */
    private static boolean isDescription(Path file) {
        try {
            ModelDescription.read(file);
            return true;
        } catch (DescriptionException e) {
            return false;
        }
    }

    private static String row(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    @Test
    void everyFigureIsTheOneThatIsKnown() {
        assertThat(FAULTS).isEmpty();
    }

    @Test
    void noFileIsLeftOutWithoutAReason() {
        assertThat(ROWS.values()).allSatisfy(row -> {
            int unused = row.uses.getOrDefault(FileUse.Use.UNUSED.label(), 0);
            assertThat(row.reasons.isEmpty()).isEqualTo(unused == 0);
            assertThat(row.reasons).doesNotContain("reader-failed", "unrecognised-text");
        });
    }

    @Test
    void theTableIsUpToDate() throws IOException {
        String written = table();
        if (Boolean.getBoolean("flopledger.write")) {
            Files.writeString(TABLE, written);
        }

        assertThat(TABLE).content().isEqualTo(written);
    }

    private static String table() {
        var text = new StringBuilder("# What is read of real files\n\n")
                .append(
                        "Written by `CoverageGoldenTest` from the real logs that lie beside a checkout; renew it with\n"
                                + "`mvn -pl adapters/training-logs -am test -Dtest=CoverageGoldenTest -Dflopledger.write=true`. Every file is read as\n"
                                + "what is known of it says, or the reason is among those of the row. Repeats are further copies of a run that is kept.\n\n")
                .append(
                        "| kind | files | read as | used | evidence | side files | repeats | not used, and why | read by `estimate` | figures compared, all"
                                + " equal | which |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        ROWS.forEach((kind, row) -> text.append("| " + kind + " | " + row.files + " | " + joined(row.formats) + " | "
                + count(row, FileUse.Use.USED) + " | " + count(row, FileUse.Use.EVIDENCE) + " | "
                + count(row, FileUse.Use.SIDE_FILE) + " | " + count(row, FileUse.Use.REPEAT) + " | "
                + count(row, FileUse.Use.UNUSED) + (row.reasons.isEmpty() ? "" : ": " + joined(row.reasons)) + " | "
                + row.described + " | " + row.facts + " | " + joined(row.compared) + " |\n"));
        return text.toString();
    }

    private static int count(Row row, FileUse.Use use) {
        return row.uses.getOrDefault(use.label(), 0);
    }

    private static String joined(Collection<String> words) {
        return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
    }
}
