package org.flopledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.review.Finding;
import org.flopledger.units.FlopCount;

/** Writes a retraction as canonical JSON for the journal, and reads it back. */
final class RetractionJson {

    private static final String FORMAT = "flopledger.retraction/1";

    /** Of steps that stay without figures; of a format of its own, so that no older reader takes them out. */
    private static final String KEEPING_STEPS = "flopledger.retraction/2";

    private RetractionJson() {}

    /**
     * A retraction and what it made untrue.
     *
     * @param retraction what was taken back
     * @param lapsed findings of the run that no longer hold, and are made again if they hold once more
     */
    record Entry(Retraction retraction, List<FindingLog.Key> lapsed) {}

    static String write(Entry entry) {
        Retraction retraction = entry.retraction();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("format", retraction.keepsSteps() ? KEEPING_STEPS : FORMAT)
                .put("run", retraction.run())
                .put("attempt", retraction.attempt())
                .put("firstStep", retraction.firstStep())
                .put("lastStep", retraction.lastStep())
                .put("source", retraction.source())
                .put("reason", retraction.reason())
                .put("at", retraction.at().toString())
                .put("observations", retraction.observations())
                .put("flop", retraction.flop().toString());
        ArrayNode lapsed = node.putArray("lapsed");
        for (FindingLog.Key key : entry.lapsed()) {
            lapsed.addObject().put("rule", key.rule()).put("kind", key.kind().name());
        }
        return node.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Entry read(String text) {
        JsonNode node = RunSpecJson.tree(text);
        String format = node.path("format").asText();
        if (!FORMAT.equals(format) && !KEEPING_STEPS.equals(format)) {
            throw new IllegalArgumentException(
                    "retraction has format '" + format + "', must be " + FORMAT + " or " + KEEPING_STEPS);
        }
        String run = node.path("run").asText();
        List<FindingLog.Key> lapsed = new ArrayList<>();
        for (JsonNode key : node.path("lapsed")) {
            lapsed.add(new FindingLog.Key(
                    run,
                    key.path("rule").asText(),
                    Finding.Kind.valueOf(key.path("kind").asText())));
        }
        Retraction retraction = new Retraction(
                run,
                node.path("attempt").asInt(),
                node.path("firstStep").asLong(),
                node.path("lastStep").asLong(),
                node.path("source").isTextual() ? node.path("source").asText() : null,
                node.path("reason").asText(),
                Instant.parse(node.path("at").asText()),
                node.path("observations").asLong(),
                FlopCount.parse(node.path("flop").asText()),
                KEEPING_STEPS.equals(format));
        return new Entry(retraction, lapsed);
    }
}
