package org.flopledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.flopledger.review.Finding;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopCount;

/** Writes a finding as canonical JSON for the journal, and reads it back. */
final class FindingJson {

    private FindingJson() {}

    static String write(RunFinding runFinding) {
        Finding finding = runFinding.finding();
        FlopCount flop = finding.flop();
        Instant at = finding.at();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("run", runFinding.run())
                .put("rule", finding.rule())
                .put("kind", finding.kind().name())
                .put("verdict", finding.verdict().name())
                .put("flop", flop == null ? null : flop.toString())
                .put("step", finding.step())
                .put("at", at == null ? null : at.toString())
                .put("summary", finding.summary());
        return node.toString();
    }

    static RunFinding read(String text) {
        JsonNode node = RunSpecJson.tree(text);
        return new RunFinding(
                node.path("run").asText(),
                new Finding(
                        node.path("rule").asText(),
                        Finding.Kind.valueOf(node.path("kind").asText()),
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
