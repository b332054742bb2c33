package org.flopledger.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.flopledger.ComputeLedger;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real trainers with our callbacks, where a Python with their libraries is found (system property {@code flopledger.python}). */
class PythonTrainersTest {

    private static final String PYTHON = System.getProperty("flopledger.python", "python3");
    private static final Path SCRIPTS = Path.of("src", "test", "python");

    @TempDir
    private Path folder;

    private Properties run(String script, String... modules) throws IOException, InterruptedException {
        for (String module : modules) {
            assumeTrue(python("-c", "import " + module) == 0, PYTHON + " has no " + module + ": not tested with it");
        }
        int status = python(
                SCRIPTS.resolve(script).toString(), folder.resolve("spool").toString());
        String said = Files.readString(folder.resolve("out.txt"));
        assertThat(status).as(said).isZero();
        Properties told = new Properties();
        said.lines().filter(line -> line.startsWith("TRUTH ")).forEach(line -> {
            String[] parts = line.split(" ");
            told.setProperty(parts[1], parts[2]);
        });
        return told;
    }

    private int python(String... words) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put(
                "PYTHONPATH",
                Path.of("..", "..", "samples", "python")
                        .toAbsolutePath()
                        .normalize()
                        .toString());
        environment.put("OMP_NUM_THREADS", "1");
        environment.put("HF_HUB_OFFLINE", "1");
        try {
            return builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out.txt").toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    private interface Check {
        void accept(RunAccount account);
    }

    private void follow(String run, Check check) {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start();
                SpoolFollower follower = new SpoolFollower(folder.resolve("spool"), ledger)) {
            follower.poll();
            assertThat(follower.totals().isWhole()).as("%s", follower.totals()).isTrue();
            check.accept(ledger.totals(run));
        }
    }

    private static void requireEqual(Properties truth, String name, Object figure) {
        assertThat(String.valueOf(figure)).as(name).isEqualTo(truth.getProperty(name));
    }

    @Test
    void theTransformersTrainerIsCountedAsItsTensorsWere() throws Exception {
        Properties truth = run("transformers_run.py", "transformers", "torch", "peft");
        for (String run : List.of("full", "lora")) {
            follow(run, account -> {
                CellTotals first = account.totals().cells().get(0);
                requireEqual(truth, run + ".steps", account.totals().observations());
                requireEqual(truth, run + ".tokens", account.totals().tokens());
                requireEqual(truth, run + ".padding", first.paddingTokens());
                requireEqual(truth, run + ".sequences", first.sequences());
                requireEqual(truth, run + ".squares", first.squaredLengths());
                ComputeFigure total = account.total();
                assertThat(total.method()).isEqualTo("ARCHITECTURE");
                assertThat(total.isComplete()).isTrue();
                // Eager attention makes the whole square: our upper bound, to the unit.
                requireEqual(truth, run + ".counted", total.bounds().high());
            });
        }
        // A second training of one run is its next attempt.
        follow("again", account -> {
            assertThat(account.attempts()).isEqualTo(2);
            assertThat(account.totals().observations()).isEqualTo(4);
        });
    }

    @Test
    void lightningIsCountedAsItsTensorsWere() throws Exception {
        Properties truth = run("lightning_run.py", "lightning", "torch");
        follow("light", account -> {
            requireEqual(truth, "light.steps", account.totals().observations());
            requireEqual(truth, "light.tokens", account.totals().tokens());
        });
    }

    @Test
    void theWriterNeverRaisesAndSaysWhatItLost() throws Exception {
        assumeTrue(python("--version") == 0, "no " + PYTHON + " was found");
        run("writer_run.py");
        follow("small", account -> assertThat(account.totals().observations()).isEqualTo(6));
    }

    @Test
    void everyLineWrittenIsOfTheSchema() throws Exception {
        assumeTrue(python("-c", "import jsonschema") == 0, PYTHON + " has no jsonschema: not tested with it");
        run("writer_run.py");
        int status = python(
                SCRIPTS.resolve("validate.py").toString(),
                "../../accounting-core/docs/formats/spool.schema.json",
                folder.resolve("spool").toString());
        assertThat(status)
                .as(Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8))
                .isZero();
    }
}
