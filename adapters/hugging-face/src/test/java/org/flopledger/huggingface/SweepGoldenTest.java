package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.SweptModel.Outcome;
import org.flopledger.huggingface.SweptModel.Verdict;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every model type of transformers in its default configuration: what our reading is worth beside what is built. {@code
 * docs/sweep.md} is written from the same comparison: run with {@code -Dflopledger.write=true} to renew it, and {@code
 * src/test/python/sweep.py} to measure another release.
 */
class SweepGoldenTest {

    private static final Path TABLE = Path.of("docs", "sweep.md");

    private static final List<Outcome> OUTCOMES = new ArrayList<>();
    private static JsonNode measured;

    @BeforeAll
    static void compareAll() {
        measured = Oracles.zipped("sweep.json.gz");
        for (JsonNode node : measured.get("cases")) {
            OUTCOMES.add(SweptModel.of(node).compare());
        }
    }

    @Test
    void noTypeIsCountedWronglyWithoutAWarning() {
        assertThat(OUTCOMES)
                .filteredOn(outcome -> outcome.verdict() == Verdict.WRONG)
                .extracting(Outcome::why)
                .isEmpty();
    }

    @Test
    void theTableOfTypesIsUpToDate() throws IOException {
        String written = table();
        if (Boolean.getBoolean("flopledger.write")) {
            Files.writeString(TABLE, written);
        }

        assertThat(TABLE).content().isEqualTo(written);
    }

    private static String table() {
        Map<Verdict, Integer> sums = new EnumMap<>(Verdict.class);
        OUTCOMES.forEach(outcome -> sums.merge(outcome.verdict(), 1, Integer::sum));
        var text = new StringBuilder("# Every model type of transformers\n\n")
                .append("Written by `SweepGoldenTest`; renew it with `-Dflopledger.write=true`.\n\n")
                .append("The default configuration of every type that transformers "
                        + measured.at("/versions/transformers").asText())
                .append(" can build, counted in the built model\n(`src/test/python/sweep.py`) and read by us.\n\n")
                .append("| verdict | types | meaning |\n|---|---|---|\n");
        for (Verdict verdict : Verdict.values()) {
            text.append(
                    "| " + verdict.word() + " | " + sums.getOrDefault(verdict, 0) + " | " + verdict.meaning() + " |\n");
        }
        text.append("| not built | " + measured.get("skipped").size()
                + " | no class is made for the configuration alone, or it cannot be made |\n\n");
        text.append("| model_type | class | parameters | verdict | why |\n|---|---|---|---|---|\n");
        for (Outcome outcome : OUTCOMES) {
            JsonNode node = outcome.node();
            text.append("| " + node.get("type").asText() + " | "
                    + node.get("class").asText() + " | " + node.get("total").asLong() + " | "
                    + outcome.verdict().word() + " | " + shown(outcome) + " |\n");
        }
        return text.toString();
    }

    /** The sentence about the bound ends every refusal. */
    private static String shown(Outcome outcome) {
        String why = outcome.why();
        int end = why.indexOf(". Its parameters, if");
        return (end < 0 ? why : why.substring(0, end)).replace("|", "/");
    }
}
