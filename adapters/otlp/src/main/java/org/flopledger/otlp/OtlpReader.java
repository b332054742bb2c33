package org.flopledger.otlp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads export requests of OTLP 1: protocol buffers, or JSON, which the collector's file exporter writes a line each. Stateless. */
public final class OtlpReader {

    /** Most bytes of a request in JSON, or of a line. */
    public static final int MOST_JSON_BYTES = 4 << 20;

    static final int MOST_POINTS = 200_000;
    static final int LONGEST_TEXT = 256;

    private OtlpReader() {}

    /** The forms of a request. */
    public enum Form {
        PROTOBUF,
        JSON
    }

    /** What a request tells of. */
    public enum Signal {
        METRICS,
        TRACES
    }

    /**
     * Reads a request into a book. Nothing of it is taken if it is not OTLP.
     *
     * @return how many of its points the book's mapping knows
     */
    public static int read(byte[] request, Form form, Signal signal, TelemetryBook book) throws OtlpException {
        List<OtlpPoint> points = form == Form.JSON ? OtlpJson.read(request) : OtlpProto.read(request, signal);
        int known = 0;
        for (OtlpPoint point : points) {
            known += book.take(point) ? 1 : 0;
        }
        return known;
    }

    static void requireRoom(List<OtlpPoint> points) throws OtlpException {
        if (points.size() >= MOST_POINTS) {
            throw new OtlpException("more than " + MOST_POINTS + " points");
        }
    }

    static Map<String, String> joined(Map<String, String> resource, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(resource);
        all.putAll(own);
        return all;
    }
}
