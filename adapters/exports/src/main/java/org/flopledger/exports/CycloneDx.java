package org.flopledger.exports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.flopledger.account.ComputeFigure;
import org.flopledger.exports.Measured.Sum;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.FactName;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A CycloneDX 1.7 bill of materials with one model per run.
 *
 * <p>CycloneDX has no field for an amount of compute: NVIDIA's registered property takes the best figure where it covers the whole
 * run, and properties of our own namespace take every figure with its bounds and coverage. Its energy is a JSON number of
 * kilowatt-hours, which readers hold as a double; a property beside it has the exact joules.
 */
final class CycloneDx {

    private static final BigDecimal JOULES_PER_KILOWATT_HOUR = new BigDecimal(3_600_000);
    private static final BigDecimal SECONDS_PER_HOUR = new BigDecimal(3_600);
    private static final String OWN = "flopledger:";

    private CycloneDx() {}

    static String text(String library, List<ExportedRun> runs, Instant created) {
        ObjectNode bom = Json.object()
                .put("$schema", "http://cyclonedx.org/schema/bom-1.7.schema.json")
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.7")
                .put("version", 1);
        ObjectNode metadata = bom.putObject("metadata").put("timestamp", created.toString());
        metadata.putObject("tools")
                .putArray("components")
                .addObject()
                .put("type", "application")
                .put("name", "FlopLedger")
                .put("version", library);
        ArrayNode components = bom.putArray("components");
        runs.forEach(run -> component(components.addObject(), new Measured(run)));
        return Json.text(bom);
    }

    private static void component(ObjectNode component, Measured measured) {
        component
                .put("type", "machine-learning-model")
                .put("bom-ref", "run:" + measured.name())
                .put("name", measured.name());
        List<Ancestor> bases = measured.ancestors(Ancestor.Role.WEIGHTS);
        if (!bases.isEmpty()) {
            ArrayNode ancestors = component.putObject("pedigree").putArray("ancestors");
            bases.forEach(base ->
                    ancestors.addObject().put("type", "machine-learning-model").put("name", base.model()));
        }
        ObjectNode card = component.putObject("modelCard");
        ArrayNode energy = energy(measured);
        if (!energy.isEmpty()) {
            card.putObject("considerations")
                    .putObject("environmentalConsiderations")
                    .set("energyConsumptions", energy);
        }
        ArrayNode properties = card.putArray("properties");
        registered(properties, measured);
        Json.addPairs(properties, "name", Amounts.of(measured), OWN);
        for (Ancestor teacher : measured.ancestors(Ancestor.Role.TEACHER)) {
            property(properties, OWN + "teacher", teacher.model());
        }
    }

    /** A stage stands here if each of its observations told its energy; who provided it nobody told. */
    private static ArrayNode energy(Measured measured) {
        ArrayNode consumptions = Json.object().arrayNode();
        measured.energyJoules().forEach((stage, sum) -> {
            if (sum.isComplete()) {
                ObjectNode consumption = consumptions.addObject().put("activity", activity(stage));
                consumption.putArray("energyProviders");
                consumption
                        .putObject("activityEnergyCost")
                        .put("value", Json.rounded(sum.amount(), JOULES_PER_KILOWATT_HOUR))
                        .put("unit", "kWh");
                ArrayNode properties = consumption.putArray("properties");
                property(properties, OWN + "stage", stage.name());
                property(properties, OWN + "energy:joules", sum.amount().toPlainString());
            }
        });
        return consumptions;
    }

    private static String activity(Stage stage) {
        return switch (stage) {
            case PRETRAINING, CONTINUED_PRETRAINING -> "training";
            case SUPERVISED_FINE_TUNING, PREFERENCE_OPTIMIZATION, REINFORCEMENT_LEARNING -> "fine-tuning";
            case SYNTHETIC_DATA_GENERATION -> "data-preparation";
            case EVALUATION -> "validation";
            case UNKNOWN, ROLLOUT_GENERATION, TEACHER_INFERENCE, REWARD_MODEL_TRAINING, EXPLORATION -> "other";
        };
    }

    /** Properties whose names others registered; they say no coverage, so only whole figures stand there. */
    private static void registered(ArrayNode properties, Measured measured) {
        property(properties, "cdx:ai-ml:model:parameter:count", measured.totalParameters());
        property(properties, "cdx:ai-ml:model:parameter:tune_method", tuneMethod(measured));
        ComputeFigure total = measured.total();
        if (total.isComplete()) {
            property(
                    properties,
                    "nvidia:inference:compute_operations",
                    total.bounds().best());
        }
        BigDecimal seconds = measured.wallClockSeconds();
        if (seconds != null) {
            property(properties, "nvidia:inference:training_duration_wall_clock", Json.days(seconds));
        }
        Sum devices = measured.deviceSeconds();
        if (devices != null && devices.isComplete()) {
            property(
                    properties,
                    "nvidia:inference:training_duration_hardware",
                    Json.rounded(devices.amount(), SECONDS_PER_HOUR).toPlainString());
        }
        property(properties, "nvidia:inference:hardware_units_count", measured.devices());
        property(properties, "nvidia:inference:hardware_units_types", measured.deviceModel());
        List<Ancestor> bases = measured.ancestors(Ancestor.Role.WEIGHTS);
        if (!bases.isEmpty()) {
            property(
                    properties,
                    "nvidia:architecture:base_model",
                    "This model was developed based on "
                            + String.join(
                                    ", ", bases.stream().map(Ancestor::model).toList()));
        }
    }

    /** Returns the word for how the model was tuned, or null where none of the registered words is known to fit. */
    private static @Nullable String tuneMethod(Measured measured) {
        Set<PeftTechnique> techniques = measured.techniques();
        if (techniques.size() == 1) {
            return switch (techniques.iterator().next()) {
                case LORA, RS_LORA, DORA -> "lora";
                case QLORA -> "qlora";
                case IA3 -> "adapter";
                case PROMPT_TUNING, PREFIX_TUNING -> "prompt";
                case OTHER, FROZEN_LAYERS, NORM_ONLY, LINEAR_PROBE -> null;
            };
        }
        Boolean isPeft = measured.run().facts().answer(FactName.PEFT);
        Set<Stage> stages = measured.run().account().totalByStage().keySet();
        boolean isTuned = stages.equals(Set.of(Stage.SUPERVISED_FINE_TUNING));
        return techniques.isEmpty() && Boolean.FALSE.equals(isPeft) && isTuned ? "sft" : null;
    }

    private static void property(ArrayNode properties, String name, @Nullable Object value) {
        if (value != null) {
            properties.addObject().put("name", name).put("value", value.toString());
        }
    }
}
