package org.flopledger.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the logs under {@code samples/logs}: invented runs of an invented lab, in the formats of real ones.
 *
 * <p>The same program gives the same bytes, so the files are kept in the repository and a test compares them. They show what
 * a log folder does to a naive sum: a resubmitted file, nested checkpoints that repeat a whole history, a run that starts
 * from a checkpoint, and a framework figure that prices LoRA as full training.
 */
public final class SampleLogs {

    private static final String LAB = "mlperf/example-lab/";

    private SampleLogs() {}

    /** Writes the logs below the folder named by the first argument. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: SampleLogs FOLDER");
            System.exit(2);
        }
        for (Map.Entry<String, String> file : files().entrySet()) {
            Path path = Path.of(args[0], file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** Returns every file's text by its path below the folder. */
    static Map<String, String> files() {
        Map<String, String> files = new TreeMap<>();
        files.put(LAB + "systems/one-node.json", system("one-node", 1));
        files.put(LAB + "systems/many-nodes.json", system("many-nodes", 64));

        String pretraining = pretraining();
        String loraRun = loraFineTuning();
        files.put(LAB + "results/one-node/llama31_8b/result_0.txt", pretraining);
        files.put(LAB + "results/one-node/llama2_70b_lora/result_0.txt", loraRun);
        files.put(LAB + "results/one-node/llama2_70b_lora/result_1.txt", loraRun);
        files.put(LAB + "results/many-nodes/gpt3/result_0.txt", continuedFromCheckpoint());

        files.put("hugging-face/support-chat/config.json", llama8bConfig());
        files.put("hugging-face/support-chat/adapter_config.json", loraConfig());
        files.put("hugging-face/support-chat/trainer_state.json", trainerState(300));
        files.put("hugging-face/support-chat/checkpoint-100/trainer_state.json", trainerState(100));
        files.put("hugging-face/support-chat/checkpoint-200/trainer_state.json", trainerState(200));
        return files;
    }

    private static String pretraining() {
        int batch = 32;
        long samples = 172_032;
        MlperfLog log = new MlperfLog(1_790_000_000_000L, "  0: ");
        log.point("submission_benchmark", "\"llama31_8b\"");
        log.point("submission_org", "\"Example Lab\"");
        log.point("submission_platform", "\"1xONE-NODE\"");
        log.point("seed", "4711");
        log.point("global_batch_size", String.valueOf(batch));
        log.point("gradient_accumulation_steps", "2.0");
        log.point("max_sequence_length", "8192");
        log.point("init_checkpoint_step", "0");
        log.point("eval_samples", "1024");
        log.start("run_start", "");
        int evaluations = 14;
        for (int i = 1; i <= evaluations; i++) {
            long seen = samples / evaluations * i;
            log.passes(1_500_000);
            log.text("nvidia-smi: all devices healthy");
            log.eval("3." + (90 - 4 * i) + "1", "\"samples_count\": " + seen);
        }
        log.end("run_stop", "\"samples_count\": " + samples + ", \"status\": \"success\"");
        log.point("train_samples", String.valueOf(samples));
        return log.toString();
    }

    private static String loraFineTuning() {
        MlperfLog log = new MlperfLog(1_790_100_000_000L, "");
        log.point("submission_benchmark", "\"llama2_70b_lora\"");
        log.point("submission_org", "\"Example Lab\"");
        log.point("submission_platform", "\"1xONE-NODE\"");
        log.point("seed", "1066");
        log.point("global_batch_size", "8");
        log.point("gradient_accumulation_steps", "1");
        log.point("train_samples", "3901");
        log.point("eval_samples", "173");
        log.point("lora_rank", "16");
        log.point("lora_alpha", "32");
        log.start("run_start", "");
        for (long seen = 1536; seen <= 3072; seen += 384) {
            log.passes(235_000);
            log.eval("0.9" + (45 - seen / 150), "\"samples_count\": " + seen);
        }
        log.end("run_stop", "\"samples_count\": 3072, \"status\": \"success\"");
        return log.toString();
    }

