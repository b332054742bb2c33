package org.flopledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.flopledger.internal.json.JsonText;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopCount;

/** Writes a finding as canonical JSON for the journal, and reads it back. */
final class FindingJson {

    private FindingJson() {}

    /** Returns a finding as the journal keeps it: the keys of {@code JsonFigures.finding} in the order of the first version. */
    static String write(RunFinding runFinding) {
        Finding finding = runFinding.finding();
        return JsonText.of(json -> json.text("run", runFinding.run())
                .text("rule", finding.rule())
                .text("kind", finding.kind().name())
                .text("verdict", finding.verdict().name())
                .text("flop", finding.flop())
                .number("step", finding.step())
                .text("at", finding.at())
                .text("summary", finding.summary()));
    }

    static RunFinding read(String text) {
        JsonNode node = RunSpecJson.tree(text);
        return new RunFinding(
                node.path("run").asText(),
                new Finding(
                        node.path("rule").asText(),
                        FindingKind.valueOf(node.path("kind").asText()),
                        Verdict.valueOf(node.path("verdict").asText()),
                        node.path("flop").isTextual()
                                ? FlopCount.parse(node.path("flop").asText())
                                : null,
                        node.path("step").isNumber() ? node.path("step").asLong() : null,
                        node.path("at").isTextual()
                                ? Instant.parse(node.path("at").asText())
                                : null,
                        node.path("summary").asText()));
    }
}
