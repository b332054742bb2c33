package org.flopledger.logs.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.StepField;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLogs;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MegatronTest {

    @TempDir
    private Path folder;

    private static Map<String, String> gpt() {
        var arguments = new TreeMap<String, String>();
        arguments.put("hidden_size", "64");
        arguments.put("num_layers", "3");
        arguments.put("num_attention_heads", "4");
        arguments.put("ffn_hidden_size", "256");
        arguments.put("max_position_embeddings", "32");
        arguments.put("seq_length", "32");
        arguments.put("padded_vocab_size", "128");
        arguments.put("global_batch_size", "8");
        arguments.put("world_size", "2");
        arguments.put("log_interval", "10");
        arguments.put("load", "None");
        return arguments;
    }

    private static String dump(Map<String, String> arguments) {
        var text = new StringBuilder("------------------------ arguments ------------------------\n");
        arguments.forEach((name, value) -> text.append("  ")
                .append(name)
                .append(' ')
                .append(".".repeat(47 - name.length()))
                .append(' ')
                .append(value)
                .append('\n'));
        return text.append("-------------------- end of arguments ---------------------\n")
                .toString();
    }

    private static String lines2021(long first, long last) {
        return ConsoleLogs.lines(
                first,
                last,
                10,
                " iteration %1$8d/    1000 | consumed samples: %1$d0 | elapsed time per iteration (ms): 250.0 | learning rate: 1.5E-04"
                        + " | global batch size:     8 | lm loss: 6.9E+00 | number of skipped iterations:   0 |");
    }

    /** The samples of those lines are ten times the step; make them eight times. */
    private static String eight(String lines) {
        var text = new StringBuilder();
        for (String line : lines.split("\n")) {
            long step = Long.parseLong(line.replaceAll(".*iteration +(\\d+)/.*", "$1"));
            text.append(line.replaceFirst("consumed samples: \\d+", "consumed samples: " + 8 * step))
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void buildsTheModelFromTheArgumentsAndPricesItsSteps() {
        LoggedRun run = ConsoleLogs.run(
                folder, dump(gpt()) + eight(lines2021(10, 100)) + "[after training is done] datetime: x\n");

        assertThat(run.format().label()).isEqualTo("megatron");
        assertThat(run.progress().steps()).isEqualTo(100);
        assertThat(run.progress().sequences()).isEqualTo(800);
        assertThat(run.progress().tokens()).isEqualTo(800 * 32);
        assertThat(run.progress().sequenceLength()).isEqualTo(32);
        assertThat(run.devices().count()).isEqualTo(2);
        assertThat(run.timing().durationMillis()).isEqualTo(25_000);
        assertThat(run.stage()).isEqualTo(Stage.PRETRAINING);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
        assertThat(run.prior().known()).isTrue();
        assertThat(run.setting().modelOrigin()).isEqualTo(ModelOrigin.LOG);
        assertThat(run.observations().rows()).isEqualTo(1);
        // GPT-2's layers: 12 h^2 + 13 h each, tables of 128 + 32 rows, a norm.
        long parameters = 3 * (12 * 64 * 64 + 13 * 64) + (128 + 32) * 64 + 2 * 64;
        RunCompute compute = RunCompute.of(run);
        assertThat(compute.parameters().total()).isEqualTo(parameters);
        assertThat(compute.total().method()).isEqualTo(CountingMethod.ARCHITECTURE);
    }

    @Test
    void knowsModernDecoders() {
        var arguments = gpt();
        arguments.put("swiglu", "True");
        arguments.put("add_bias_linear", "False");
        arguments.put("normalization", "RMSNorm");
        arguments.put("position_embedding_type", "rope");
        arguments.put("group_query_attention", "True");
        arguments.put("num_query_groups", "2");
        arguments.put("kv_channels", "16");
        arguments.put("untie_embeddings_and_output_weights", "True");

        ParameterCount parameters = RunCompute.of(ConsoleLogs.run(folder, dump(arguments) + eight(lines2021(10, 20))))
                .parameters();

        long layer = 2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 256 + 2 * 64;
        assertThat(parameters.total()).isEqualTo(3 * layer + 2 * 128 * 64 + 64);
    }

    @Test
    void knowsMixturesOfExpertsByTheirPattern() {
        var arguments = gpt();
        arguments.put("num_experts", "8");
        arguments.put("moe_router_topk", "2");
        arguments.put("moe_layer_freq", "[0, 1, 1]");
        arguments.put("moe_ffn_hidden_size", "32");
        arguments.put("moe_shared_expert_intermediate_size", "48");
        arguments.put("add_bias_linear", "False");

        ParameterCount parameters = RunCompute.of(ConsoleLogs.run(folder, dump(arguments) + eight(lines2021(10, 20))))
                .parameters();

        assertThat(parameters.routedExperts()).isEqualTo(2 * 8 * 2 * 64 * 32);
        assertThat(parameters.sharedExperts()).isEqualTo(2 * 2 * 64 * 48);
        assertThat(parameters.router()).isEqualTo(2 * 64 * 8);
        assertThat(parameters.total() - parameters.active()).isEqualTo(2 * 6 * 2 * 64 * 32);
    }

    @Test
    void makesNoModelOfWhatItDoesNotKnow() {
        for (Map.Entry<String, String> odd : Map.of(
                        "hybrid_override_pattern", "M-M*",
                        "mlp_type", "residual",
                        "decoder_num_layers", "3",
                        "moe_layer_freq", "([0]*1+[1]*2)",
                        "num_attention_heads", "99999999999")
                .entrySet()) {
            var arguments = gpt();
            arguments.put("num_experts", "8");
            arguments.put("moe_router_topk", "2");
            arguments.put(odd.getKey(), odd.getValue());

            LoggedRun run = ConsoleLogs.run(folder, dump(arguments) + eight(lines2021(10, 20)));

            assertThat(run.model()).as(odd.toString()).isNull();
            assertThat(run.setting().unknown()).as(odd.toString()).contains(Unknown.MODEL);
        }
    }

    @Test
    void readsLinesOfEveryAge() {
        String y2019 = ConsoleLogs.lines(
                10,
                30,
                10,
                " iteration %8d/  320000 | elapsed time per iteration (ms): 341.2 | learning rate 1.500E-04 | lm loss 6.9E+00 |");
        assertThat(ConsoleLogs.run(folder, dump(gpt()) + y2019).progress().sequences())
                .isEqualTo(240);

        String y2026 = ConsoleLogs.lines(
                1,
                30,
                1,
                "[default0]: [2026-05-15 17:10:%1$02d.123456] iteration %1$8d/ infinity | consumed samples: %1$12d | elapsed time per"
                        + " iteration (ms): 500.0/496.1 | throughput per GPU (TFLOP/s/GPU): 10.5 | lm loss: nan | energy per GPU"
                        + " (J/iter/GPU): 1.0 | learning rate: 1.0E-05 | global batch size:     1 | mtp_1 loss: 1.0 |");
        LoggedRun modern = ConsoleLogs.run(folder, dump(gpt()) + y2026);
        assertThat(modern.progress().sequences()).isEqualTo(30);
        assertThat(modern.timing().start()).hasToString("2026-05-15T17:10:01.123456Z");
        assertThat(modern.timing().end()).hasToString("2026-05-15T17:10:30.123456Z");
        // 10.5e12 x 0.5 s x 2 devices x 30
        assertThat(modern.reportedFlop().toBigInteger()).hasToString("315000000000000");

        String argonne = ConsoleLogs.lines(
                1,
                21,
                1,
                "[2024-01-01 00:00:00] iteration=%1$8d/  105963 | consumed_samples=%1$d | consumed_tokens=%1$d | elapsed_time_per_iteration_ms=10.0"
                        + " | global_batch_size=    1 | lm_loss=1.0 | actual_seqlen=  16 | [LM]TFLOPs=48.80 | [DS]TFLOPs=62.72 |");
        LoggedRun forked = ConsoleLogs.run(folder, argonne);
        assertThat(forked.progress().sequences()).isEqualTo(21);
        assertThat(forked.progress().tokens()).isEqualTo(21 * 16);

        String withoutBar =
                "iteration        3/     100 | iteration time: 270.1 s samples/sec: 3.8 | global batch size: 1024 |\n";
        assertThat(ConsoleLogs.run(folder, dump(gpt()) + withoutBar).progress().lastStep())
                .isEqualTo(3);
    }

    @Test
    void countsWhatRanAgainBehindARestart() {
        String text = dump(gpt()) + eight(lines2021(10, 100)) + dump(gpt())
                + "  successfully loaded checkpoint from /x at iteration 60\n" + eight(lines2021(70, 120));

        LoggedRun run = ConsoleLogs.run(folder, text);

        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().steps()).isEqualTo(100 + 60);
        assertThat(run.observations().total(StepField.SEQUENCES)).isEqualTo(8 * 160);
        assertThat(run.setting().unknown()).contains(Unknown.LOST_STEPS);
    }

    @Test
    void aDumpOfAnotherModelBeginsAnotherRun() {
        var wider = gpt();
        wider.put("hidden_size", "128");
        LogCollection found = ConsoleLogs.read(
                folder,
                dump(gpt())
                        + eight(lines2021(10, 100))
                        + dump(wider)
                        + eight(lines2021(10, 50)).replace("250.0", "251.0"));

        assertThat(found.runs()).extracting(run -> run.progress().steps()).containsExactlyInAnyOrder(100L, 50L);
    }

    @Test
    void skippedSamplesWereNotComputed() {
        String lines = ConsoleLogs.lines(
                1,
                10,
                1,
                " iteration %1$8d/ 10 | consumed samples: %1$d0 | skipped samples: 5 | elapsed time per iteration (ms): 1.0 | global batch size: 10 |");

        assertThat(ConsoleLogs.run(folder, dump(gpt()) + lines).observations().total(StepField.SEQUENCES))
                .isEqualTo(100 - 5);
    }

    @Test
    void documentsThatDoNotSeeEachOtherLeaveTheLengthsOpen() {
        var arguments = gpt();
        arguments.put("reset_attention_mask", "True");

        LoggedRun run = ConsoleLogs.run(folder, dump(arguments) + eight(lines2021(10, 100)));

        assertThat(run.progress().tokens()).isEqualTo(800 * 32);
        assertThat(run.progress().sequenceLength()).isNull();
        assertThat(run.setting().unknown()).contains(Unknown.SEQUENCE_LENGTHS);
        assertThat(run.setting().longestSequence()).isEqualTo(32);
    }

    @Test
    void argumentsWithoutAStepAreNoRunOfZero() {
        LogCollection found = ConsoleLogs.read(folder, dump(gpt()));

        assertThat(found.runs()).isEmpty();
        assertThat(found.unused()).extracting(use -> use.reason()).containsExactly(RejectionReason.NO_STEPS);
    }

    @Test
    void theBeginningOfALogIsTheSameRun() {
        String whole = dump(gpt()) + eight(lines2021(10, 100));
        String beginning = dump(gpt()) + eight(lines2021(10, 40));
        String id = ConsoleLogs.run(folder, whole).id();

        assertThat(ConsoleLogs.run(folder, beginning).id()).isEqualTo(id);
    }

    @Test
    void recordsOfMlperfBehindItsLinesTellTheRun() {
        String text = eight(lines2021(10, 20))
                + ":::MLLOG {\"namespace\": \"\", \"time_ms\": 1, \"event_type\": \"POINT_IN_TIME\", \"key\": \"seed\", \"value\": 1, \"metadata\": {}}\n";

        assertThat(ConsoleLogs.read(folder, "x".repeat(1 << 17) + "\n" + text).runs())
                .isEmpty();
    }

    @Test
    void readsTheProgressFile() {
        String job = "2026-01-01 00:00:0%d\tJob ID: 7\t# GPUs: 512\t%s\n";
        String saved =
                "Saved checkpoint\tIteration: %d\tJob throughput: 410.1 TFLOP/s/GPU\tCumulative throughput: 405.0 TFLOP/s/GPU\t"
                        + "Floating-point operations: %s\tTokens (in billions): %s";
        LoggedRun run = ConsoleLogs.run(
                folder,
                String.format(job, 0, "Starting job")
                        + String.format(job, 1, String.format(saved, 1000, "1.23e+20", "4.19"))
                        + String.format(job, 2, "Starting job")
                        + String.format(job, 3, String.format(saved, 2000, "2.46e+20", "8.38")));

        assertThat(run.format().label()).isEqualTo("megatron-progress");
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().steps()).isEqualTo(2000);
        assertThat(run.devices().count()).isEqualTo(512);
        assertThat(run.reportedFlop().toBigInteger()).hasToString("246000000000000000000");
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.COUNTS_ROUNDED);
    }

    @Test
    void readsSeriesOfMetrics() {
        LoggedRun points = ConsoleLogs.run(
                folder,
                "{\"lm loss\": {\"start_step\": 1, \"end_step\": 50, \"step_interval\": 5, \"values\": {\"1\": 10.8, \"5\": \"nan\", \"50\": 1}}}");
        assertThat(points.progress().lastStep()).isEqualTo(50);
        assertThat(points.lines().records()).isEqualTo(3);

        LoggedRun listed = ConsoleLogs.run(
                folder,
                "{\"lm loss\": {\"start_step\": 0, \"end_step\": 20, \"step_interval\": 5, \"values\": [1, 2, 3, 4, 5]}}");
        assertThat(listed.progress().lastStep()).isEqualTo(20);
    }
}
