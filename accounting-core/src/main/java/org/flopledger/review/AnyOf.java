package org.flopledger.review;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One part is enough. */
record AnyOf(List<Condition> parts) implements Condition {

    @Override
    public Outcome test(ConditionContext subject) {
        return Outcome.any(parts.stream().map(part -> part.test(subject)).toList());
    }

    @Override
    public List<String> outline(String indent) {
        List<String> lines = new ArrayList<>();
        lines.add(indent + "any one of:");
        parts.forEach(part -> lines.addAll(part.outline(indent + "  ")));
        return lines;
    }

    @Override
    public String words() {
        return parts.stream().map(Condition::words).collect(Collectors.joining("; OR ", "(", ")"));
    }
}
