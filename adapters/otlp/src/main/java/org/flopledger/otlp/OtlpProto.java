package org.flopledger.otlp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.wire.ProtoFields;
import org.flopledger.otlp.OtlpPoint.Kind;
import org.flopledger.otlp.OtlpReader.Signal;
import org.jspecify.annotations.Nullable;

/** Reads requests in protocol buffers; the numbers are those of opentelemetry-proto 1. Confined to one request. */
final class OtlpProto {

    private static final int CUMULATIVE = 2;

    private final List<OtlpPoint> points = new ArrayList<>();

    private OtlpProto() {}

    static List<OtlpPoint> read(byte[] request, Signal signal) throws OtlpException {
        OtlpProto proto = new OtlpProto();
        ProtoFields fields = new ProtoFields(request, 0, request.length);
        while (fields.next()) {
            if (fields.field() == 1 && fields.isBytes()) {
                proto.resource(fields, signal);
            }
        }
        requireMessage(fields);
        return proto.points;
    }

    private static void requireMessage(ProtoFields fields) throws OtlpException {
        if (fields.isMalformed()) {
            throw new OtlpException("not a message of OTLP");
        }
    }

    /** The resource may stand behind what it describes: it is read first. */
    private void resource(ProtoFields outer, Signal signal) throws OtlpException {
        Map<String, String> attributes = new HashMap<>();
        ProtoFields first = outer.message();
        while (first.next()) {
            if (first.field() == 1 && first.isBytes()) {
                attributes.putAll(attributes(first.message(), 1));
            }
        }
        requireMessage(first);
        ProtoFields again = outer.message();
        while (again.next()) {
            if (again.field() == 2 && again.isBytes()) {
                scope(again.message(), signal, attributes);
            }
        }
    }

    private void scope(ProtoFields scope, Signal signal, Map<String, String> attributes) throws OtlpException {
        while (scope.next()) {
            if (scope.field() == 2 && scope.isBytes()) {
                if (signal == Signal.METRICS) {
                    metric(scope, attributes);
                } else {
                    span(scope, attributes);
                }
            }
        }
        requireMessage(scope);
    }

    private void metric(ProtoFields outer, Map<String, String> attributes) throws OtlpException {
        String name = "";
        ProtoFields first = outer.message();
        while (first.next()) {
            if (first.field() == 1 && first.isBytes()) {
                name = text(first);
            }
        }
        requireMessage(first);
        ProtoFields again = outer.message();
        while (again.next()) {
            Kind kind = kind(again.field());
            if (kind != null && again.isBytes()) {
                data(again, kind, name, attributes);
            }
        }
    }

    private static @Nullable Kind kind(int field) {
        return switch (field) {
            case 5 -> Kind.GAUGE;
            case 7 -> Kind.SUM;
            case 9 -> Kind.HISTOGRAM;
            default -> null;
        };
    }

    private void data(ProtoFields outer, Kind kind, String name, Map<String, String> attributes) throws OtlpException {
        boolean isCumulative = false;
        ProtoFields first = outer.message();
        while (first.next()) {
            if (first.field() == 2 && first.isWhole()) {
                isCumulative = first.whole() == CUMULATIVE;
            }
        }
        requireMessage(first);
        ProtoFields again = outer.message();
        while (again.next()) {
            if (again.field() == 1 && again.isBytes()) {
                OtlpReader.requireRoom(points);
                points.add(point(again, kind, name, isCumulative, attributes));
            }
        }
    }

    private static OtlpPoint point(
            ProtoFields outer, Kind kind, String name, boolean isCumulative, Map<String, String> resource)
            throws OtlpException {
        long start = 0;
        long time = 0;
        long count = 0;
        double value = Double.NaN;
        ProtoFields fields = outer.message();
        while (fields.next()) {
            switch (fields.field()) {
                case 2 -> start = bits(fields);
                case 3 -> time = bits(fields);
                case 4 -> {
                    if (kind == Kind.HISTOGRAM) {
                        count = bits(fields);
                    } else {
                        value = fields.number();
                    }
                }
                case 5 -> value = kind == Kind.HISTOGRAM ? fields.number() : value;
                case 6 -> value = kind == Kind.HISTOGRAM ? value : (double) bits(fields);
                default -> {}
            }
        }
        requireMessage(fields);
        Map<String, String> own = attributes(outer.message(), kind == Kind.HISTOGRAM ? 9 : 7);
        return new OtlpPoint(name, kind, isCumulative, start, time, value, count, OtlpReader.joined(resource, own));
    }

    private void span(ProtoFields outer, Map<String, String> resource) throws OtlpException {
        String name = "";
        long start = 0;
        long end = 0;
        ProtoFields fields = outer.message();
        while (fields.next()) {
            switch (fields.field()) {
                case 5 -> name = text(fields);
                case 7 -> start = bits(fields);
                case 8 -> end = bits(fields);
                default -> {}
            }
        }
        requireMessage(fields);
        OtlpReader.requireRoom(points);
        Map<String, String> own = attributes(outer.message(), 9);
        points.add(new OtlpPoint(name, Kind.SPAN, false, start, end, 0, 1, OtlpReader.joined(resource, own)));
    }

    private static Map<String, String> attributes(ProtoFields fields, int number) throws OtlpException {
        Map<String, String> attributes = new HashMap<>();
        while (fields.next()) {
            if (fields.field() == number && fields.isBytes()) {
                attribute(fields.message(), attributes);
            }
        }
        requireMessage(fields);
        return attributes;
    }

    private static void attribute(ProtoFields pair, Map<String, String> attributes) throws OtlpException {
        String key = "";
        String text = null;
        while (pair.next()) {
            if (pair.field() == 1 && pair.isBytes()) {
                key = text(pair);
            } else if (pair.field() == 2 && pair.isBytes()) {
                ProtoFields value = pair.message();
                while (value.next()) {
                    if (value.field() == 1 && value.isBytes() && value.length() <= OtlpReader.LONGEST_TEXT) {
                        text = text(value);
                    } else if (value.field() == 3 && value.isWhole()) {
                        text = Long.toString(value.whole());
                    }
                }
                requireMessage(value);
            }
        }
        requireMessage(pair);
        if (text != null) {
            attributes.put(key, text);
        }
    }

    /** Returns a field of 8 bytes as a whole number; 0 if it is none. */
    private static long bits(ProtoFields fields) {
        return fields.isWhole() || fields.isBytes() ? 0 : Double.doubleToRawLongBits(fields.number());
    }

    private static String text(ProtoFields fields) {
        return fields.text(OtlpReader.LONGEST_TEXT);
    }
}
