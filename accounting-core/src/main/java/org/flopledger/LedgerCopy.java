package org.flopledger;

import java.time.DateTimeException;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;

/** Hands the records of one ledger on to another. Confined to one thread. */
final class LedgerCopy implements JournalReplay {

    private final ComputeLedger target;
    private final Predicate<String> wanted;
    private long rows;
    private long accepted;
    private long duplicates;
    private long conflicts;
    private boolean hasRecords;

    /**
     * Makes a copy.
     *
     * @param wanted says of which runs observations, and what was taken back of them, are handed on
     */
    LedgerCopy(ComputeLedger target, Predicate<String> wanted) {
        this.target = target;
        this.wanted = wanted;
    }

    /** Returns what became of the observations so far. */
    LedgerAudit.Copied copied() {
        return new LedgerAudit.Copied(rows, accepted, duplicates, conflicts);
    }

    @Override
    public void fact(JournalFact fact) {
        switch (fact.kind()) {
            case RUN -> {
                try {
                    target.run(RunSpecJson.read(fact.text()));
                } catch (IllegalArgumentException e) {
                    throw LedgerState.unreadable(fact, e);
                }
            }
            case RETRACTION -> takeBack(fact);
            case SNAPSHOT -> {
                if (!hasRecords) {
                    throw new LedgerException(
                            LedgerException.Code.COMPACTED,
                            "the ledger was compacted: observations before its first record are there as a snapshot only"
                                    + " and cannot be copied; copy a ledger that has all its records");
                }
            }
            default -> {
                // What a ledger found, told or rejected is its own.
            }
        }
        hasRecords = true;
    }

    private void takeBack(JournalFact fact) {
        try {
            Retraction retraction = RetractionJson.read(fact.text()).retraction();
            if (wanted.test(retraction.run())) {
                target.retractAgain(retraction);
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw LedgerState.unreadable(fact, e);
        }
    }

    @Override
    public void steps(StepBatch batch) {
        hasRecords = true;
        BitSet left = leftOut(batch);
        if (left.isEmpty()) {
            take(batch);
            return;
        }
        rows += left.cardinality();
        duplicates += left.cardinality();
        if (left.cardinality() < batch.rows()) {
            try (VectorSchemaRoot rest = without(left, batch.root());
                    StepBatch some = StepBatch.wrap(rest, batch.dictionaries())) {
                take(some);
            }
        }
    }

    private BitSet leftOut(StepBatch batch) {
        var left = new BitSet();
        List<String> runs = batch.runs();
        var unwanted = new BitSet();
        for (int i = 0; i < runs.size(); i++) {
            unwanted.set(i, !wanted.test(runs.get(i)));
        }
        if (unwanted.isEmpty()) {
            return left;
        }
        Validation validation = batch.validate();
        for (int row = 0; row < batch.rows(); row++) {
            if (validation.mask().isAccepted(row) && unwanted.get(batch.runIndex(row))) {
                left.set(row);
            }
        }
        return left;
    }

    private static VectorSchemaRoot without(BitSet left, VectorSchemaRoot all) {
        VectorSchemaRoot rest = VectorSchemaRoot.create(
                all.getSchema(), all.getFieldVectors().get(0).getAllocator());
        int count = 0;
        for (int row = left.nextClearBit(0); row < all.getRowCount(); row = left.nextClearBit(row + 1)) {
            for (int column = 0; column < all.getFieldVectors().size(); column++) {
                FieldVector to = rest.getVector(column);
                to.copyFromSafe(row, count, all.getVector(column));
            }
            count++;
        }
        rest.setRowCount(count);
        return rest;
    }

    private void take(StepBatch batch) {
        IngestResult result = target.ingest(batch);
        rows += result.rows();
        accepted += result.accepted();
        duplicates += result.repeats().duplicates();
        conflicts += result.repeats().conflicts();
    }
}
