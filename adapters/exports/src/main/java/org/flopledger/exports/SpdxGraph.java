package org.flopledger.exports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * An SPDX 3.0.1 document, JSON-LD, with an AI package per run.
 *
 * <p>The document claims the core profile alone: the AI profile asks for a supplier, a place to download and a date of release, which no
 * ledger knows. Metrics are texts and energy is a decimal text of megajoules, so both are exact.
 */
final class SpdxGraph {

    private static final String IRI = "urn:flopledger:";
    private static final String CREATION = "_:creation";

    private SpdxGraph() {}

    static String text(String library, List<ExportedRun> runs, Instant created) {
        ObjectNode document = Json.object().put("@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld");
        ArrayNode graph = document.putArray("@graph");
        String agent = IRI + "agent:" + encoded(library);
        ObjectNode creation = graph.addObject()
                .put("type", "CreationInfo")
                .put("@id", CREATION)
                .put("specVersion", "3.0.1")
                .put("created", created.toString());
        creation.putArray("createdBy").add(agent);
        element(graph, "SoftwareAgent", agent).put("name", "FlopLedger " + library);
        ObjectNode whole = element(
                graph,
                "SpdxDocument",
                IRI + "document:"
                        + uuid(created + " "
                                + runs.stream().map(run -> run.account().run()).toList()));
        ArrayNode roots = Json.object().arrayNode();
        for (ExportedRun run : runs) {
            var measured = new Measured(run);
            String id = IRI + "run:" + encoded(measured.name());
            roots.add(id);
            packageOf(element(graph, "ai_AIPackage", id), measured);
        }
        whole.putArray("profileConformance").add("core");
        whole.set("rootElement", roots);
        return Json.text(document);
    }

    private static ObjectNode element(ArrayNode graph, String type, String id) {
        return graph.addObject().put("type", type).put("spdxId", id).put("creationInfo", CREATION);
    }

    private static void packageOf(ObjectNode model, Measured measured) {
        model.put("name", measured.name()).put("software_primaryPurpose", "model");
        ObjectNode energy = energy(measured);
        if (!energy.isEmpty()) {
            model.set("ai_energyConsumption", energy.put("type", "ai_EnergyConsumption"));
        }
        model.put("ai_informationAboutTraining", Methodology.training(measured));
        ArrayNode metrics = model.putArray("ai_metric");
        Long parameters = measured.totalParameters();
        if (parameters != null) {
            entry(metrics, "parameters:total", parameters.toString());
        }
        Amounts.of(measured).forEach((name, value) -> entry(metrics, name, value));
    }

    private static void entry(ArrayNode target, String key, String value) {
        target.addObject()
                .put("type", "DictionaryEntry")
                .put("key", "flopledger:" + key)
                .put("value", value);
    }

    /** A stage stands here if each of its observations told its energy; stages that train nothing have no place in the profile. */
    private static ObjectNode energy(Measured measured) {
        ObjectNode energy = Json.object();
        measured.energyJoules().forEach((stage, sum) -> {
            String place = place(stage);
            if (place != null && sum.isComplete()) {
                energy.withArray(place)
                        .addObject()
                        .put("type", "ai_EnergyConsumptionDescription")
                        .put("ai_energyQuantity", sum.amount().movePointLeft(6).toPlainString())
                        .put("ai_energyUnit", "megajoule");
            }
        });
        return energy;
    }

    private static @Nullable String place(Stage stage) {
        return switch (stage) {
            case PRETRAINING, CONTINUED_PRETRAINING -> "ai_trainingEnergyConsumption";
            case SUPERVISED_FINE_TUNING, PREFERENCE_OPTIMIZATION, REINFORCEMENT_LEARNING ->
                "ai_finetuningEnergyConsumption";
            case UNKNOWN,
                    ROLLOUT_GENERATION,
                    SYNTHETIC_DATA_GENERATION,
                    TEACHER_INFERENCE,
                    REWARD_MODEL_TRAINING,
                    EVALUATION,
                    EXPLORATION -> null;
        };
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String uuid(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
