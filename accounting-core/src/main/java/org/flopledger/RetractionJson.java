package org.flopledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.internal.json.JsonText;
import org.flopledger.review.FindingKind;
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
        return JsonText.of(json -> json.text("format", retraction.keepsSteps() ? KEEPING_STEPS : FORMAT)
                .text("run", retraction.run())
                .number("attempt", retraction.attempt())
                .number("firstStep", retraction.firstStep())
                .number("lastStep", retraction.lastStep())
                .text("source", retraction.source())
                .text("reason", retraction.reason())
                .text("at", retraction.at())
                .number("observations", retraction.observations())
                .text("flop", retraction.flop())
                .objects(
                        "lapsed",
                        entry.lapsed(),
                        (fields, key) -> fields.text("rule", key.rule())
                                .text("kind", key.kind().name())));
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
                    FindingKind.valueOf(key.path("kind").asText())));
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
