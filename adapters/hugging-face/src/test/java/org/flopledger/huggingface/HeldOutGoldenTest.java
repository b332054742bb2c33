package org.flopledger.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.flopledger.huggingface.SweptModel.Outcome;
import org.flopledger.huggingface.SweptModel.Verdict;
import org.junit.jupiter.api.Test;

/** Random variations that neither a reader nor a measured law was made from ({@code src/test/python/heldout.py}). */
class HeldOutGoldenTest {

    private static final List<Outcome> OUTCOMES = outcomes();

    @Test
    void noVariationIsCountedWrongly() {
        assertThat(OUTCOMES)
                .filteredOn(outcome -> outcome.verdict() == Verdict.WRONG)
                .extracting(outcome -> outcome.node().get("id").asText() + ": " + outcome.why())
                .isEmpty();
    }

    @Test
    void variationsOfManyTypesAreReadAndNotOnlyRefused() {
        Set<String> read = new TreeSet<>();
        int answered = 0;
        for (Outcome outcome : OUTCOMES) {
            if (outcome.verdict() == Verdict.RIGHT || outcome.verdict() == Verdict.BOUNDED) {
                read.add(outcome.node().get("config").get("model_type").asText());
                answered++;
            }
        }

        assertThat(read).hasSizeGreaterThanOrEqualTo(300);
        assertThat(answered).isGreaterThanOrEqualTo(1300);
    }

    private static List<Outcome> outcomes() {
        List<Outcome> outcomes = new ArrayList<>();
        for (JsonNode node : Oracles.zipped("heldout.json.gz").get("cases")) {
            outcomes.add(SweptModel.of(node).compare());
        }
        return outcomes;
    }
}
