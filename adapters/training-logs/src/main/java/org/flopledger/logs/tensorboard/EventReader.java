package org.flopledger.logs.tensorboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.flopledger.logs.metric.MetricLog;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.wire.ProtoFields;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of an event file: {@code Event{1 wall_time, 2 step, 3 file_version, 5 summary}}, {@code Summary{1 value}},
 * {@code Value{1 tag, 2 simple_value, 8 tensor, 9 metadata}}. Texts are kept only where they are the settings or the model of a
 * Hugging Face trainer. Confined to one thread.
 */
final class EventReader {

    private static final ObjectMapper JSON = new ObjectMapper(JsonLimits.factory());
    private static final int LONGEST_TAG = 200;
    private static final double MICROS = 1e6;
    /** Later than any clock that works: year 2286. */
    private static final double LATEST = 1e10;

    private static final int SINGLE = 1;
    private static final int DOUBLE = 2;

    private final MetricLog log;
    private long wallMicros = MetricLog.NO_TIME;
    private long step;
    private boolean versioned;

    EventReader(MetricLog log) {
        this.log = log;
    }

    /** Reads an event; returns false if the bytes are none. */
    boolean read(byte[] bytes, int length) {
        step = 0;
        wallMicros = MetricLog.NO_TIME;
        var fields = new ProtoFields(bytes, 0, length);
        // A writer may put the summary before the step: look for both first.
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> wallMicros = micros(fields.number());
                case 2 -> step = fields.whole();
                case 3 -> versioned |= fields.isBytes() && fields.text(16).startsWith("brain.Event:");
                default -> {
                    // Graphs, run metadata and session logs tell nothing of compute.
                }
            }
        }
        if (fields.isMalformed()) {
            return false;
        }
        log.see(wallMicros);
        boolean sound = true;
        var again = new ProtoFields(bytes, 0, length);
        while (again.next()) {
            if (again.field() == 5 && again.isBytes()) {
                sound &= summary(again.message());
            }
        }
        return sound;
    }

    private static long micros(double seconds) {
        return seconds >= 0 && seconds <= LATEST ? Math.round(seconds * MICROS) : MetricLog.NO_TIME;
    }

    /** Returns whether the file said that it is an event file. */
    boolean isVersioned() {
        return versioned;
    }

    private boolean summary(ProtoFields summary) {
        boolean sound = true;
        while (summary.next()) {
            if (summary.field() == 1 && summary.isBytes()) {
                sound &= value(summary.message());
            }
        }
        return sound && !summary.isMalformed();
    }

    private boolean value(ProtoFields value) {
        String tag = null;
        double number = Double.NaN;
        boolean isNumber = false;
        ProtoFields tensor = null;
        while (value.next()) {
            switch (value.field()) {
                case 1 -> tag = value.isBytes() ? value.text(LONGEST_TAG) : null;
                case 2 -> {
                    number = value.number();
                    isNumber = true;
                }
                case 8 -> tensor = value.isBytes() ? value.message() : null;
                default -> {
                    // Images, histograms, audio and metadata.
                }
            }
        }
        if (value.isMalformed()) {
            return false;
        } else if (tag != null && tensor != null) {
            return tensor(tag, tensor);
        } else if (tag != null && isNumber) {
            log.add(tag, step, number, wallMicros);
        }
        return true;
    }

    /** {@code TensorProto{1 dtype, 2 shape, 4 content, 5 float_val, 6 double_val, 8 string_val}}. */
    private boolean tensor(String tag, ProtoFields tensor) {
        long type = 0;
        double number = Double.NaN;
        String text = null;
        boolean wantsText = tag.endsWith("/text_summary") || tag.endsWith("_config") || tag.equals("args");
        while (tensor.next()) {
            switch (tensor.field()) {
                case 1 -> type = tensor.whole();
                case 4 -> number = content(tensor, type, number);
                case 5, 6 -> number = packed(tensor, number);
                case 8 -> text = wantsText ? tensor.text(TfRecordReader.LONGEST) : null;
                default -> {
                    // Other types hold no figure of a training.
                }
            }
        }
        if (tensor.isMalformed()) {
            return false;
        } else if (text != null) {
            settings(tag, text);
        } else if (type == SINGLE || type == DOUBLE) {
            log.add(tag, step, number, wallMicros);
        }
        return true;
    }

    /** Returns the number that the raw bytes of a tensor are, if they are one number. */
    private static double content(ProtoFields tensor, long type, double otherwise) {
        if (type == SINGLE && tensor.length() == Float.BYTES) {
            return Float.intBitsToFloat((int) tensor.littleEndian());
        } else if (type == DOUBLE && tensor.length() == Double.BYTES) {
            return Double.longBitsToDouble(tensor.littleEndian());
        }
        return otherwise;
    }

    /** A repeated number may be written with its own key or packed behind one. */
    private static double packed(ProtoFields tensor, double otherwise) {
        if (!tensor.isBytes()) {
            return tensor.number();
        }
        return switch (tensor.length()) {
            case Float.BYTES -> Float.intBitsToFloat((int) tensor.littleEndian());
            case Double.BYTES -> Double.longBitsToDouble(tensor.littleEndian());
            default -> otherwise;
        };
    }

    private void settings(String tag, String text) {
        JsonNode json = json(text);
        if (json == null) {
            return;
        } else if (tag.startsWith("model_config")) {
            log.settings().putModel(json);
        } else if (tag.startsWith("peft_config")) {
            log.settings().put("peft_config", json);
        } else if (tag.startsWith("args")) {
            log.settings().putAll(json);
        }
    }

    private static @Nullable JsonNode json(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json != null && json.isObject() ? json : null;
        } catch (JsonProcessingException e) {
            // Any text may be logged under such a tag; it is a note, not a setting.
            return null;
        }
    }
}
