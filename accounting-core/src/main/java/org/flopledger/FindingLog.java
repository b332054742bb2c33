package org.flopledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flopledger.review.FindingKind;

/** The findings of a ledger in the order they were made, each (run, rule, kind) once. Confined to the ledger's lock. */
final class FindingLog {

    private final Set<Key> keys = new HashSet<>();
    private final List<RunFinding> findings = new ArrayList<>();

    private record Key(String run, String rule, FindingKind kind) {}

    /** Adds a finding. Returns false, and adds nothing, if the rule made one of that kind of the run before. */
    boolean add(RunFinding finding) {
        boolean isNew = keys.add(new Key(
                finding.run(), finding.finding().rule(), finding.finding().kind()));
        if (isNew) {
            findings.add(finding);
        }
        return isNew;
    }

    boolean contains(String run, String rule, FindingKind kind) {
        return keys.contains(new Key(run, rule, kind));
    }

    /** Returns how many findings there are, which is the number of the next. */
    int count() {
        return findings.size();
    }

    List<RunFinding> all() {
        return List.copyOf(findings);
    }
}
