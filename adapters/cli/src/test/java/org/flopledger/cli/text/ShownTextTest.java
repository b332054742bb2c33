package org.flopledger.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTextTest {

    private static final String ESCAPE = "\u001b";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9D, 0xAD, 0x061C, 0x200B, 0x200E,
                0x202A, 0x202E, 0x2028, 0x2029, 0x2066, 0x2069, 0xFEFF, 0xFFF9
            })
    void writes_what_moves_or_hides_text_as_its_number(int character) {
        assertThat(ShownText.escaped("a" + (char) character + "b"))
                .isEqualTo("a\\u" + String.format("%04x", character) + "b");
    }

    @Test
    void leaves_what_is_drawn_as_it_is() {
        String text = "run-1 grün 模型 \uD83D\uDE00 (H100, 80 GB) ~";
        assertThat(ShownText.escaped(text)).isEqualTo(text);
    }

    @Test
    void writes_half_a_pair_and_invisible_tags_as_their_numbers() {
        assertThat(ShownText.escaped("\uD83D")).isEqualTo("\\ud83d");
        assertThat(ShownText.escaped("x\uDE00")).isEqualTo("x\\ude00");
        assertThat(ShownText.escaped("\uDB40\uDC41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void keeps_one_line_one_line_and_several_writes_apart() {
        var text = new StringWriter();
        var out = new EscapingWriter(new PrintWriter(text));
        out.println("a\nb");
        out.print("c\nd" + ESCAPE + "[2J");
        out.println();
        out.flush();
        assertThat(text).hasToString("a\\u000ab\nc\nd\\u001b[2J\n");
    }

    @Test
    void a_folder_with_a_hostile_name_reaches_no_terminal() throws Exception {
        Path hostile = folder.resolve("evil" + ESCAPE + "]0;owned\u0007\n#\u202Etxt.exe");
        SampleLogs.gpt3(hostile, 20, 1);
        Files.writeString(hostile.resolve("x" + ESCAPE + "[2J.csv"), "a,b\n1,2\n");
        for (String output : new String[] {"table", "json"}) {
            CommandLineRun run = CommandLineRun.of("analyze", hostile, hostile.resolve("gone\n"), "--output", output);
            assertThat(run.status()).isEqualTo(1);
            assertHarmless(run);
        }
        CommandLineRun ingest = CommandLineRun.of("ingest", "--ledger", folder.resolve("l" + ESCAPE + "m"), hostile);
        assertHarmless(ingest);
        assertHarmless(CommandLineRun.of("totals", "--ledger", folder.resolve("no" + ESCAPE + "ne")));
        assertHarmless(CommandLineRun.of("analyze", "--no-such-option" + ESCAPE + "[2J", hostile));
        assertHarmless(CommandLineRun.of("estimate", hostile.resolve("model" + ESCAPE + "[2J.json")));
        assertHarmless(CommandLineRun.of("rules", "show", ESCAPE + "[2J"));
        assertHarmless(CommandLineRun.of("verify", folder.resolve("no" + ESCAPE + "ne")));
    }

    private static void assertHarmless(CommandLineRun run) {
        String told = run.out() + run.err();
        assertThat(told).isNotEmpty();
        assertThat(told.chars().filter(c -> c != '\n' && !ShownText.isSafe((char) c)))
                .as(told)
                .isEmpty();
        assertThat(told.lines()).noneMatch(line -> line.startsWith("#\\u202e") || line.startsWith("#\u202E"));
    }
}
