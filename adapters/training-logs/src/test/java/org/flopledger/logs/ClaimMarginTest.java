package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.Estimate;
import org.flopledger.logs.console.ConsoleLogs;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A total that rests on a framework's own figure alone is as wide as what its writer is known to leave out. */
class ClaimMarginTest {

    private static final String STATE =
            "{\"global_step\": 10, \"max_steps\": 10, \"epoch\": 1.0, \"total_flos\": 6.0e+17, \"num_input_tokens_seen\": 0,"
                    + " \"log_history\": [{\"epoch\": 1.0, \"loss\": 1.5, \"step\": 10}]}";

    private static final FlopCount CLAIM = FlopCount.parse("6e17");

    @TempDir
    private Path folder;

    private static RunAccount account(LoggedRun run) {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(run, RunCompute.of(run), ledger);
            return ledger.totals(run.id());
        }
    }

    private LoggedRun trainer() throws IOException {
        Files.writeString(folder.resolve("trainer_state.json"), STATE);
        return TrainingLogs.read(List.of(folder), 1, (done, files) -> {}).runs().get(0);
    }

    @Test
    void aTrainersClaimAloneIsAWideInterval() throws IOException {
        RunAccount account = account(trainer());

        FlopBounds bounds = account.total().bounds();
        assertThat(account.total().parts()).containsOnlyKeys(CountingMethod.REPORTED);
        assertThat(bounds.best()).isEqualTo(CLAIM);
        assertThat(bounds.low()).isEqualTo(FlopCount.parse("2.4e15"));
        assertThat(bounds.high()).isEqualTo(FlopCount.parse("6e18"));
    }

    @Test
    void theFigureBesideTheLedgerIsTheSame() throws IOException {
        LoggedRun run = trainer();

        Estimate total = RunCompute.of(run).total();
        assertThat(total).isNotNull();
        assertThat(total.bounds()).isEqualTo(account(run).total().bounds());
        assertThat(total.unknown()).isNotEmpty();
        // The claim itself stands as it was written.
        assertThat(RunCompute.of(run).estimates())
                .filteredOn(estimate -> estimate.method() == CountingMethod.REPORTED)
                .singleElement()
                .satisfies(claim -> assertThat(claim.bounds()).isEqualTo(FlopBounds.exactly(CLAIM)));
    }

    @Test
    void everyStepsClaimIsWidenedByItsWriter() {
        LoggedRun run = ConsoleLogs.run(
                folder,
                "[rank0]:[titan] x - root - INFO - Building device mesh with parallelism: pp=1, dp_shard=4, cp=1, tp=1\n"
                        + "[rank0]:[titan] x - root - INFO - Trainer is initialized with local batch size 2, global batch size 8,"
                        + " gradient accumulation steps 1, sequence length 1,024, total steps 5 (warmup 2)\n"
                        + ConsoleLogs.lines(
                                1,
                                5,
                                1,
                                "[rank0]:[titan] 2026-05-03 01:27:0%1$d,000 - root - INFO - step: %1$2d  loss:  5.9  grad_norm: 0.3"
                                        + "  memory:  2.47GiB(3.12%%)  tps: 1,000  tflops: 100.00  mfu: 9.72%%"));
        FlopBounds bounds = account(run).total().bounds();

        assertThat(account(run).total().parts()).containsOnlyKeys(CountingMethod.REPORTED);
        // 100e12 x 8192 / 1000 FLOP a step
        assertThat(bounds.best()).isEqualTo(FlopCount.parse("4.096e15"));
        assertThat(bounds.low()).isEqualTo(FlopCount.parse("1.6384e15"));
        assertThat(bounds.high()).isEqualTo(FlopCount.parse("6.144e15"));
    }

    @Test
    void aModelThatBecomesKnownLaterIsTheSameRuns() throws IOException {
        LoggedRun before = trainer();
        Files.writeString(
                folder.resolve("policy.json"),
                "{\"model_type\": \"llama\", \"hidden_size\": 256, \"intermediate_size\": 640, \"num_hidden_layers\": 4,"
                        + " \"num_attention_heads\": 8, \"num_key_value_heads\": 4, \"vocab_size\": 4000, \"tie_word_embeddings\": false}");
        Files.writeString(folder.resolve("flopledger.json"), "{\"model\": \"policy.json\"}");
        LoggedRun after = trainer();
        assertThat(after.model()).isNotNull();

        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(before, RunCompute.of(before), ledger);
            assertThat(RunIntake.record(after, RunCompute.of(after), ledger).isFault())
                    .isFalse();
            assertThat(ledger.totals(after.id()).total().bounds().best()).isEqualTo(CLAIM);
        }
    }
}
