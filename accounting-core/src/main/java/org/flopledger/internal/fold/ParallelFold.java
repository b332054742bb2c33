package org.flopledger.internal.fold;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;

/** Validates and folds many batches on several threads. The result has the same bytes for any number of threads. */
public final class ParallelFold {

    private ParallelFold() {}

    /**
     * Returns an account of all batches. Each task takes the next batch until none is left and keeps an account of its own;
     * the accounts are merged at the end.
     *
     * @param batches the batches, open until this returns
     * @param formulas as in {@link LedgerAccounts#fold}
     * @param executor runs the tasks; this call waits for them, so it must not be one of few threads that wait likewise
     * @param tasks how many tasks to start, at least 1
     */
    public static LedgerAccounts of(List<StepBatch> batches, ModelFormulas formulas, Executor executor, int tasks) {
        return of(batches, StepBatch::validate, formulas, executor, tasks);
    }

    /** As {@link #of(List, ModelFormulas, Executor, int)}, with a check of the caller's, such as one that narrows the mask. */
    public static LedgerAccounts of(
            List<StepBatch> batches,
            Function<StepBatch, Validation> check,
            ModelFormulas formulas,
            Executor executor,
            int tasks) {
        if (tasks < 1) {
            throw new IllegalArgumentException("tasks are " + tasks + ", must be >= 1");
        }
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<LedgerAccounts>> parts = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            parts.add(CompletableFuture.supplyAsync(() -> take(batches, check, formulas, next), executor));
        }
        // All of them end before this returns, even if one fails: nobody reads a batch that the caller closes.
        CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .exceptionally(failure -> null)
                .join();
        LedgerAccounts total = new LedgerAccounts();
        for (CompletableFuture<LedgerAccounts> part : parts) {
            total.merge(result(part));
        }
        return total;
    }

    private static LedgerAccounts take(
            List<StepBatch> batches,
            Function<StepBatch, Validation> check,
            ModelFormulas formulas,
            AtomicInteger next) {
        LedgerAccounts accounts = new LedgerAccounts();
        for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
            accounts.fold(check.apply(batches.get(i)), formulas);
        }
        return accounts;
    }

    private static LedgerAccounts result(CompletableFuture<LedgerAccounts> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
