package org.flopledger.exports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.exports.ExportFormat.Recipient;
import org.flopledger.exports.Measured.Sum;
import org.flopledger.report.Statement;
import org.flopledger.units.CountingMethod;
import org.jspecify.annotations.Nullable;

/**
 * The compute fields of the European model documentation form, as {@link Statement#documentationForm} rounds them, for one recipient.
 *
 * <p>Fields of unknown content are left out, but for the energy, where the form itself asks for "N/A".
 */
final class EuForm {

    private static final String TO_OFFICE = "ToAiOffice";
    private static final String TO_AUTHORITIES = "ToNationalAuthorities";
    private static final String ENERGY = "trainingEnergyMegawattHours";
    private static final String UNKNOWN = "N/A";

    private EuForm() {}

    static String text(String library, List<ExportedRun> runs, Recipient recipient) {
        ObjectNode document = Json.object();
        ArrayNode models = Json.object().arrayNode();
        for (ExportedRun run : runs) {
            var measured = new Measured(run);
            Map<String, String> form = statement(library, measured).documentationForm();
            document.put("source", form.get("source"));
            ObjectNode model = models.addObject().put("run", measured.name());
            fields(form, measured, recipient).forEach(model::put);
        }
        document.put("recipient", recipient.toString()).put("library", library).set("models", models);
        return Json.text(document);
    }

    private static Statement statement(String library, Measured measured) {
        Iterator<CountingMethod> methods = measured.total().parts().keySet().iterator();
        var provenance = new Statement.Provenance(
                library,
                "exact-causal/1",
                null,
                methods.hasNext() ? methods.next() : CountingMethod.ARCHITECTURE,
                measured.total().method());
        Instant start = measured.startedAt();
        Instant end = measured.endedAt();
        boolean isInOrder = start != null && end != null && !end.isBefore(start);
        return Statement.about(
                        new Statement.Subject(measured.name(), measured.totalParameters(), measured.activeParameters()),
                        measured.run().facts(),
                        provenance)
                .conduct(new Statement.Conduct(
                        measured.attempts(),
                        null,
                        isInOrder ? start : null,
                        isInOrder ? end : null,
                        whole(measured.deviceSeconds()),
                        whole(measured.joules())))
                .build();
    }

    /** The form cannot say that a figure covers a part; its rounding is far coarser than a double. */
    private static @Nullable Double whole(@Nullable Sum sum) {
        return sum != null && sum.isComplete() ? sum.amount().doubleValue() : null;
    }

    private static Map<String, String> fields(Map<String, String> form, Measured measured, Recipient recipient) {
        Map<String, String> fields = new LinkedHashMap<>(form);
        // Who stated no base model has not said that there is none; the method is told in words below.
        fields.remove("source");
        fields.remove("method");
        if (measured.run().facts().ancestors().isEmpty()) {
            fields.remove("baseModels");
        }
        if (UNKNOWN.equals(fields.get("inferenceComputeFlop"))) {
            fields.remove("inferenceTask");
        }
        String others = recipient == Recipient.AI_OFFICE ? TO_AUTHORITIES : TO_OFFICE;
        fields.keySet().removeIf(name -> name.endsWith(others));
        fields.entrySet()
                .removeIf(field ->
                        !field.getKey().equals(ENERGY) && field.getValue().equals(UNKNOWN));
        fields.put("trainingComputeMethodology", Methodology.compute(measured));
        fields.put("trainingEnergyMethodology", Methodology.energy(measured.joules()));
        return fields;
    }
}
