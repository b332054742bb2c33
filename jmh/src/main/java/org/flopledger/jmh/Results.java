package org.flopledger.jmh;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Figures of a scoreboard run by key, in order. */
final class Results {

    private final Map<String, Double> ratios = new LinkedHashMap<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    /** Keeps a figure that is promised by its key. */
    void ratio(String key, double value) {
        ratios.put(key, value);
        System.out.printf(Locale.ROOT, "%-28s %14.3f%n", key, value);
    }

    /** Keeps a figure that explains another. */
    void figure(String key, double value) {
        figures.put(key, value);
        System.out.printf(Locale.ROOT, "  %-26s %14.4g%n", key, value);
    }

    double figure(String key) {
        Double value = figures.get(key);
        if (value == null) {
            throw new IllegalStateException("no figure " + key + " yet");
        }
        return value;
    }

    /** Returns the figures as JSON. */
    String toJson(Map<String, String> facts) {
        StringBuilder json = new StringBuilder("{\n  \"schema\": \"flopledger.scoreboard/1\",\n");
        facts.forEach((key, value) ->
                json.append("  \"").append(key).append("\": \"").append(value).append("\",\n"));
        appendObject(json, "ratios", ratios);
        json.append(",\n");
        appendObject(json, "figures", figures);
        return json.append("\n}\n").toString();
    }

    private static void appendObject(StringBuilder json, String name, Map<String, Double> values) {
        json.append("  \"").append(name).append("\": {");
        String separator = "\n";
        for (Map.Entry<String, Double> entry : values.entrySet()) {
            json.append(separator).append("    \"").append(entry.getKey()).append("\": ");
            json.append(String.format(Locale.ROOT, "%.6g", entry.getValue()));
            separator = ",\n";
        }
        json.append("\n  }");
    }
}
