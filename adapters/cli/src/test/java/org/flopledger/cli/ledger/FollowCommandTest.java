package org.flopledger.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.options.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowCommandTest {

    private static final String MODEL =
            "{\"v\":1,\"type\":\"model\",\"run\":\"r\",\"stage\":\"PRETRAINING\",\"model\":\"m\","
                    + "\"total_parameters\":100,\"active_parameters\":100}\n";
    private static final String STEP = "{\"v\":1,\"run\":\"r\",\"attempt\":0,\"step\":1,\"source\":\"s\","
            + "\"stage\":\"PRETRAINING\",\"model\":\"m\",\"tokens\":10}\n";

    @TempDir
    private Path folder;

    private CommandLineRun follow(Object... more) {
        Object[] words = new Object[more.length + 5];
        Object[] first = {"follow", folder.resolve("spool"), "--once", "--ledger", folder.resolve("ledger")};
        System.arraycopy(first, 0, words, 0, first.length);
        System.arraycopy(more, 0, words, first.length, more.length);
        return CommandLineRun.of(words);
    }

    private void spool(String text) throws IOException {
        Files.createDirectories(folder.resolve("spool"));
        Files.writeString(folder.resolve("spool").resolve("a.jsonl"), text);
    }

    @Test
    void prints_what_each_run_has_cost() throws IOException {
        spool(MODEL + STEP);
        CommandLineRun run = follow("--output", "json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.json()
                        .path("runs")
                        .path(0)
                        .path("compute")
                        .path("total")
                        .path("flop")
                        .asText())
                .isEqualTo("6000");
        assertThat(follow().out()).contains("1 already there");
    }

    @Test
    void ends_with_3_when_a_threshold_was_crossed() throws IOException {
        spool(MODEL + STEP);
        CommandLineRun run = follow("--threshold", "5999");
        assertThat(run.status()).isEqualTo(ExitStatus.CROSSED.code());
        assertThat(run.err()).contains("5999");
    }

    @Test
    void ends_with_3_when_a_run_was_above_before_the_threshold_came() throws IOException {
        spool(MODEL + STEP);
        assertThat(follow().status()).isZero();
        assertThat(follow("--threshold", "5999").status()).isEqualTo(ExitStatus.CROSSED.code());
    }

    @Test
    void ends_with_1_and_says_why_when_a_line_was_refused() throws IOException {
        spool(MODEL + "nonsense\n" + STEP);
        CommandLineRun run = follow();
        assertThat(run.status()).isEqualTo(ExitStatus.FAILURE.code());
        assertThat(run.err()).contains("a.jsonl:2: NOT_JSON").doesNotContain("nonsense");
    }

    @Test
    void ends_with_1_where_there_is_no_folder() {
        CommandLineRun run = follow();
        assertThat(run.status()).isEqualTo(ExitStatus.FAILURE.code());
        assertThat(Files.exists(folder.resolve("ledger"))).isFalse();
    }
}
