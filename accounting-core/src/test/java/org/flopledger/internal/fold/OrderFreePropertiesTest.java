package org.flopledger.internal.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.KernelForms;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.units.CountingMethod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One multiset of observations has one state: any shuffle, split, kernel form, number of threads and merge tree. */
class OrderFreePropertiesTest {

    private static final int SCHEDULES = 200;
    private static final LinearForm WINDOWED =
            new LinearForm(6, 1, 0, List.of(new LinearForm.MaskedPairs(new AttentionMask.SlidingWindow(1000), 4)));
    private static final ModelFormulas FORMULAS = ModelFormulas.none()
            .with("model-0", new StepFormula(CountingMethod.ARCHITECTURE, WINDOWED, WINDOWED, WINDOWED, WINDOWED));

    private static ExecutorService executor = Executors.newSingleThreadExecutor();

    @BeforeAll
    static void startThreads() {
        executor.shutdown();
        executor = Executors.newFixedThreadPool(7);
    }

    @AfterAll
    static void stopThreads() {
        executor.shutdown();
    }

    @Test
    void everyScheduleGivesTheSameBytes() {
        List<RandomSteps.Row> rows = new ArrayList<>(RandomSteps.rows(new Random(8), 3000));
        rows.addAll(RandomSteps.rows(new Random(2), 3000));
        Set<String> states = new HashSet<>();
        for (long seed = 0; seed < SCHEDULES; seed++) {
            states.add(java.util.HexFormat.of().formatHex(fold(rows, new Random(seed))));
            assertThat(states).as("distinct states up to seed " + seed).hasSize(1);
        }
    }

    private static byte[] fold(List<RandomSteps.Row> rows, Random random) {
        List<RandomSteps.Row> shuffled = new ArrayList<>(rows);
        if (random.nextInt(4) > 0) {
            Collections.shuffle(shuffled, random);
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            List<StepBatch> batches = split(allocator, shuffled, random);
            try {
                return random.nextBoolean()
                        ? ParallelFold.of(
                                        batches,
                                        FORMULAS,
                                        executor,
                                        List.of(1, 2, 7).get(random.nextInt(3)))
                                .toBytes()
                        : mergeTree(batches, random);
            } finally {
                AutoCloseables.closeNoChecked(() -> AutoCloseables.close(batches));
            }
        }
    }

    private static List<StepBatch> split(BufferAllocator allocator, List<RandomSteps.Row> rows, Random random) {
        List<ColumnKernel> forms = KernelForms.all();
        List<StepBatch> batches = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            int to = Math.min(rows.size(), from + 1 + random.nextInt(2 * rows.size() / (1 + random.nextInt(20))));
            StepBatch batch = RandomSteps.batch(allocator, rows.subList(from, to));
            batches.add(KernelForms.with(batch, forms.get(random.nextInt(forms.size()))));
            from = to;
        }
        return batches;
    }

    /** Folds each batch into an account of its own or the last one, and merges them two by two in any order. */
    private static byte[] mergeTree(List<StepBatch> batches, Random random) {
        List<LedgerAccounts> parts = new ArrayList<>(List.of(new LedgerAccounts()));
        for (StepBatch batch : batches) {
            if (random.nextBoolean()) {
                parts.add(new LedgerAccounts());
            }
            parts.get(parts.size() - 1).fold(batch.validate(), FORMULAS);
        }
        while (parts.size() > 1) {
            LedgerAccounts taken = parts.remove(random.nextInt(parts.size()));
            LedgerAccounts into = parts.get(random.nextInt(parts.size()));
            into.merge(random.nextBoolean() ? taken : LedgerAccounts.fromBytes(taken.toBytes()));
        }
        return parts.get(0).toBytes();
    }
}
