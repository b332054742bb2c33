package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.flopledger.ComputeLedger;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.Estimate;
import org.flopledger.units.CountingMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a ledger adds up of a log step by step is what the log says as a whole, to the last FLOP. */
class RunIntakeTest {

    @TempDir
    private Path folder;

    @Test
    void addsUpTheStepsOfALogToItsWhole() throws IOException {
        Path log = new MlperfLogWriter()
                .benchmark("bert", 448)
                .start()
                .evaluated("epoch_num", 100_000)
                .stop("success")
                .to(folder.resolve("log.txt"));
        LoggedRun run =
                TrainingLogs.read(List.of(log), (done, files) -> {}).runs().get(0);

        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(run, RunCompute.of(run), ledger);

            RunAccount account = ledger.totals(run.id());
            assertThat(account.totals().observations()).isEqualTo(224);
            assertThat(account.totals().tokens()).isEqualTo(100_000L * 512);
            assertThat(account.total().isComplete()).isTrue();
            assertSame(account, RunCompute.of(run));
        }
    }

    @Test
    void addsNothingTheSecondTime() throws IOException {
        Path log = new MlperfLogWriter()
                .benchmark("llama31_8b", 32)
                .value("max_sequence_length", "8192")
                .start()
                .stop("success", "samples_count", 3200)
                .to(folder.resolve("log.txt"));
        LoggedRun run =
                TrainingLogs.read(List.of(log), (done, files) -> {}).runs().get(0);

        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(run, RunCompute.of(run), ledger);
            RunIntake.record(run, RunCompute.of(run), ledger);

            assertSame(ledger.totals(run.id()), RunCompute.of(run));
        }
    }

    @Test
    void takesARunWithoutFiguresInAsOneThatIsNotCovered() throws IOException {
        Path log = new MlperfLogWriter()
                .benchmark("something_new", 32)
                .start()
                .stop("success")
                .to(folder.resolve("log.txt"));
        LoggedRun run =
                TrainingLogs.read(List.of(log), (done, files) -> {}).runs().get(0);

        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(run, RunCompute.of(run), ledger);

            assertThat(ledger.totals(run.id()).total().covered()).isZero();
            assertThat(ledger.totals(run.id()).total().observations()).isEqualTo(1);
        }
    }

    @Test
    void agreesForEveryRealLog() {
        Path corpus = Corpus.folder();
        LogCollection found = TrainingLogs.read(
                List.of(corpus.resolve("mlperf"), corpus.resolve("trainer_state")), (done, files) -> {});
        var softly = new SoftAssertions();
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            for (LoggedRun run : found.runs()) {
                RunCompute compute = RunCompute.of(run);
                RunIntake.record(run, compute, ledger);
                Estimate total = compute.total();
                ComputeFigure figure = ledger.totals(run.id()).total();
                softly.assertThat(figure.isComplete()).as(run.id()).isEqualTo(total != null);
                if (total != null) {
                    softly.assertThat(figure.parts()).as(run.id()).containsOnlyKeys(total.method());
                    softly.assertThat(figure.bounds().best()).as(run.id()).isEqualTo(total.value());
                }
            }
        }
        softly.assertAll();
    }

    private static void assertSame(RunAccount account, RunCompute compute) {
        assertThat(compute.total())
                .isNotNull()
                .satisfies(total -> assertThat(account.total().bounds()).isEqualTo(total.bounds()));
        assertThat(compute.estimates())
                .filteredOn(estimate -> estimate.method() == CountingMethod.PARAMETER_TOKEN)
                .singleElement()
                .satisfies(estimate -> assertThat(account.figures()
                                .get(CountingMethod.PARAMETER_TOKEN)
                                .bounds()
                                .best())
                        .isEqualTo(estimate.value()));
    }
}
