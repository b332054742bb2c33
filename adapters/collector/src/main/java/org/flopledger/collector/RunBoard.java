package org.flopledger.collector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerException;
import org.flopledger.LedgerStatus;
import org.flopledger.RunFinding;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of all runs, kept so that looking at many runs costs the ledger little: runs of which a step came are read again, and
 * some of the others in turn. Read from any thread; refreshed by one.
 */
final class RunBoard {

    private static final int IN_TURN = 100;

    /** How long one look takes at most; what is left is read at the next. */
    private static final long LONGEST_LOOK_NANOS = 500_000_000;

    private final ComputeLedger ledger;
    private final @Nullable Double peakFlopPerSecond;
    private final Map<String, RunRow> rows = new LinkedHashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private Map<String, Long> lastSteps = Map.of();
    private int turn;
    private long seen = -1;
    private volatile View shown = new View(0, 0, List.of(), null);

    /**
     * What is shown at a moment.
     *
     * @param version grows with every change
     * @param runs how many runs there are
     * @param rows those that were read so far, the costliest first
     * @param status how the ledger stands; null before the first look
     */
    record View(
            long version,
            int runs,
            List<RunRow> rows,
            @Nullable LedgerStatus status) {

        /** Returns the rows whose identity holds a text, from a place on. */
        List<RunRow> matching(String text) {
            String wanted = text.toLowerCase(Locale.ROOT);
            return wanted.isEmpty()
                    ? rows
                    : rows.stream()
                            .filter(row -> row.run().toLowerCase(Locale.ROOT).contains(wanted))
                            .toList();
        }
    }

    RunBoard(ComputeLedger ledger, @Nullable Double peakFlopPerSecond) {
        this.ledger = ledger;
        this.peakFlopPerSecond = peakFlopPerSecond;
    }

    View shown() {
        return shown;
    }

    /** Looks at the ledger. Returns whether what is shown has changed. */
    boolean refresh() {
        LedgerStatus status = ledger.status();
        List<RunFinding> found = ledger.findings();
        long now = status.accepted() + status.conflicts() + status.duplicates() + found.size();
        List<String> runs = ledger.runs();
        boolean isNew = now != seen || runs.size() != shown.runs();
        if (!isNew && waiting.isEmpty() && status.failure() == null) {
            return false;
        }
        Map<String, List<RunFinding>> byRun = new HashMap<>();
        found.forEach(finding ->
                byRun.computeIfAbsent(finding.run(), added -> new ArrayList<>()).add(finding));
        for (int i = 0; i < runs.size(); i++) {
            String run = runs.get(i);
            RunRow row = rows.get(run);
            boolean hasMoved = row == null
                    || !Objects.equals(
                            lastSteps.get(run), status.lastDurableSteps().get(run))
                    || row.findings().size()
                            != byRun.getOrDefault(run, List.of()).size();
            if (hasMoved || Math.floorMod(i - turn, runs.size()) < IN_TURN) {
                waiting.add(run);
            }
        }
        turn = runs.isEmpty() ? 0 : (turn + IN_TURN) % runs.size();
        lastSteps = status.lastDurableSteps();
        seen = now;
        readWaiting(byRun);
        List<RunRow> sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparing((RunRow row) -> row.total().bounds().best())
                .reversed()
                .thenComparing(RunRow::run));
        shown = new View(shown.version() + 1, runs.size(), List.copyOf(sorted), status);
        return true;
    }

    private void readWaiting(Map<String, List<RunFinding>> byRun) {
        long begun = System.nanoTime();
        Iterator<String> next = waiting.iterator();
        while (next.hasNext() && System.nanoTime() - begun < LONGEST_LOOK_NANOS) {
            String run = next.next();
            next.remove();
            read(run, byRun.getOrDefault(run, List.of()));
        }
    }

    private void read(String run, List<RunFinding> findings) {
        try {
            rows.put(run, RunRow.of(ledger, run, findings, peakFlopPerSecond));
        } catch (LedgerException e) {
            if (e.code() != LedgerException.Code.UNKNOWN_RUN) {
                throw e;
            }
            // Every step of it was taken back.
            rows.remove(run);
        }
    }
}
