package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages console logs at random places, with numbers that are none. No reader fails, and nothing is a total of zero. */
class ConsoleFuzzTest {

    private static final int ROUNDS = Integer.getInteger("flopledger.rounds", 60);
    private static final long SEED = Long.getLong("flopledger.seed", 20_261_121L);
    private static final String[] PIECES = {
        "NaN",
        "inf",
        "-1",
        "1e400",
        "9223372036854775807",
        "9".repeat(40),
        "\u001b[31m",
        "\u001b[",
        "\u0000",
        "\r",
        "\n",
        "|",
        ":",
        "=",
        "/",
        "[",
        "{",
        "'",
        "\"",
        "step:",
        "iteration ",
        "0",
        "-",
        " ",
        ",",
        "1e-400",
        "00000000000001",
        "\u00ff"
    };

    @TempDir
    private Path folder;

    private static Map<String, String> logs() {
        var logs = new TreeMap<String, String>();
        logs.put(
                "megatron",
                "------------------------ arguments ------------------------\n  hidden_size ..................................... 64\n"
                        + "  num_layers ...................................... 2\n  num_attention_heads ............................. 4\n"
                        + "  seq_length ...................................... 32\n  padded_vocab_size ............................... 128\n"
                        + "  world_size ...................................... 2\n  num_experts ..................................... 4\n"
                        + "  moe_router_topk ................................. 2\n"
                        + " [2026-05-15 17:10:32.805179] iteration        1/    1000 | consumed samples: 8 | elapsed time per iteration (ms): 2.0 |"
                        + " throughput per GPU (TFLOP/s/GPU): 10.5/9 | global batch size: 8 | lm loss: 1.2E+01 |\n"
                        + " iteration        2/    1000 | consumed samples: 16 | consumed tokens: 1.258B | skipped samples: 1 | actual seqlen: 64 |\n");
        logs.put(
                "megatron-progress",
                "2026-01-01 00:00:00\tJob ID: 7\t# GPUs: 512\tStarting job\n2026-01-01 00:00:01\tJob ID: 7\t# GPUs: 512\tSaved checkpoint\t"
                        + "Iteration: 1000\tFloating-point operations: 1.23e+20\tTokens (in billions): 4.19\n");
        logs.put(
                "series",
                "{\"lm loss\": {\"start_step\": 1, \"end_step\": 9, \"step_interval\": 5, \"values\": {\"1\": 10.8, \"5\": \"nan\"}}}");
        logs.put(
                "torchtitan",
                "Building device mesh with parallelism: pp=1, dp_shard=8, tp=1\nwith local batch size 2, global batch size 16, gradient accumulation"
                        + " steps 1, sequence length 64\nTraining starts at step 1\n[rank0]: step:  1  loss:  8.1  memory: 2GiB(3%)  tps: 177,138  tflops: 96.17\n"
                        + "[rank0]: step: 10  loss:  8.1  memory: 2GiB(3%)  tps: 177,138  tflops: 96.17\n");
        logs.put(
                "deepspeed",
                "[x] [config.py:1:print]   train_batch_size ............. 64\n[2023-04-18 03:36:02,682] [Rank 0] step=10, skipped=1, lr=[5e-05]\n"
                        + "[2023-04-18 03:36:02,682] epoch=0/micro_step=20/global_step=20, CurrSamplesPerSec=2\n");
        logs.put(
                "nemo",
                "seq_length: 128\nTraining epoch 0, iteration 0/999 | global_batch_size: 4 | global_step: 0 | train_step_timing in s: 0.5\n"
                        + "Epoch 0: | 1/100 [reduced_train_loss=6.7, global_step=9.000, consumed_samples=40.0, train_step_timing in s=1.2]\n");
        logs.put(
                "nanogpt",
                "tokens per iteration will be: 4,096\niter 0: loss 6.1, time 49.27ms, mfu 1%\niter 10: loss 6.0, time 49.27ms\n");
        logs.put(
                "modded",
                "step:0/30 val_loss:10.8 train_time:0ms step_avg:nanms\nstep:1/30 train_time:1014ms\nstep:30/30 train_time:2.5s\n");
        logs.put(
                "llmc",
                "| sequence length T     | 64    |\n| total batch size      | 512   |\n| num_layers L          | 2     |\n| channels C            | 32    |\n"
                        + "step    1/100 | loss 11.0 (+nanz)| norm 1 | lr 8e-07 | 46.50 ms | 29.2% bf16 MFU | 113446 tok/s\n");
        logs.put(
                "nanochat",
                "num_layers: 2\nmodel_dim: 64\nnum_heads: 2\nVocab size: 512\nTokens / micro-batch / rank: 4 x 32 = 128\nTotal batch size 1,024 => x\n"
                        + "Estimated FLOPs per token: 3e5\nstep 00000/00100 (0.00%) | loss: 11.0 | dt: 10.00ms | tok/sec: 102,400 | mfu: 3\n"
                        + "step 00001/00100 (0.00%) | loss: 11.0 | dt: 10.00ms | tok/sec: 102,400 | mfu: 3\nStep 00000/00010 | Training loss: 1| num_tokens: 70\n");
        logs.put("build", "0 val 10.9\n0 train 10.9\n1 train 10.8\n");
        logs.put(
                "maxtext",
                "Config param decoder_block: llama2\nConfig param emb_dim: 64\nConfig param max_target_length: 128\nNum_devices: 4\n"
                        + "completed step: 0, seconds: 2.000, TFLOP/s/device: 10.000, Tokens/s/device: 128.000, total_weights: 10, loss: 1\n");
        logs.put(
                "olmo",
                "[step=1/10,epoch=0]\n    throughput/total_tokens=4,096\n    throughput/total flops=89.56P\n[step=2/10]\n    throughput/total tokens=8,192\n");
        logs.put(
                "composer",
                "[batch=1/10]:\n\t Train time/token: 0\n[batch=3/10]:\n\t Train time/token: 8192\n\t Train time/sample: 8\n");
        logs.put(
                "levanter",
                "Progress on:train 950it/400kit rate:2it/s postfix:loss=4\nProgress on:train 1.25kit/400kit rate:2it/s\n");
        logs.put(
                "litgpt",
                "global_batch_size=512\nEpoch 1 | iter 2 step 1 | loss train: 10.9, val: n/a | iter time: 123.45 ms (step)\n");
        logs.put(
                "verl",
                "'ppo_epochs': 2,\nstep:1 - training/global_step:1 - response_length/mean:160 - prompt_length/mean:np.float64(40) - timing_s/gen:4"
                        + " - timing_s/values:1 - timing_s/step:50 - perf/total_num_tokens:12800 - perf/throughput:128\nstep:2 - timing_s/step:50 - x:1\n");
        logs.put(
                "verl-records",
                "{\"step\": 1, \"data\": {\"perf/total_num_tokens\": 12800, \"timing_s/gen\": 4}}\n{\"step\": 2, \"data\": {}}\n");
        logs.put(
                "openrlhf",
                "Global step 1: {'policy_loss': 0.1, 'rollout/num_samples': 8, 'total_length': 10, 'dynamic_filtering_pass_rate': 50.0}\n");
        logs.put("slime", "perf 0: {'perf/rollout_time': 31.2, 'perf/actor_train_time': 20.1}\n");
        logs.put("prime", "Step 5 | 12.3s | Loss 1 | Throughput 51234 tokens/s | MFU 31%\n");
        logs.put("nemo-rl", "==== Step 1/9 ====\n  generation: 4.0s\n  Total step time: 10.00s\n==== Step 2/9 ====\n");
        return logs;
    }

