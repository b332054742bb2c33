package org.flopledger.review;

import java.util.List;
import java.util.stream.Collectors;

/** One part is enough. */
record AnyOf(List<Condition> parts) implements Condition {

    @Override
    public Outcome test(Case subject) {
        return Outcome.any(parts.stream().map(part -> part.test(subject)).toList());
    }

    @Override
    public String words() {
        return parts.stream().map(Condition::words).collect(Collectors.joining("; OR ", "(", ")"));
    }
}
