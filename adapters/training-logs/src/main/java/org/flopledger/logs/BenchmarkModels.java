package org.flopledger.logs;

import java.util.List;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/** The models that benchmarks train. */
final class BenchmarkModels {

    /**
     * Returns what a benchmark trains, or null if no data describe it.
     *
     * @param loggedRank rank of low-rank factors as the log gives it, or null
     */
    @Nullable
    LoggedModel model(Benchmark benchmark, @Nullable Long loggedRank) {
        Benchmark.LoraRule lora = benchmark.lora();
        if (lora == null) {
            return null;
        }
        long rank = loggedRank == null || loggedRank == 0 ? lora.ruleRank() : loggedRank;
        return new LoggedModel(null, PeftMethod.FULL, List.of(new FineTuning(PeftTechnique.LORA, rank)));
    }
}
