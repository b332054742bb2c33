package org.flopledger.logs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.StepField;
import org.flopledger.logs.Unknown;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One invented log of each family, and the ways in which its counts are to be read. */
class ConsoleFamiliesTest {

    @TempDir
    private Path folder;

    private LoggedRun run(String format, String text) {
        LoggedRun run = ConsoleLogs.run(folder, text);
        assertThat(run.format().label()).isEqualTo(format);
        return run;
    }

    @Test
    void readsTorchtitanThroughColoursAndThousands() {
        String prefix = "[rank3]:[titan] 2026-05-03 01:27:%1$02d,692 - root - INFO - ";
        String step = prefix
                + "\u001b[31mstep: %1$2d  \u001b[32mloss:  5.9  \u001b[38;2;180;60;0mgrad_norm: 0.3  \u001b[34mmemory:"
                + "  2.47GiB(3.12%%)  \u001b[34mtps: 1,000  \u001b[36mtflops: 96.17  \u001b[35mmfu: N/A\u001b[39m";
        String text =
                "[rank3]:[titan] 2026-05-03 01:27:00,692 - root - INFO - Building device mesh with parallelism: pp=2, dp_replicate=1,"
                        + " dp_shard=4, cp=1, tp=2, ep=8, etp=1\n"
                        + "[rank3]:[titan] x - root - INFO - Trainer is initialized with local batch size 2, global batch size 8, gradient"
                        + " accumulation steps 1, sequence length 1,024, total steps 30 (warmup 2)\n"
                        + "[rank3]:[titan] x - root - INFO - Training starts at step 11\n"
                        + ConsoleLogs.lines(11, 11, 1, step)
                        + ConsoleLogs.lines(20, 30, 10, step)
                        + "[rank3]:[titan] x - root - INFO - Training completed\n";

        LoggedRun run = run("torchtitan", text);

        assertThat(run.progress().steps()).isEqualTo(20);
        assertThat(run.progress().tokens()).isEqualTo(20 * 8 * 1024);
        assertThat(run.devices().count()).isEqualTo(16);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
        // 8192 tokens / (1000 x 16) s a step
        assertThat(run.timing().durationMillis()).isEqualTo(10_240);
        // 96.17e12 x 8192 / 1000 FLOP a step
        assertThat(run.reportedFlop().toBigInteger()).hasToString("15756492800000000");
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.CLAIM_FROM_RATE);
    }

    @Test
    void readsDeepSpeedAndTellsItsEnginesApart() {
        String line =
                "[2023-04-18 03:36:%1$02d,682] [INFO] [logging.py:96:log_dist] [Rank 0] step=%1$d, skipped=3, lr=[5e-05], mom=[(0.9)]\n"
                        + "[2023-04-18 03:36:%1$02d,683] [INFO] [timer.py:199:stop] epoch=0/micro_step=%1$d/global_step=%1$d, RunningAvgSamplesPerSec=2\n"
                        + "[2023-04-18 03:36:%1$02d,700] [INFO] [logging.py:96:log_dist] [Rank 0] step=%1$d, skipped=1, lr=[5e-05], mom=[(0.9)]";
        String text = "[2023-04-18 03:36:00,682] [INFO] [config.py:1063:print]   train_batch_size ............. 64\n"
                + "epoch: 0|step: 0|ppo_ep: 1|act_loss: 0.2|cri_loss: 0.1|unsuper_loss: 0.0\n"
                + ConsoleLogs.lines(10, 50, 10, line);

        LoggedRun run = run("deepspeed", text);

        assertThat(run.progress().steps()).isEqualTo(50);
        assertThat(run.progress().sequences()).isEqualTo(50 * 64);
        assertThat(run.progress().tokens()).isNull();
        assertThat(run.stage()).isEqualTo(Stage.REINFORCEMENT_LEARNING);
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.SECOND_ENGINE);
    }

    @Test
    void leavesAMegatronLogWithDeepSpeedLinesToMegatron() {
        String text = ConsoleLogs.lines(
                10,
                30,
                10,
                "[2023-04-18 03:36:00,682] [INFO] [logging.py:96:log_dist] [Rank 0] step=%1$d, skipped=0, lr=[5e-05]\n"
                        + " iteration %1$8d/ 100 | consumed samples: %1$d | elapsed time per iteration (ms): 1.0 | global batch size: 1 |");

        assertThat(run("megatron", text).progress().sequences()).isEqualTo(30);
    }

    @Test
    void readsBothFormsOfNemo() {
        String lines = ConsoleLogs.lines(
                0,
                9,
                1,
                "Training epoch 0, iteration %1$d/999 | lr: 0.0001 | global_batch_size: 4 | global_step: %1$d | reduced_train_loss: 11.03"
                        + " | train_step_timing in s: 0.5");
        LoggedRun second = run("nemo", "seq_length: 128\n" + lines);
        assertThat(second.progress().steps()).isEqualTo(10);
        assertThat(second.progress().tokens()).isEqualTo(10 * 4 * 128);
        assertThat(second.timing().durationMillis()).isEqualTo(5_000);

        String bars =
                "Epoch 0: :   1%| | 1/100 [00:01<00:02, reduced_train_loss=6.7, global_step=9.000, consumed_samples=40.0, train_step_timing"
                        + " in s=1.2]\rEpoch 0: :   2%| | 2/100 [00:01<00:02, reduced_train_loss=6.7, global_step=19.00, consumed_samples=80.0]\n";
        LoggedRun first = run("nemo", bars);
        assertThat(first.progress().steps()).isEqualTo(20);
        assertThat(first.progress().sequences()).isEqualTo(80);
    }

    @Test
    void readsNanoGpt() {
        String text =
                "tokens per iteration will be: 4,096\nOverriding: block_size = 256\nstep 0: train loss 4.2874, val loss 4.2823\n"
                        + ConsoleLogs.lines(0, 100, 10, "iter %d: loss 6.1551 BPC, time 49.27ms, mfu -100.00%%");

        LoggedRun run = run("nanogpt", text);

        assertThat(run.progress().steps()).isEqualTo(101);
        assertThat(run.progress().tokens()).isEqualTo(101 * 4096);
        assertThat(run.setting().unknown()).contains(Unknown.EVALUATION);
    }

    @Test
    void readsRecordsOfModdedNanoGptBehindTheirProgram() {
        String program = "print0(f\"step:{step+1}/{args.train_steps} train_time:{approx:.0f}ms\")\n".repeat(3_000);
        String text = program + "step:0/30 val_loss:10.8 train_time:0ms step_avg:nanms\n"
                + ConsoleLogs.lines(1, 10, 1, "step:%1$d/30 train_time:10%1$02dms step_avg:nanms")
                + ConsoleLogs.lines(11, 30, 1, "step:%1$d/30 train_time:%1$d0ms step_avg:1.0ms")
                + "step:30/30 val_loss:3.2 train_time:300ms step_avg:1.0ms\n";

        LoggedRun run = run("modded-nanogpt", text);

        assertThat(run.progress().steps()).isEqualTo(30);
        assertThat(run.timing().durationMillis()).isEqualTo(1_010 + 300);
        LogCollection trials = ConsoleLogs.read(
                folder,
                text
                        + "step:0/30 val_loss:10.9 train_time:0.000s step_avg:nanms\nstep:30/30 val_loss:3.3 train_time:4.500s step_avg:1.0ms\n");
        assertThat(trials.runs()).extracting(trial -> trial.progress().steps()).containsExactlyInAnyOrder(30L, 1L);
    }

    @Test
    void readsLlmCWithItsModel() {
        String table =
                "| micro batch size B    | 4     |\n| sequence length T     | 64    |\n| total batch size      | 512   |\n"
                        + "| max_sequence_length T | 64    |\n| padded_vocab_size Vp  | 128   |\n| num_layers L          | 2     |\n"
                        + "| num_heads NH          | 4     |\n| channels C            | 32    |\n| num_processes         | 2     |\n"
                        + "| resume                | 0     |\n| device                | NVIDIA A100-SXM4-80GB |\n";
        long parameters = 2 * (12 * 32 * 32 + 13 * 32) + (128 + 64) * 32 + 2 * 32;
        String lines = ConsoleLogs.lines(
                1,
                20,
                1,
                "step %4d/100 | loss nan (+nanz)| norm nan (+nanz)| lr 8.57e-07 | 46.50 ms | 29.2%% bf16 MFU | 113446 tok/s");

        LoggedRun run = run(
                "llm-c",
                table + "| num_parameters        | " + parameters + " |\n" + lines + "step   21/100 | loss na");

        assertThat(run.progress().tokens()).isEqualTo(20 * 512);
        assertThat(run.progress().sequences()).isEqualTo(20 * 8);
        assertThat(run.timing().durationMillis()).isEqualTo(930);
        RunCompute compute = RunCompute.of(run);
        assertThat(compute.parameters().total()).isEqualTo(parameters);
        assertThat(compute.total().method()).isEqualTo(CountingMethod.ARCHITECTURE);
        LoggedRun other = run("llm-c", table + "| num_parameters        | " + (parameters + 1) + " |\n" + lines);
        assertThat(other.model()).isNull();
    }

    @Test
    void readsTheTrainingsOfNanoChatApart() {
        long parameters = 2 * 12 * 64 * 64 + 2 * 512 * 64;
        String head = "Vocab size: 512\nnum_layers: 2\nmodel_dim: 64\nnum_heads: 2\nnum_kv_heads: 2\n"
                + "Tokens / micro-batch / rank: 4 x 32 = 128\nTotal batch size 1,024 => gradient accumulation steps: 8\n"
                + "Number of parameters: " + parameters + "\nEstimated FLOPs per token: 3.0e+05\n";
        String base = ConsoleLogs.lines(
                0,
                99,
                1,
                "step %05d/00100 (0.00%%) | loss: 11.09 | grad norm: 0.4 | lrm: 1.00 | dt: 10.00ms | tok/sec: 102,400 | mfu: 3.64 | total time: 0m");
        String middle = ConsoleLogs.lines(
                1,
                50,
                1,
                "step %05d (1.00%%) | loss: 2.09 | lrm: 1.00 | dt: 10.00ms | tok/sec: 102,400 | mfu: 3.64 | total time: 0m");
        String tuned = ConsoleLogs.lines(0, 9, 1, "Step %05d/00010 | Training loss: 1.2| lrm: 1.0| num_tokens: 70");

        LogCollection found = ConsoleLogs.read(folder, head + base + head + middle + tuned);

        assertThat(found.runs()).hasSize(3);
        assertThat(found.runs())
                .extracting(LoggedRun::stage)
                .containsExactlyInAnyOrder(
                        Stage.PRETRAINING, Stage.CONTINUED_PRETRAINING, Stage.SUPERVISED_FINE_TUNING);
        assertThat(found.runs())
                .extracting(run -> run.progress().tokens())
                .containsExactlyInAnyOrder(102_400L, 51_200L, 700L);
        LoggedRun first = found.runs().stream()
                .filter(run -> run.stage() == Stage.PRETRAINING)
                .findFirst()
                .orElseThrow();
        assertThat(RunCompute.of(first).parameters().total()).isEqualTo(parameters);
        assertThat(first.reportedFlop().toBigInteger()).hasToString("30720000000");
        assertThat(first.timing().durationMillis()).isEqualTo(1_000);
    }

    @Test
    void readsTheShortLogOfBuildNanoGpt() {
        LoggedRun run =
                run("build-nanogpt", "0 val 10.9310\n0 hella 0.2413\n" + ConsoleLogs.lines(0, 94, 1, "%d train 9.48"));

        assertThat(run.progress().steps()).isEqualTo(95);
        assertThat(run.progress().lastStep()).isEqualTo(94);
    }

    @Test
    void readsMaxTextWithItsConfiguration() {
        String head =
                "Config param decoder_block: llama2\nConfig param emb_dim: 64\nConfig param mlp_dim: 128\nConfig param num_decoder_layers: 2\n"
                        + "Config param num_query_heads: 4\nConfig param num_kv_heads: 2\nConfig param head_dim: 16\nConfig param vocab_size: 256\n"
                        + "Config param mlp_activations: ['silu', 'linear']\nConfig param logits_via_embedding: False\n"
                        + "Config param dataset_type: synthetic\nConfig param max_target_length: 128\nConfig param global_batch_size_to_train_on: 8\n"
                        + "Num_devices: 4, shape (1, 4)\n";
        String lines = ConsoleLogs.lines(
                0,
                9,
                1,
                "completed step: %d, seconds: 2.000, TFLOP/s/device: 10.000, Tokens/s/device: 128.000, total_weights: 1000, loss: 10.374");

        LoggedRun run = run("maxtext", head + lines);

        assertThat(run.progress().tokens()).isEqualTo(10 * 8 * 128);
        assertThat(run.progress().sequenceLength()).isEqualTo(128);
        assertThat(run.timing().durationMillis()).isEqualTo(20_000);
        assertThat(run.reportedFlop().toBigInteger()).hasToString("800000000000000");
        long layer = 2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 128 + 2 * 64;
        assertThat(RunCompute.of(run).parameters().total()).isEqualTo(2 * layer + 2 * 256 * 64 + 64);
    }

    @Test
    void readsBothFormsOfOlmo() {
        String first = ConsoleLogs.lines(
                1,
                20,
                1,
                "2024-01-31 20:31:%1$02d.123  host:0  olmo.train:1060  INFO  [step=%1$d/739328,epoch=0]\n    train/CrossEntropyLoss=11.34\n"
                        + "    throughput/total_tokens=%1$d,000\n    throughput/total_training_Gflops=5");
        assertThat(run("olmo", first).progress().tokens()).isEqualTo(20_000);

        String core = ConsoleLogs.lines(
                5,
                20,
                5,
                "INFO [step=%1$d/100,epoch=1,eta=0:01:00]\n    train/CE loss=11.34\n    throughput/total tokens=%1$d,000\n    throughput/total flops=%1$d.00P");
        LoggedRun run = run("olmo", core);
        assertThat(run.progress().steps()).isEqualTo(20);
        assertThat(run.reportedFlop().toBigInteger()).hasToString("20000000000000000");
    }

    @Test
    void readsComposerWhoseCountsAreThoseBeforeABatch() {
        String text =
                "[batch=1/100]:\n\t Train time/batch: 0\n\t Train time/sample: 0\n\t Train time/token: 0\n\t Train loss/train/total: 11\n"
                        + "[batch=11/100]:\n\t Train time/batch: 10\n\t Train time/sample: 40\n\t Train time/token: 81920\n"
                        + "[batch=21/100]:\n\t Train time/batch: 20\n\t Train time/sample: 80\n\t Train time/token: 163840\n";

        LoggedRun run = run("composer", text);

        assertThat(run.progress().steps()).isEqualTo(21);
        assertThat(run.progress().lastStep()).isEqualTo(21);
        assertThat(run.observations().total(StepField.TOKENS)).isEqualTo(21 * 8192);
    }

    @Test
    void readsLevanterAsFarAsItsDigitsGo() {
        LoggedRun run = run(
                "levanter",
                "train_batch_size: 4\nseq_len: 1024\n2024 - levanter.callbacks - INFO :: Progress on:train 950it/400kit rate:2.3it/s postfix:loss=4.5\n"
                        + "2024 - levanter.callbacks - INFO :: Progress on:train 1.25kit/400kit rate:2.3it/s postfix:loss=4.5\n");

        assertThat(run.progress().lastStep()).isEqualTo(1_250);
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.STEPS_ROUNDED);
    }

    @Test
    void readsLitGptWhoseLinesAreMicroBatches() {
        String text =
                "{'devices': 4, 'train': TrainArgs(save_interval=1000, global_batch_size=512, micro_batch_size=4, max_seq_length=2048)}\n"
                        + "Epoch 1 | iter 1 step 0 | loss train: 10.9, val: n/a | iter time: 123.45 ms\n"
                        + "Epoch 1 | iter 2 step 1 | loss train: 10.9, val: n/a | iter time: 123.45 ms (step)\n"
                        + "Epoch 1 | iter 3 step 1 | loss train: 10.8, val: n/a | iter time: 123.45 ms\n"
                        + "Epoch 1 | iter 4 step 2 | loss train: 10.8, val: n/a | iter time: 123.45 ms (step) remaining time: 1:02:03\n";

        LoggedRun run = run("litgpt", text);

        assertThat(run.progress().steps()).isEqualTo(2);
        assertThat(run.progress().sequences()).isEqualTo(1024);
        assertThat(run.setting().longestSequence()).isEqualTo(2048);
        assertThat(run.setting().unknown()).contains(Unknown.TOKENS);
    }
}
