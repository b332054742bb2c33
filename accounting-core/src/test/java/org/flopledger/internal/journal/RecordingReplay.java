package org.flopledger.internal.journal;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.telemetry.StepBatch;

/** Remembers what a journal replays, one text an entry, commit by commit. */
final class RecordingReplay implements JournalReplay {

    final List<List<String>> commits = new ArrayList<>();
    private List<String> current = new ArrayList<>();

    @Override
    public void fact(JournalFact fact) {
        current.add(fact.kind() + " " + fact.text());
    }

    @Override
    public void steps(StepBatch batch) {
        current.addAll(TestBatch.rows(batch));
    }

    @Override
    public void commit() {
        // The first commit of a segment and the mark of an orderly end hold nothing.
        if (!current.isEmpty()) {
            commits.add(current);
        }
        current = new ArrayList<>();
    }

    List<String> entries() {
        return commits.stream().flatMap(List::stream).toList();
    }
}
