package org.flopledger.review;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Every part must hold. */
record AllOf(List<Condition> parts) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        return Outcome.all(parts.stream().map(part -> part.test(subject)).toList());
    }

    @Override
    public List<String> outline(String indent) {
        List<String> lines = new ArrayList<>();
        lines.add(indent + "all of:");
        parts.forEach(part -> lines.addAll(part.outline(indent + "  ")));
        return lines;
    }

    @Override
    public String words() {
        return parts.stream().map(Condition::words).collect(Collectors.joining("; AND ", "(", ")"));
    }
}
