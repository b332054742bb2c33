package org.flopledger.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.RunSpec;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.flopledger.journal.JournalOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of ledgers that are damaged, cut short, rewritten or not closed. */
class LedgerDamageTest {

    @TempDir
    private Path folder;

    private Path ledger() {
        return folder.resolve("ledger");
    }

    private static void record(Path ledger, long first, long last) {
        try (ComputeLedger open = ComputeLedger.open(ledger)
                .journal(JournalOptions.durable().withSegmentBytes(4_096))
                .start()) {
            LedgerRun run = open.run(RunSpec.pretraining("orion")
                    .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                    .build());
            for (long step = first; step <= last; step++) {
                run.step(step).tokens(step).record();
                if (step % 50 == 0) {
                    open.flush();
                }
            }
        }
    }

    private static List<Path> segments(Path ledger) {
        try (Stream<Path> files = Files.list(ledger)) {
            return files.filter(file -> file.toString().endsWith(".arrows"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path last(Path ledger) {
        List<Path> all = segments(ledger);
        return all.get(all.size() - 1);
    }

    private static void tear(Path ledger) throws IOException {
        try (FileChannel channel = FileChannel.open(last(ledger), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 40);
        }
    }

    private static String head(Path ledger) {
        return CommandLineRun.of("verify", ledger, "--output", "json")
                .json()
                .path("headHash")
                .asText();
    }

    @Test
    void an_unfinished_end_is_named_by_totals_and_cut_loudly_by_ingest() throws IOException {
        record(ledger(), 1, 100);
        tear(ledger());
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        String name = last(ledger()).getFileName().toString();

        CommandLineRun totals = CommandLineRun.of("totals", "--ledger", ledger());
        CommandLineRun json = CommandLineRun.of("totals", "--ledger", ledger(), "--output", "json");
        CommandLineRun verify = CommandLineRun.of("verify", ledger());
        CommandLineRun ingest = CommandLineRun.of("ingest", "--ledger", ledger(), folder.resolve("logs"));

        assertThat(totals.status()).isZero();
        assertThat(totals.err()).contains(name, "bytes from record ", "of a commit that was never finished");
        assertThat(json.json().path("faults").path(0).asText()).contains(name);
        assertThat(verify.status()).isEqualTo(1);
        assertThat(verify.out()).contains("The last writer did not close the ledger", "Not sound.");
        assertThat(ingest.status()).as(ingest.err()).isZero();
        assertThat(ingest.err()).contains("cut off before the first step was taken in: journal file " + name);
        assertThat(CommandLineRun.of("totals", "--ledger", ledger()).err()).isEmpty();
    }

    @Test
    void merge_refuses_a_ledger_that_is_not_whole_and_writes_nothing() throws IOException {
        record(ledger(), 1, 100);
        record(folder.resolve("good"), 1, 10);
        tear(ledger());

        CommandLineRun merge = CommandLineRun.of("merge", folder.resolve("all"), folder.resolve("good"), ledger());

        assertThat(merge.status()).isEqualTo(1);
        assertThat(merge.err()).contains("has an unfinished end, and was not merged", "nothing was written");
        assertThat(folder.resolve("all")).doesNotExist();
    }

    @Test
    void any_earlier_head_is_found_and_anothers_is_not() throws IOException {
        record(ledger(), 1, 50);
        String first = head(ledger());
        record(ledger(), 51, 100);
        String second = head(ledger());
        record(ledger(), 101, 120);
        record(folder.resolve("rewritten"), 1, 120);

        for (String head : List.of(first, second, head(ledger()))) {
            CommandLineRun verify = CommandLineRun.of("verify", ledger(), "--expect-head", head);
            assertThat(verify.status()).as(verify.err()).isZero();
            assertThat(verify.out()).contains("The expected head is record ", "Sound: ");
        }
        CommandLineRun rewritten =
                CommandLineRun.of("verify", folder.resolve("rewritten"), "--expect-head", first, "--output", "json");
        assertThat(rewritten.status()).isEqualTo(1);
        assertThat(rewritten.json().path("extendsExpectedHead").asBoolean()).isFalse();
        assertThat(rewritten.json().path("sound").asBoolean()).isFalse();
        assertThat(CommandLineRun.of("verify", ledger(), "--expect-head", "12").status())
                .isEqualTo(2);
    }

    @Test
    void records_cut_off_the_end_are_shown_by_the_head_and_a_missing_segment_is_told() throws IOException {
        record(ledger(), 1, 500);
        String head = head(ledger());
        assertThat(segments(ledger())).hasSizeGreaterThan(2);
        assertThat(CommandLineRun.of("verify", ledger()).out()).doesNotContain("last segment", "did not close");
        Files.delete(last(ledger()));

        CommandLineRun told = CommandLineRun.of("verify", ledger());
        CommandLineRun shown = CommandLineRun.of("verify", ledger(), "--expect-head", head);

        assertThat(told.out()).contains("It was not begun when the writer died, or is missing.");
        assertThat(shown.status()).isEqualTo(1);
        assertThat(shown.err()).contains("no record of this history has the expected head hash " + head);
    }
}
