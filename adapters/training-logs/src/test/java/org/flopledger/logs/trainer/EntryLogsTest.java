package org.flopledger.logs.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trainers print line by line. */
class EntryLogsTest {

    private static final String CONSOLE = """
            Loading weights: 100%|##########| 12/12
            {'loss': '5.832', 'grad_norm': '0.5634', 'epoch': '0.4', 'num_input_tokens_seen': 1326}
             20%|##        | 5/25 [00:02<00:08]{'loss': 5.732, 'epoch': 0.8, 'num_input_tokens_seen': 2788}
            {'eval_loss': '5.849', 'eval_runtime': '0.0341', 'eval_samples_per_second': '205', 'epoch': '0.8'}
            {'loss': nan, 'grad_norm': inf, 'epoch': 1.6, 'num_input_tokens_seen': 5000}
            {'train_runtime': '10', 'train_samples_per_second': '20', 'train_steps_per_second': '2.5', 'epoch': '2'}
            """;

    @TempDir
    private Path folder;

    @Test
    void readsTheDictionariesOfAConsole() throws IOException {
        Files.writeString(folder.resolve("train.log"), CONSOLE);

        LoggedRun run = only();

        assertThat(run.format().label()).isEqualTo("trainer-console");
        assertThat(run.progress().tokens()).isEqualTo(5000);
        assertThat(run.progress().steps()).isEqualTo(25);
        assertThat(run.progress().sequences()).isEqualTo(200);
        assertThat(run.timing().durationMillis()).isEqualTo(10_000);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
        assertThat(run.lines().records()).isEqualTo(5);
    }

    @Test
    void aConsoleBesideTheStateOfTheSameTrainingIsARepeat() throws IOException {
        Files.writeString(folder.resolve("train.log"), CONSOLE);
        Files.writeString(folder.resolve("trainer_state.json"), """
                {"global_step": 25, "max_steps": 25, "log_history": [
                 {"step": 5, "loss": 5.83209}, {"step": 10, "loss": 5.73199}]}
                """);

        LogCollection found = read();

        assertThat(found.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.format().label()).isEqualTo("trainer-state"));
        assertThat(found.duplicates()).hasSize(1);
        assertThat(found.unused()).isEmpty();
    }

    @Test
    void readsTheLinesOfLlamaFactory() throws IOException {
        Files.writeString(folder.resolve("trainer_log.jsonl"), """
                {"current_steps": 5, "total_steps": 100, "loss": 1.5, "elapsed_time": "0:01:03", "total_tokens": 0}
                {"current_steps": 10, "total_steps": 100, "loss": 1.4, "elapsed_time": "1 day, 0:02:03", "total_tokens": 4096}
                {"current_steps": 10, "tot
                """);

        LoggedRun run = only();

        assertThat(run.format().label()).isEqualTo("llama-factory");
        assertThat(run.progress().steps()).isEqualTo(10);
        assertThat(run.progress().tokens()).isEqualTo(4096);
        assertThat(run.timing().durationMillis()).isEqualTo(86_523_000);
        assertThat(run.status()).isEqualTo(RunStatus.UNFINISHED);
    }

    @Test
    void readsTheLinesOfSwiftWithoutTheirSummary() throws IOException {
        Files.writeString(folder.resolve("logging.jsonl"), """
                {"loss": 2.5, "global_step/max_steps": "1/40", "elapsed_time": "1m 15s", "tokens_this_step": 38498}
                {"loss": 2.1, "global_step/max_steps": "40/40", "elapsed_time": "2m 1s", "tokens_this_step": 74566}
                {"train_runtime": 1967.3, "train_samples_per_second": 2.6, "global_step/max_steps": "40/40", "total_flos": 6e17}
                {"global_step": 40, "log_history": [{"loss": 2.5, "step": 1}]}
                """);

        LoggedRun run = only();

        assertThat(run.format().label()).isEqualTo("ms-swift");
        assertThat(run.progress().steps()).isEqualTo(40);
        // What one process saw of a step is not the run's.
        assertThat(run.progress().tokens()).isNull();
        assertThat(String.valueOf(run.reportedFlop())).isEqualTo("600000000000000000");
    }

    @Test
    void numbersOfADictionaryAreReadAndNothingIsEvaluated() {
        var texts = new HashMap<String, String>();

        assertThat(PythonLiteral.numbers("x {'loss': 1e-3, 'a': [1, 2], 'b': '7', 'c': __import__('os')}", texts))
                .containsOnlyKeys("loss", "b");
        assertThat(PythonLiteral.numbers("{'loss': 1", texts)).isNull();
    }

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), 1, (done, files) -> {});
    }

    private LoggedRun only() {
        List<LoggedRun> runs = read().runs();
        assertThat(runs).hasSize(1);
        return runs.get(0);
    }
}
