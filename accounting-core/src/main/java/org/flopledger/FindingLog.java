package org.flopledger;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.review.FindingKind;

/**
 * The findings of a ledger in the order they were made, each (run, rule, kind) once; once more after a retraction made it
 * untrue. Confined to the ledger's lock.
 */
final class FindingLog {

    private final Map<Key, Integer> numbers = new HashMap<>();
    private final BitSet lapsed = new BitSet();
    private final List<RunFinding> findings = new ArrayList<>();

    /** What occurs once. */
    record Key(String run, String rule, FindingKind kind) {}

    /** Adds a finding. Returns false, and adds nothing, if the rule made one of that kind of the run before. */
    boolean add(RunFinding finding) {
        boolean isNew = numbers.putIfAbsent(keyOf(finding), findings.size()) == null;
        if (isNew) {
            findings.add(finding);
        }
        return isNew;
    }

    static Key keyOf(RunFinding finding) {
        return new Key(
                finding.run(), finding.finding().rule(), finding.finding().kind());
    }

    /** Returns what was found of a run and did not lapse. */
    List<Key> standing(String run) {
        return findings.stream()
                .map(FindingLog::keyOf)
                .filter(key -> key.run().equals(run) && numbers.containsKey(key))
                .distinct()
                .toList();
    }

    /** Says that a finding no longer holds, so that it is made again when it holds once more. Without it, changes nothing. */
    void lapse(Key key) {
        Integer number = numbers.remove(key);
        if (number != null) {
            lapsed.set(number);
        }
    }

    /** Returns the numbers of the findings that lapsed. */
    BitSet lapsed() {
        return (BitSet) lapsed.clone();
    }

    boolean contains(String run, String rule, FindingKind kind) {
        return numbers.containsKey(new Key(run, rule, kind));
    }

    /** Returns how many findings there are, which is the number of the next. */
    int count() {
        return findings.size();
    }

    /** Returns every finding but those that lapsed. */
    List<RunFinding> standing() {
        List<RunFinding> standing = new ArrayList<>();
        for (int number = 0; number < findings.size(); number++) {
            if (!lapsed.get(number)) {
                standing.add(findings.get(number));
            }
        }
        return standing;
    }

    List<RunFinding> all() {
        return List.copyOf(findings);
    }
}