    @Test
    void survivesDamagedConsoleLogs() throws IOException {
        var random = new Random(SEED);
        for (Map.Entry<String, String> log : logs().entrySet()) {
            for (int round = 0; round < ROUNDS; round++) {
                check(
                        damaged(log.getValue(), random),
                        log.getKey() + ", -Dflopledger.seed=" + SEED + ", round " + round);
            }
        }
    }

    @Test
    void readsEveryLogThatIsNotDamaged() throws IOException {
        for (Map.Entry<String, String> log : logs().entrySet()) {
            assertThat(check(log.getValue(), log.getKey()).runs())
                    .as(log.getKey())
                    .isNotEmpty();
        }
    }

    @Test
    void staysBoundedWhateverALineIs() throws IOException {
        String line = " iteration        1/    1000 | consumed samples: 8 | " + "x: 1 | ".repeat(100_000) + "\n";
        check(line + "step:1 - " + "a:1 - ".repeat(100_000) + "\n" + "{\"step\"".repeat(50_000), "long lines");
        check("{\"step\": 1, \"perf/total_num_tokens\": " + "[".repeat(100_000), "brackets");
        check("[step=1/10]\n" + "[step=".repeat(100_000), "blocks");
        check(" iteration ".repeat(80_000) + " 1/ 2 | lm loss: 1 |\n", "markers");
        check("x\n" + " iteration 1/".repeat(70_000) + "\n iteration 1/ 2 | lm loss: 1 |\n", "steps without an end");
        check("step:1 train_time:1ms\n" + "step:1/".repeat(100_000) + "train_time:1ms\n", "steps of a record");
    }

    private LogCollection check(String text, String told) throws IOException {
        Files.write(folder.resolve("train.log"), text.getBytes(StandardCharsets.ISO_8859_1));
        LogCollection found = TrainingLogs.read(List.of(folder), 1, (done, files) -> {});
        assertThat(found.rejections())
                .as(told)
                .extracting(Rejection::reason)
                .doesNotContain(RejectionReason.READER_FAILED);
        assertThat(found.uses()).as(told).hasSize(1);
        for (LoggedRun run : found.runs()) {
            RunCompute compute = RunCompute.of(run);
            assertThat(compute.total() == null || !compute.total().value().isZero())
                    .as(told)
                    .isTrue();
            assertThat(run.progress().steps() == null || run.progress().steps() > 0)
                    .as(told)
                    .isTrue();
            assertThat(run.progress().tokens() == null || run.progress().tokens() > 0)
                    .as(told)
                    .isTrue();
            assertThat(run.timing().durationMillis() == null || run.timing().durationMillis() >= 0)
                    .as(told)
                    .isTrue();
        }
        return found;
    }

    private static String damaged(String good, Random random) {
        String bad = good;
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bad.length() + 1);
            int to = Math.min(bad.length(), at + random.nextInt(12));
            String piece = random.nextInt(3) == 0 ? "" : PIECES[random.nextInt(PIECES.length)];
            bad = bad.substring(0, at) + piece + bad.substring(random.nextInt(6) == 0 ? bad.length() : to);
        }
        return bad;
    }
}
