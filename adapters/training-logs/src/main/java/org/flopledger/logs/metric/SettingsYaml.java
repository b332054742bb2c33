package org.flopledger.logs.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.flopledger.logs.scan.RegularFiles;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of YAML that trackers write settings in: nested maps, lists of scalars, scalars. Tags, anchors and flow style are
 * taken for texts; nothing is ever constructed from them. Stateless.
 */
public final class SettingsYaml {

    private static final int LARGEST_FILE = 1 << 20;
    private static final int DEEPEST = 16;
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,20}(\\.\\d{0,30})?([eE][-+]?\\d{1,3})?");

    private final List<Line> lines = new ArrayList<>();
    private int at;

    private SettingsYaml() {}

    /** A line that holds something. */
    private record Line(int indent, boolean item, String text) {}

    /** Returns the settings of a file, or null if it is absent, too large or no such file. */
    public static @Nullable ObjectNode read(Path file) {
        long size = RegularFiles.size(file);
        if (size < 1 || size > LARGEST_FILE) {
            return null;
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return parse(stream.readNBytes(LARGEST_FILE));
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns the settings that a text holds; empty if it is of another form. */
    public static ObjectNode parse(byte[] bytes) {
        var yaml = new SettingsYaml();
        new String(bytes, StandardCharsets.UTF_8).lines().forEach(yaml::addLine);
        return yaml.map(0, 0);
    }

    private void addLine(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#") || text.equals("---")) {
            return;
        }
        int indent = line.length() - line.stripLeading().length();
        boolean item = text.startsWith("- ") || text.equals("-");
        lines.add(new Line(indent, item, item ? text.substring(1).strip() : text));
    }

    private ObjectNode map(int indent, int depth) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        while (at < lines.size()
                && lines.get(at).indent() >= indent
                && !lines.get(at).item()) {
            Line line = lines.get(at++);
            int colon = line.text().indexOf(':');
            boolean isKey = colon > 0
                    && (colon == line.text().length() - 1 || line.text().charAt(colon + 1) == ' ');
            if (isKey) {
                String value = line.text().substring(colon + 1).strip();
                JsonNode node = value.isEmpty() ? nested(line.indent(), depth) : scalar(value);
                map.set(unquoted(line.text().substring(0, colon).strip()), node);
            }
        }
        return map;
    }

    private JsonNode nested(int parent, int depth) {
        if (at >= lines.size() || depth == DEEPEST) {
            return JsonNodeFactory.instance.nullNode();
        }
        Line next = lines.get(at);
        if (next.item() && next.indent() >= parent) {
            return list(next.indent());
        }
        return next.indent() > parent ? map(next.indent(), depth + 1) : JsonNodeFactory.instance.nullNode();
    }

    private ArrayNode list(int indent) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        while (at < lines.size() && lines.get(at).item() && lines.get(at).indent() == indent) {
            list.add(scalar(lines.get(at++).text()));
        }
        return list;
    }

    private static JsonNode scalar(String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (WHOLE.matcher(text).matches()) {
            return nodes.numberNode(Long.parseLong(text));
        } else if (NUMBER.matcher(text).matches()) {
            return nodes.numberNode(Double.parseDouble(text));
        }
        return switch (text) {
            case "null", "~", "" -> nodes.nullNode();
            case "true", "True" -> nodes.booleanNode(true);
            case "false", "False" -> nodes.booleanNode(false);
            default -> nodes.textNode(unquoted(text));
        };
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.charAt(0) == '\'' || text.charAt(0) == '"')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
