package org.flopledger.logs.mlperf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.MlperfLogWriter;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.StepRange;
import org.flopledger.logs.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the records of each benchmark mean. */
class MlperfRunTest {

    @TempDir
    private Path folder;

    @Test
    void countsTokensWhereTheLogCountsTokens() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("gpt3", 1536)
                .value("max_sequence_length", "2048")
                .value("init_checkpoint_step", "4000")
                .start()
                .evaluated("epoch_num", 1536L * 2048 * 10)
                .stop("success")
                .value("train_samples", Long.toString(1536L * 2048 * 10)));

        assertThat(run.progress().tokens()).isEqualTo(1536L * 2048 * 10);
        assertThat(run.progress().sequences()).isEqualTo(15_360);
        assertThat(run.progress().steps()).isEqualTo(10);
        assertThat(run.prior().tokens()).isEqualTo(12_582_912_000L);
        assertThat(codes(run)).doesNotContain(LogWarning.Code.PROGRESS_DISAGREES);
    }

    @Test
    void takesTheStopBeforeTheLastEvaluationAndSaysThatTheyDiffer() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("llama31_8b", 32)
                .value("max_sequence_length", "8192")
                .value("train_samples", "1574207408")
                .start()
                .evaluated("samples_count", 172_000)
                .stop("success", "samples_count", 172_032));

        assertThat(run.progress().sequences()).isEqualTo(172_032);
        assertThat(codes(run)).contains(LogWarning.Code.PROGRESS_DISAGREES);
    }

    @Test
    void takesTheSequenceLengthFromTheBenchmarksRuleWhereTheLogIsSilent() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("llama2_70b_lora", 8)
                .value("lora_rank", "16")
                .value("train_samples", "3901")
                .start()
                .evaluated("samples_count", 3072)
                .stop("success", "samples_count", 3072));

        assertThat(run.progress().sequenceLength()).isEqualTo(8192);
        assertThat(run.progress().tokens()).isEqualTo(3072L * 8192);
        assertThat(run.model()).isNotNull();
        assertThat(run.prior().known()).isFalse();
        assertThat(codes(run)).contains(LogWarning.Code.PRIOR_UNKNOWN);
    }

    // Shapes of the reference implementations, which swap vocabularies: 405 853 388 800 - 2 x 96 256 x 16 384 for Llama
    // 3.1
    // 405B, 20 914 757 184 - 2 x 72 832 x 2880 for gpt-oss-20b; the others as their papers count them.
    @ParameterizedTest
    @CsvSource({
        "llama31_405b, 402699272192",
        "llama31_8b, 8030261248",
        "gpt_oss_20b, 20495244864",
        "deepseekv3_671b, 671026404352"
    })
    void describesTheModelThatTheBenchmarkTrains(String benchmark, long parameters) throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark(benchmark, 8)
                .start()
                .evaluated("samples_count", 80)
                .stop("success", "samples_count", 80));

        assertThat(RunCompute.of(run).parameters())
                .satisfies(count -> assertThat(count.total()).isEqualTo(parameters));
    }

    // 80 layers, rank 16: (8192 + 10 240) values for query, key and value in one matrix, (8192 + 8192) for the output.
    @Test
    void fineTunesTheFusedProjectionsOfLlama2() throws IOException {
        LoggedRun run = read(lora().stop("success", "samples_count", 80));

        assertThat(RunCompute.of(run).parameters())
                .satisfies(count -> assertThat(count.trainable()).isEqualTo(80L * 16 * (8192 + 10_240 + 8192 + 8192)));
    }

    @Test
    void takesTheSequenceLengthOfDeepSeekFromTheRulesWhereTheLogIsSilent() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("deepseekv3_671b", 16)
                .start()
                .evaluated("samples_count", 32)
                .stop("success", "samples_count", 32));

        assertThat(run.progress().tokens()).isEqualTo(32L * 4096);
    }

    @Test
    void endsWithAPartialStepWhereTheBatchDoesNotDivide() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("bert", 448)
                .start()
                .evaluated("epoch_num", 1000)
                .stop("success"));

        assertThat(run.progress().steps()).isEqualTo(3);
        assertThat(run.steps()).containsExactly(new StepRange(1, 2, 448, 512), new StepRange(3, 1, 104, 512));
    }

    @Test
    void readsAnAbortedRunAndOneWithoutAnEnd() throws IOException {
        assertThat(read(lora().stop("aborted", "samples_count", 80)).status()).isEqualTo(RunStatus.ABORTED);

        LoggedRun cut = read(lora());
        assertThat(cut.status()).isEqualTo(RunStatus.UNFINISHED);
        assertThat(cut.timing().end()).isNull();
        assertThat(cut.timing().durationMillis()).isNull();
        assertThat(cut.progress().sequences()).isEqualTo(80);
    }

    @Test
    void countsAStartAfterProgressAsAnotherAttempt() throws IOException {
        LoggedRun run = read(lora().start().evaluated("samples_count", 160).stop("success", "samples_count", 160));

        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().sequences()).isEqualTo(160);
        assertThat(run.timing().durationMillis()).isEqualTo(4000);
        assertThat(codes(run)).contains(LogWarning.Code.RESTARTED);
    }

    @Test
    void countsTheSameStartOfManyRanksOnce() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("llama2_70b_lora", 8)
                .start()
                .start()
                .start()
                .evaluated("samples_count", 80)
                .at(1_600_000_000_000L)
                .start()
                .at(1_700_000_100_000L)
                .stop("success", "samples_count", 80));

        assertThat(run.attempts()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
    }

    @Test
    void countsSamplesButNoSequencesWhereSamplesAreImages() throws IOException {
        LoggedRun run = read(
                new MlperfLogWriter().benchmark("stable_diffusion", 512).start().stop("success", "step_num", 5000));

        assertThat(run.progress().steps()).isEqualTo(5000);
        assertThat(run.progress().samples()).isEqualTo(2_560_000);
        assertThat(run.progress().sequences()).isNull();
        assertThat(run.progress().tokens()).isNull();
    }

    @Test
    void makesNothingOfABenchmarkItDoesNotKnow() throws IOException {
        LoggedRun run =
                read(new MlperfLogWriter().benchmark("something_new", 4).start().stop("success", "samples_count", 40));

        assertThat(run.benchmark()).isEqualTo("unknown benchmark #3ce49fc1");
        assertThat(run.progress().samples()).isEqualTo(40);
        assertThat(run.progress().sequences()).isNull();
        assertThat(run.model()).isNull();
    }

    @Test
    void leavesADurationOutWhenTheClockGoesBack() throws IOException {
        LoggedRun run = read(lora().at(1_600_000_000_000L).stop("success", "samples_count", 80));

        assertThat(run.timing().durationMillis()).isNull();
        assertThat(codes(run)).contains(LogWarning.Code.CLOCK_GOES_BACK);
    }

    @Test
    void doesNotGuessFromTokensThatAreNotWholeSequences() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("gpt3", 2)
                .start()
                .evaluated("epoch_num", 2049)
                .stop("success"));

        assertThat(run.progress().tokens()).isNull();
        assertThat(codes(run))
                .contains(
                        LogWarning.Code.TOKENS_NOT_WHOLE,
                        LogWarning.Code.PROGRESS_UNKNOWN,
                        LogWarning.Code.PRIOR_UNKNOWN);
    }

    @Test
    void saysThatASettingMakesNoSense() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("llama31_8b", 0)
                .value("max_sequence_length", "-1")
                .start()
                .stop("success", "samples_count", 80));

        assertThat(run.progress().globalBatchSize()).isNull();
        assertThat(run.progress().steps()).isNull();
        assertThat(codes(run)).contains(LogWarning.Code.IMPLAUSIBLE_VALUE, LogWarning.Code.SETTING_CONTRADICTS);
    }

    @Test
    void makesNoFigureOfCountsBeyondAllReason() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("gpt3", Long.MAX_VALUE)
                .value("max_sequence_length", "2048")
                .value("init_checkpoint_step", Long.toString(Long.MAX_VALUE))
                .start()
                .evaluated("epoch_num", 2048L * 1_000_000_000_000_000L)
                .stop("success", "samples_count", Long.MAX_VALUE));

        assertThat(run.progress().samples()).isNull();
        assertThat(run.progress().globalBatchSize()).isNull();
        assertThat(run.prior().known()).isFalse();
        assertThat(RunCompute.of(run).total()).isNull();
        assertThat(codes(run)).contains(LogWarning.Code.IMPLAUSIBLE_VALUE);
    }

    @Test
    void pricesTheLargestCountsThatAreStillTaken() throws IOException {
        LoggedRun run = read(new MlperfLogWriter()
                .benchmark("llama31_405b", 10_000_000)
                .value("max_sequence_length", "10000000")
                .start()
                .stop("success", "samples_count", 1_000_000_000_000L));

        assertThat(RunCompute.of(run).total()).isNotNull();
    }

    @Test
    void readsTheSameFromLinesOfAnyLook() throws IOException {
        LoggedRun plain = read(lora().stop("success", "samples_count", 80));
        MlperfLogWriter odd = new MlperfLogWriter()
                .endingLinesWith("\r\n")
                .text("\uFEFF+ srun --label")
                .text("progress 10%\rprogress 20%\r")
                .lines(record -> " 3: \u001b[1m" + record + "\u001b[0m");
        lora(odd).stop("success", "samples_count", 80);

        LoggedRun read = read(odd);

        assertThat(read.progress()).isEqualTo(plain.progress());
        assertThat(read.timing()).isEqualTo(plain.timing());
        assertThat(read.id()).isEqualTo(plain.id());
    }

    private static MlperfLogWriter lora() {
        return lora(new MlperfLogWriter());
    }

    private static MlperfLogWriter lora(MlperfLogWriter log) {
        return log.at(1_700_000_000_000L)
                .benchmark("llama2_70b_lora", 8)
                .start()
                .evaluated("samples_count", 80);
    }

    private LoggedRun read(MlperfLogWriter log) throws IOException {
        LogCollection found = TrainingLogs.read(List.of(log.to(folder.resolve("log.txt"))), (done, files) -> {});
        assertThat(found.runs()).hasSize(1);
        return found.runs().get(0);
    }

    private static List<LogWarning.Code> codes(LoggedRun run) {
        return run.warnings().stream().map(LogWarning::code).toList();
    }
}
