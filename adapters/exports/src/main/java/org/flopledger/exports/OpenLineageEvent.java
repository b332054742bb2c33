package org.flopledger.exports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.flopledger.account.ComputeFigure;
import org.flopledger.exports.Measured.Sum;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * An OpenLineage run event with a run facet of our own for what the run cost.
 *
 * <p>The event is of type OTHER: it adds to a run that others began and completed. OpenLineage names runs by UUIDs, so the run's
 * identity is made one by its name alone: the same run has the same UUID in every export.
 */
final class OpenLineageEvent {

    /** The facet's schema stands in {@code docs/training-compute-run-facet.json} of this module. */
    static final String FACET_SCHEMA =
            "https://flopledger.org/openlineage/training-compute-run-facet/1-0-0.json#/$defs/TrainingComputeRunFacet";

    private static final String EVENT_SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    private static final String PRODUCER = "https://flopledger.org/flopledger/";

    private OpenLineageEvent() {}

    /** Returns the event as one line, as OpenLineage's files hold events. */
    static String text(String library, ExportedRun run, Instant created) {
        var measured = new Measured(run);
        ObjectNode event = Json.object();
        Instant end = measured.endedAt();
        event.put("eventTime", Objects.requireNonNullElse(end, created).toString())
                .put("producer", PRODUCER + library)
                .put("schemaURL", EVENT_SCHEMA)
                .put("eventType", "OTHER");
        ObjectNode facet = event.putObject("run")
                .put("runId", uuid(measured.name()))
                .putObject("facets")
                .putObject("flopledger_trainingCompute")
                .put("_producer", PRODUCER + library)
                .put("_schemaURL", FACET_SCHEMA);
        facet(facet, measured);
        event.putObject("job").put("namespace", "flopledger").put("name", measured.name());
        event.putArray("inputs");
        event.putArray("outputs");
        return Json.line(event);
    }

    private static String uuid(String run) {
        return UUID.nameUUIDFromBytes(("flopledger:run:" + run).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static void facet(ObjectNode facet, Measured measured) {
        ComputeFigure total = measured.total();
        figure(facet, "total", total);
        figure(facet, "retained", measured.run().account().retained());
        figure(facet, "discarded", measured.run().account().discarded());
        ObjectNode stages = facet.putObject("stages");
        measured.run().account().totalByStage().forEach((stage, figure) -> figure(stages, stage.name(), figure));
        ObjectNode methods = facet.putObject("methods");
        total.parts().forEach((method, part) -> interval(methods.putObject(method.name()), part.bounds()));
        Json.put(facet, "attempts", measured.attempts());
        Json.put(facet, "startedAt", measured.startedAt());
        Json.put(facet, "endedAt", measured.endedAt());
        sum(facet, "energyJoules", measured.joules());
        sum(facet, "deviceSeconds", measured.deviceSeconds());
        sum(facet, "tokens", measured.tokens());
        Json.put(facet, "devices", measured.devices());
        Json.put(facet, "deviceModel", measured.deviceModel());
        Json.put(facet, "totalParameters", measured.totalParameters());
        Json.put(facet, "activeParameters", measured.activeParameters());
        Json.put(facet, "trainableParameters", measured.trainableParameters());
        ArrayNode ancestors = Json.object().arrayNode();
        for (Ancestor ancestor : measured.run().facts().ancestors()) {
            ObjectNode one = ancestors
                    .addObject()
                    .put("name", ancestor.model())
                    .put("role", ancestor.role().name());
            FlopBounds compute = ancestor.compute();
            if (compute != null) {
                interval(one.putObject("operations"), compute);
            }
        }
        Json.put(facet, "ancestors", ancestors);
    }

    private static void figure(ObjectNode parent, String name, ComputeFigure figure) {
        ObjectNode object = parent.putObject(name);
        if (figure.covered() > 0 || figure.observations() == 0) {
            interval(object, figure.bounds());
        }
        object.put("observations", Long.toString(figure.observations()))
                .put("observationsWithFigure", Long.toString(figure.covered()));
    }

    private static void interval(ObjectNode object, FlopBounds bounds) {
        object.put("low", bounds.low().toString())
                .put("best", bounds.best().toString())
                .put("high", bounds.high().toString())
                .put("unit", "FLOP");
    }

    private static void sum(ObjectNode parent, String name, @Nullable Sum sum) {
        if (sum != null) {
            parent.putObject(name)
                    .put("amount", sum.amount().toPlainString())
                    .put("observations", Long.toString(sum.observations()))
                    .put("observationsWithAmount", Long.toString(sum.known()));
        }
    }
}
