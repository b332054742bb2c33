package org.flopledger.jmh.journal;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerAudit;
import org.flopledger.RunSpec;
import org.flopledger.account.RunAccount;

/** A whole ledger as a store of steps: validation, search for repeats, accounts, and then the journal. */
final class LedgerStore implements StepStore {

    private static final long PARAMETERS = 70_000_000_000L;

    private final Path directory;
    private final ComputeLedger ledger;

    LedgerStore(Path directory, Durability durability) {
        this.directory = directory;
        ledger = ComputeLedger.open(directory)
                .journal(JournalStore.options(durability))
                .start();
        ledger.run(RunSpec.pretraining(Row.RUN)
                .parameters(Row.MODEL, PARAMETERS, PARAMETERS)
                .build());
    }

    @Override
    public void keep(Batch batch) {
        ledger.ingest(batch.columns());
    }

    @Override
    public Writer writer() {
        return Writer.of(this);
    }

    @Override
    public Sums sums() {
        List<RunAccount> runs = LedgerAudit.of(directory).runs();
        return new Sums(
                runs.stream().mapToLong(run -> run.totals().observations()).sum(),
                runs.stream()
                        .map(run -> run.totals().tokens())
                        .reduce(BigInteger.ZERO, BigInteger::add)
                        .longValueExact());
    }

    @Override
    public void close() {
        ledger.close();
    }
}
