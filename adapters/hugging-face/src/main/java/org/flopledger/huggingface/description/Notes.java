package org.flopledger.huggingface.description;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flopledger.huggingface.description.DescriptionWarning.Code;

/** Collects what a user should know while a description is read. Single-threaded. */
public final class Notes {

    private final List<DescriptionWarning> warnings = new ArrayList<>();
    private final Map<String, String> defaults = new LinkedHashMap<>();

    public void warn(Code code, String message) {
        var warning = new DescriptionWarning(code, message);
        if (!warnings.contains(warning)) {
            warnings.add(warning);
        }
    }

    /** Notes that a size is not stated and the family's default was used. */
    public void defaulted(String field, long value) {
        defaults.put(field, Long.toString(value));
    }

    public List<DescriptionWarning> warnings() {
        List<DescriptionWarning> all = new ArrayList<>(warnings);
        if (!defaults.isEmpty()) {
            String fields = defaults.entrySet().stream()
                    .map(field -> field.getKey() + " " + field.getValue())
                    .collect(Collectors.joining(", "));
            all.add(new DescriptionWarning(
                    Code.DEFAULTS_USED, "not stated, so transformers' defaults are used: " + fields));
        }
        return List.copyOf(all);
    }
}
