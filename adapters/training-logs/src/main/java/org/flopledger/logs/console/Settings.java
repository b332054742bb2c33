package org.flopledger.logs.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a log prints, of those that are wanted: an allow-list, so that no name, path or address is kept. Values are
 * untrusted. Confined to one thread.
 */
public final class Settings {

    private static final long LARGEST = 1L << 40;

    private final Set<String> wanted;
    private final Map<String, String> values = new HashMap<>();

    /** Keeps settings of these names. */
    public Settings(Set<String> wanted) {
        this.wanted = Set.copyOf(wanted);
    }

    /** Takes a setting, the last of a name counts; returns whether it is wanted. */
    public boolean put(String name, String value) {
        if (!wanted.contains(name)) {
            return false;
        }
        values.put(name, value);
        return true;
    }

    /** Forgets everything. */
    public void clear() {
        values.clear();
    }

    /** Returns whether nothing is known. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Returns all that is known, to compare with another time. */
    public Map<String, String> asMap() {
        return Map.copyOf(values);
    }

    /** Returns a value as it is written; null if it is absent or {@code None}. */
    public @Nullable String text(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() || value.equals("None") || value.equals("null") ? null : value;
    }

    /** Returns a whole number of at least 1 and at most 2^40; -1 if it is absent or anything else. */
    public long count(String name) {
        return count(name, -1);
    }

    /** Returns a whole number of at least 1 and at most 2^40; the other number if it is absent or anything else. */
    public long count(String name, long otherwise) {
        String value = text(name);
        if (value == null || !value.matches("\\[?[0-9][0-9_,]{0,15}]?")) {
            return otherwise;
        }
        String digits = value.replaceAll("[^0-9]", "");
        long number = digits.length() > 15 ? -1 : Long.parseLong(digits);
        return number >= 1 && number <= LARGEST ? number : otherwise;
    }

    /** Returns whether a setting is {@code True}. */
    public boolean isOn(String name) {
        return "true".equalsIgnoreCase(text(name));
    }

    /** Returns whether a setting is {@code True}; the other where it is absent. */
    public boolean isOn(String name, boolean otherwise) {
        return text(name) == null ? otherwise : isOn(name);
    }
}
