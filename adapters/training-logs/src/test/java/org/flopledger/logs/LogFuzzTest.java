package org.flopledger.logs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.flopledger.ComputeLedger;

/**
 * A target for each reader: whatever the bytes are, it ends with what it could use or with an {@link IOException}, and what it tells can
 * be priced and taken in. In a build the files under {@code LogFuzzTestInputs} are read; {@code JAZZER_FUZZ=1} with {@code -Dtest=LogFuzzTest#verl}
 * searches for more.
 */
class LogFuzzTest {

    @FuzzTest
    void mlperf(byte[] data) throws IOException {
        read("mlperf", data);
    }

    @FuzzTest
    void trainerState(byte[] data) throws IOException {
        read("trainer-state", data);
    }

    @FuzzTest
    void trainerConsole(byte[] data) throws IOException {
        read("trainer-console", data);
    }

    @FuzzTest
    void llamaFactory(byte[] data) throws IOException {
        read("llama-factory", data);
    }

    @FuzzTest
    void msSwift(byte[] data) throws IOException {
        read("ms-swift", data);
    }

    @FuzzTest
    void otlp(byte[] data) throws IOException {
        read("otlp", data);
    }

    @FuzzTest
    void tensorboard(byte[] data) throws IOException {
        read("tensorboard", data);
    }

    @FuzzTest
    void wandb(byte[] data) throws IOException {
        read("wandb", data);
    }

    @FuzzTest
    void mlflow(byte[] data) throws IOException {
        read("mlflow", data);
    }

    @FuzzTest
    void lightningCsv(byte[] data) throws IOException {
        read("lightning-csv", data);
    }

    @FuzzTest
    void kerasCsv(byte[] data) throws IOException {
        read("keras-csv", data);
    }

    @FuzzTest
    void ultralyticsCsv(byte[] data) throws IOException {
        read("ultralytics-csv", data);
    }

    @FuzzTest
    void wandbExport(byte[] data) throws IOException {
        read("wandb-export", data);
    }

    @FuzzTest
    void mlflowExport(byte[] data) throws IOException {
        read("mlflow-export", data);
    }

    @FuzzTest
    void neptuneExport(byte[] data) throws IOException {
        read("neptune-export", data);
    }

    @FuzzTest
    void nvidiaSmi(byte[] data) throws IOException {
        read("nvidia-smi", data);
    }

    @FuzzTest
    void dcgm(byte[] data) throws IOException {
        read("dcgm", data);
    }

    @FuzzTest
    void sacct(byte[] data) throws IOException {
        read("sacct", data);
    }

    @FuzzTest
    void codecarbon(byte[] data) throws IOException {
        read("codecarbon", data);
    }

    @FuzzTest
    void lmEval(byte[] data) throws IOException {
        read("lm-eval", data);
    }

    @FuzzTest
    void inferenceMlperf(byte[] data) throws IOException {
        read("inference-mlperf", data);
    }

    @FuzzTest
    void megatron(byte[] data) throws IOException {
        read("megatron", data);
    }

    @FuzzTest
    void megatronProgress(byte[] data) throws IOException {
        read("megatron-progress", data);
    }

    @FuzzTest
    void metricSeries(byte[] data) throws IOException {
        read("metric-series", data);
    }

    @FuzzTest
    void torchtitan(byte[] data) throws IOException {
        read("torchtitan", data);
    }

    @FuzzTest
    void deepspeed(byte[] data) throws IOException {
        read("deepspeed", data);
    }

    @FuzzTest
    void nemo(byte[] data) throws IOException {
        read("nemo", data);
    }

    @FuzzTest
    void nanogpt(byte[] data) throws IOException {
        read("nanogpt", data);
    }

    @FuzzTest
    void moddedNanogpt(byte[] data) throws IOException {
        read("modded-nanogpt", data);
    }

    @FuzzTest
    void llmC(byte[] data) throws IOException {
        read("llm-c", data);
    }

    @FuzzTest
    void nanochat(byte[] data) throws IOException {
        read("nanochat", data);
    }

    @FuzzTest
    void buildNanogpt(byte[] data) throws IOException {
        read("build-nanogpt", data);
    }

    @FuzzTest
    void maxtext(byte[] data) throws IOException {
        read("maxtext", data);
    }

    @FuzzTest
    void olmo(byte[] data) throws IOException {
        read("olmo", data);
    }

    @FuzzTest
    void composer(byte[] data) throws IOException {
        read("composer", data);
    }

    @FuzzTest
    void levanter(byte[] data) throws IOException {
        read("levanter", data);
    }

    @FuzzTest
    void litgpt(byte[] data) throws IOException {
        read("litgpt", data);
    }

    @FuzzTest
    void verl(byte[] data) throws IOException {
        read("verl", data);
    }

    @FuzzTest
    void verlRecords(byte[] data) throws IOException {
        read("verl-records", data);
    }

    @FuzzTest
    void primeRl(byte[] data) throws IOException {
        read("prime-rl", data);
    }

    @FuzzTest
    void primeRlRecords(byte[] data) throws IOException {
        read("prime-rl-records", data);
    }

    @FuzzTest
    void nemoRl(byte[] data) throws IOException {
        read("nemo-rl", data);
    }

    @FuzzTest
    void nemoRlRecords(byte[] data) throws IOException {
        read("nemo-rl-records", data);
    }

    @FuzzTest
    void openrlhf(byte[] data) throws IOException {
        read("openrlhf", data);
    }

    @FuzzTest
    void slime(byte[] data) throws IOException {
        read("slime", data);
    }

    private static void read(String format, byte[] data) throws IOException {
        for (LogSource<?> source : ServiceLoader.load(LogSource.class)) {
            if (source.format().label().equals(format)) {
                read(source, data);
                return;
            }
        }
        throw new AssertionError("no reader has the format " + format);
    }

    /** Some formats look at the name of their file. */
    private static String name(String format) {
        return switch (format) {
            case "tensorboard" -> "events.out.tfevents.1";
            case "wandb" -> "run-a.wandb";
            case "mlflow" -> "meta.yaml";
            case "trainer-state" -> "trainer_state.json";
            default -> "log.txt";
        };
    }

    private static <T> void read(LogSource<T> source, byte[] data) throws IOException {
        Path folder = Files.createTempDirectory("fuzz-");
        Path path = Files.write(folder.resolve(name(source.format().label())), data);
        var assembly = new LogAssembly(Declaration.NONE);
        try (LogFile file = LogFile.open(path, path, data.length)) {
            source.recognise(file.head());
            T told = source.read(file);
            if (told != null) {
                source.assemble(List.of(new FilePart<>(path, data.length, told)), assembly);
            }
        } catch (IOException e) {
            // Damaged bytes are refused; a reader that fails in any other way is a finding.
            return;
        } finally {
            Files.deleteIfExists(path);
            Files.deleteIfExists(folder);
        }
        assembly.supplyDeclared();
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            for (LoggedRun run : assembly.runs()) {
                RunIntake.record(run, RunCompute.of(run), ledger);
            }
        }
    }
}
