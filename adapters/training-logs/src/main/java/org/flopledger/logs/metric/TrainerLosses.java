package org.flopledger.logs.metric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.logs.scan.Unpacking;

/** Reads the losses that the state of a Hugging Face trainer tells. Stateless. */
final class TrainerLosses {

    private static final JsonFactory JSON = JsonLimits.factory();

    private TrainerLosses() {}

    /** Returns the curve that the state of a Hugging Face trainer tells; empty if the file tells none. */
    static LossCurve of(Path file) {
        var curve = new LossCurve();
        if (!RegularFiles.isReadable(file)) {
            return curve;
        }
        try (InputStream stream = Unpacking.open(file, RegularFiles.size(file));
                JsonParser parser = JSON.createParser(stream)) {
            boolean found = parser.nextToken() == JsonToken.START_OBJECT;
            while (found && parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean history = parser.currentName().equals("log_history");
                if (parser.nextToken() == JsonToken.START_ARRAY && history) {
                    readHistory(parser, curve);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            // No JSON, or cut: what came before is all that can be compared.
            return curve;
        }
        return curve;
    }

    private static void readHistory(JsonParser parser, LossCurve curve) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            long step = -1;
            double loss = Double.NaN;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("step") && value == JsonToken.VALUE_NUMBER_INT) {
                    step = parser.getLongValue();
                } else if (name.equals("loss") && value.isNumeric()) {
                    loss = parser.getDoubleValue();
                } else {
                    parser.skipChildren();
                }
            }
            if (step >= 0) {
                curve.add(step, loss);
            }
        }
    }
}