    /** GPT-3 starts from a checkpoint that has seen ten times what the log itself shows. */
    private static String continuedFromCheckpoint() {
        long tokensPerEvaluation = 50_331_648L;
        int evaluations = 24;
        MlperfLog log = new MlperfLog(1_790_200_000_000L, "");
        log.point("submission_benchmark", "\"gpt3\"");
        log.point("submission_org", "\"Example Lab\"");
        log.point("submission_platform", "\"64xMANY-NODES\"");
        log.point("seed", "1815");
        log.point("init_checkpoint_step", "4000");
        log.point("global_batch_size", "1536");
        log.point("gradient_accumulation_steps", "24");
        log.point("max_sequence_length", "2048");
        log.start("run_start", "");
        for (int i = 1; i <= evaluations; i++) {
            log.passes(240_000);
            log.eval("2." + (740 - 2 * i), "\"epoch_num\": " + tokensPerEvaluation * i);
        }
        log.point("train_samples", String.valueOf(tokensPerEvaluation * evaluations));
        log.end("run_stop", "\"status\": \"success\"");
        return log.toString();
    }

    private static String system(String name, int nodes) {
        return """
                {
                  "submitter": "Example Lab",
                  "division": "closed",
                  "system_name": "%s",
                  "number_of_nodes": "%d",
                  "accelerators_per_node": "8",
                  "accelerator_model_name": "NVIDIA H100-SXM5-80GB"
                }
                """.formatted(name, nodes);
    }

    private static String llama8bConfig() {
        return """
                {
                  "model_type": "llama",
                  "hidden_size": 4096,
                  "intermediate_size": 14336,
                  "num_hidden_layers": 32,
                  "num_attention_heads": 32,
                  "num_key_value_heads": 8,
                  "vocab_size": 128256,
                  "tie_word_embeddings": false
                }
                """;
    }

    private static String loraConfig() {
        return """
                {
                  "peft_type": "LORA",
                  "r": 16,
                  "lora_alpha": 32,
                  "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"],
                  "bias": "none",
                  "task_type": "CAUSAL_LM"
                }
                """;
    }

    private static String trainerState(int lastStep) {
        long tokensPerStep = 32_768;
        // What the framework writes: 6 x every parameter outside the embedding x tokens, adapter or not.
        long parametersWithoutEmbedding = 8_030_261_248L - 128_256L * 4_096L + 13_631_488L;
        double totalFlos = 6.0 * parametersWithoutEmbedding * tokensPerStep * lastStep;
        StringBuilder history = new StringBuilder();
        for (int step = 10; step <= lastStep; step += 10) {
            history.append(step == 10 ? "" : ",\n")
                    .append(String.format(
                            Locale.ROOT,
                            "    {\"epoch\": %.2f, \"grad_norm\": 1.%d, \"learning_rate\": 0.0001,"
                                    + " \"loss\": 1.%d, \"step\": %d}",
                            step / 150.0,
                            500 - step,
                            900 - 2 * step,
                            step));
        }
        return String.format(
                Locale.ROOT, """
                {
                  "epoch": %.1f,
                  "global_step": %d,
                  "max_steps": 300,
                  "num_train_epochs": 2,
                  "log_history": [
                %s
                  ],
                  "logging_steps": 10,
                  "save_steps": 100,
                  "num_input_tokens_seen": %d,
                  "total_flos": %s,
                  "train_batch_size": 1
                }
                """, lastStep / 150.0, lastStep, history, tokensPerStep * lastStep, totalFlos);
    }

    /** Lines in the manner of the MLPerf logger, against a clock that only moves when told to. */
    private static final class MlperfLog {

        private final StringBuilder lines = new StringBuilder();
        private final String label;
        private long timeMillis;

        MlperfLog(long startMillis, String label) {
            this.timeMillis = startMillis;
            this.label = label;
        }

        void passes(long millis) {
            timeMillis += millis;
        }

        void text(String line) {
            lines.append(label).append(line).append('\n');
        }

        void point(String key, String value) {
            record("POINT_IN_TIME", key, value, "");
        }

        void start(String key, String metadata) {
            record("INTERVAL_START", key, "null", metadata);
        }

        void end(String key, String metadata) {
            record("INTERVAL_END", key, "null", metadata);
        }

        void eval(String value, String metadata) {
            record("POINT_IN_TIME", "eval_accuracy", value, metadata);
        }

        private void record(String type, String key, String value, String metadata) {
            lines.append(label)
                    .append(":::MLLOG {\"namespace\": \"\", \"time_ms\": ")
                    .append(timeMillis)
                    .append(", \"event_type\": \"")
                    .append(type)
                    .append("\", \"key\": \"")
                    .append(key)
                    .append("\", \"value\": ")
                    .append(value)
                    .append(", \"metadata\": {\"file\": \"train.py\", \"lineno\": 1")
                    .append(metadata.isEmpty() ? "" : ", " + metadata)
                    .append("}}\n");
        }

        @Override
        public String toString() {
            return lines.toString();
        }
    }
}
