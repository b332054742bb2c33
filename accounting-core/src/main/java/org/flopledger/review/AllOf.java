package org.flopledger.review;

import java.util.List;
import java.util.stream.Collectors;

/** Every part must hold. */
record AllOf(List<Condition> parts) implements Condition {

    @Override
    public Outcome test(Case subject) {
        return Outcome.all(parts.stream().map(part -> part.test(subject)).toList());
    }

    @Override
    public String words() {
        return parts.stream().map(Condition::words).collect(Collectors.joining("; AND ", "(", ")"));
    }
}
