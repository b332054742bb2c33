package org.flopledger.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.otlp.OtlpPoint.Kind;

/** Reads requests in JSON, as the protocol's JSON mapping writes them. Stateless. */
final class OtlpJson {

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(64)
                    .build())
            .build());

    private OtlpJson() {}

    static List<OtlpPoint> read(byte[] request) throws OtlpException {
        if (request.length > OtlpReader.MOST_JSON_BYTES) {
            throw new OtlpException("JSON of more than " + OtlpReader.MOST_JSON_BYTES + " bytes");
        }
        JsonNode root;
        try {
            root = JSON.readTree(request);
        } catch (IOException e) {
            throw new OtlpException("not JSON");
        }
        if (!root.has("resourceMetrics") && !root.has("resourceSpans")) {
            throw new OtlpException("neither resourceMetrics nor resourceSpans");
        }
        List<OtlpPoint> points = new ArrayList<>();
        for (JsonNode resource : root.path("resourceMetrics")) {
            Map<String, String> attributes = attributes(resource.path("resource"));
            for (JsonNode scope : resource.path("scopeMetrics")) {
                for (JsonNode metric : scope.path("metrics")) {
                    metric(metric, attributes, points);
                }
            }
        }
        for (JsonNode resource : root.path("resourceSpans")) {
            Map<String, String> attributes = attributes(resource.path("resource"));
            for (JsonNode scope : resource.path("scopeSpans")) {
                for (JsonNode span : scope.path("spans")) {
                    OtlpReader.requireRoom(points);
                    points.add(new OtlpPoint(
                            span.path("name").asText(),
                            Kind.SPAN,
                            false,
                            span.path("startTimeUnixNano").asLong(),
                            span.path("endTimeUnixNano").asLong(),
                            0,
                            1,
                            OtlpReader.joined(attributes, attributes(span))));
                }
            }
        }
        return points;
    }

    private static void metric(JsonNode metric, Map<String, String> resource, List<OtlpPoint> points)
            throws OtlpException {
        data(metric, metric.path("gauge"), Kind.GAUGE, resource, points);
        data(metric, metric.path("sum"), Kind.SUM, resource, points);
        data(metric, metric.path("histogram"), Kind.HISTOGRAM, resource, points);
    }

    private static void data(
            JsonNode metric, JsonNode data, Kind kind, Map<String, String> resource, List<OtlpPoint> points)
            throws OtlpException {
        JsonNode temporality = data.path("aggregationTemporality");
        boolean isCumulative = temporality.asInt() == 2 || temporality.asText().endsWith("CUMULATIVE");
        for (JsonNode point : data.path("dataPoints")) {
            OtlpReader.requireRoom(points);
            JsonNode value = kind == Kind.HISTOGRAM
                    ? point.path("sum")
                    : point.has("asInt") ? point.path("asInt") : point.path("asDouble");
            points.add(new OtlpPoint(
                    metric.path("name").asText(),
                    kind,
                    isCumulative,
                    point.path("startTimeUnixNano").asLong(),
                    point.path("timeUnixNano").asLong(),
                    value.asDouble(Double.NaN),
                    point.path("count").asLong(),
                    OtlpReader.joined(resource, attributes(point))));
        }
    }

    private static Map<String, String> attributes(JsonNode owner) {
        Map<String, String> attributes = new HashMap<>();
        for (JsonNode attribute : owner.path("attributes")) {
            JsonNode value = attribute.path("value");
            JsonNode text = value.has("stringValue") ? value.path("stringValue") : value.path("intValue");
            if (text.isValueNode() && text.asText().length() <= OtlpReader.LONGEST_TEXT) {
                attributes.put(attribute.path("key").asText(), text.asText());
            }
        }
        return attributes;
    }
}
