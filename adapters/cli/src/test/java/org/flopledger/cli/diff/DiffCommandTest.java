package org.flopledger.cli.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {

    @TempDir
    private Path folder;

    private Path a;
    private Path b;

    @BeforeEach
    void twoSides() throws IOException {
        a = folder.resolve("a");
        b = folder.resolve("b");
        for (Path side : new Path[] {a, b}) {
            SampleLogs.gpt3(side.resolve("x"), 20, 1);
            SampleLogs.gpt3(side.resolve("y"), 20, 2);
        }
    }

    @Test
    void what_is_the_same_is_not_listed() {
        CommandLineRun run = CommandLineRun.of("diff", a, b, "--fail-on-increase");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("Training compute: no change in 2 runs.\n");
    }

    @Test
    void a_changed_run_is_one_row_with_the_exact_difference() throws IOException {
        BigInteger was = total(a, 0).subtract(BigInteger.ZERO);
        SampleLogs.gpt3(b.resolve("x"), 30, 1);

        CommandLineRun run = CommandLineRun.of("diff", a, b);
        BigInteger grown = was.shiftRight(1);

        assertThat(run.status()).isZero();
        assertThat(run.out().lines().filter(line -> line.startsWith("| mlperf")))
                .hasSize(1);
        assertThat(run.out())
                .contains("1 of 2 runs changed")
                .contains("(+50.00 %)")
                .contains("| " + grown + " |");
        assertThat(CommandLineRun.of("diff", a, b, "--fail-on-increase").status())
                .isEqualTo(1);
        assertThat(CommandLineRun.of("diff", b, a, "--fail-on-increase").status())
                .isZero();
    }

    @Test
    void new_and_vanished_runs_are_said() throws IOException {
        SampleLogs.gpt3(b.resolve("z"), 10, 3);
        CommandLineRun added = CommandLineRun.of("diff", a, b, "--fail-on-increase");

        assertThat(added.status()).isEqualTo(1);
        assertThat(added.out()).contains("not there");
        CommandLineRun gone = CommandLineRun.of("diff", b, a, "--fail-on-increase");
        assertThat(gone.status()).isZero();
        assertThat(gone.out()).contains("| gone |");
    }

    @Test
    void ledgers_and_saved_json_are_sides_too() throws IOException {
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, a);
        Path analysis = Files.writeString(
                folder.resolve("a.json"),
                CommandLineRun.of("analyze", a, "--output", "json").out());
        Path report = Files.writeString(
                folder.resolve("r.json"),
                CommandLineRun.of("report", a, "--format", "json").out());

        for (Path side : new Path[] {ledger, analysis, report}) {
            assertThat(CommandLineRun.of("diff", side, b).out())
                    .as("%s", side)
                    .startsWith("Training compute: no change in 2");
        }
        assertThat(CommandLineRun.of("diff", folder.resolve("none"), b).status())
                .isEqualTo(1);
    }

    @Test
    void a_graver_verdict_is_an_increase() throws IOException {
        SampleLogs.gpt3(b.resolve("x"), 30, 1);
        BigInteger prior = new BigInteger(CommandLineRun.of("analyze", a, "--output", "json")
                .json()
                .at("/runs/0/prior/flop")
                .asText());
        BigInteger line = total(a, 0).add(prior);

        CommandLineRun run = CommandLineRun.of("diff", a, b, "--threshold", line, "--json");

        assertThat(run.json().at("/changed/0/increase").asBoolean()).isTrue();
        assertThat(CommandLineRun.of("diff", a, b, "--threshold", line).out()).contains(" to ABOVE");
    }

    private static BigInteger total(Path logs, int run) {
        return new BigInteger(CommandLineRun.of("analyze", logs, "--output", "json")
                .json()
                .at("/runs/" + run + "/compute/total/flop")
                .asText());
    }
}
