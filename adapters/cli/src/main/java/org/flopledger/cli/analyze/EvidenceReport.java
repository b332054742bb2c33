package org.flopledger.cli.analyze;

import java.io.PrintWriter;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.logs.LoggedEvidence;

/** Prints what files tell beside the runs. Stateless. */
final class EvidenceReport {

    private static final MathContext SHOWN = new MathContext(4);

    private EvidenceReport() {}

    static void write(List<LoggedEvidence> evidence, CanonicalJson json) {
        json.beginArray("evidence");
        for (LoggedEvidence each : evidence) {
            json.beginObject()
                    .text("kind", each.kind().label())
                    .text("format", each.format().label());
            json.texts("sources", each.sources().stream().map(Path::toString).toList());
            json.text("run", each.run()).instant("startedAt", each.start()).instant("endedAt", each.end());
            json.beginArray("figures");
            each.figures()
                    .forEach(figure -> json.beginObject()
                            .text("name", figure.name())
                            .text("unit", figure.unit())
                            .text("value", figure.value().toPlainString())
                            .endObject());
            json.endArray();
            json.beginArray("warnings");
            each.warnings().forEach(warning -> json.warning(warning.code(), warning.message()));
            json.endArray();
            json.endObject();
        }
        json.endArray();
    }

    static void print(List<LoggedEvidence> evidence, PrintWriter out) {
        if (evidence.isEmpty()) {
            return;
        }
        out.println();
        out.println("Beside the runs, never part of a total");
        for (LoggedEvidence each : evidence) {
            String figures = each.figures().stream()
                    .map(figure ->
                            figure.name() + " " + figure.value().round(SHOWN).toPlainString()
                                    + (figure.unit().equals("1") ? "" : " " + figure.unit()))
                    .collect(Collectors.joining(", "));
            out.println("  " + each.sources().get(0) + " (" + each.format().label() + "): " + figures
                    + (each.run() == null ? "" : "; of " + each.run()));
        }
    }
}
