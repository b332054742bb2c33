package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.cli.options.Quantity;
import org.flopledger.cli.options.RuleNames;
import org.flopledger.cli.output.RowChoice;
import org.flopledger.cli.text.TextGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody meets who uses the command every day. */
class DailyUseTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        analyse logs                               | did you mean analyze?
        analyze logs --treshold 1e21               | did you mean --threshold?
        analyze logs --threshold much              | must be a whole number
        analyze logs --output jsn                  | --output is 'jsn', must be one of table, json; did you mean json?
        analyze logs --group-by modle              | must be one of run, model, stage, lineage, folder; did you mean model?
        assess --flop 1 --device 8xH100            | must be one of h100-sxm, h100-pcie, h100-nvl
        analyze logs --rule eu-gpai-rs             | did you mean eu-gpai-sr
        totals                                     | name a ledger: DIR or --ledger DIR
        verify                                     | name a ledger: DIR or --ledger DIR
        totals one --ledger other                  | two ledgers are named
        estimate                                   | MODEL
        assess --flop 1 --modality txet            | did you mean text
        """)
    void a_usage_error_is_one_line_that_says_what_may_have_been_meant(String line, String said) {
        CommandLineRun run = CommandLineRun.of((Object[]) line.strip().split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(said).contains("flopledger help");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"analyze", "estimate", "assess", "rules", "ingest", "totals", "verify", "merge"})
    void help_of_a_command_is_its_help(String command) {
        CommandLineRun help = CommandLineRun.of("help", command);

        assertThat(help.status()).isZero();
        assertThat(help.out())
                .isEqualTo(CommandLineRun.of(command, "--help").out())
                .contains("Usage: flopledger " + command);
    }

    @Test
    void rows_name_the_log_the_submitter_and_the_system() throws IOException {
        SampleLogs.gpt3(folder.resolve("x"), 20, 1);
        SampleLogs.gpt3(folder.resolve("y"), 20, 2);

        String table = CommandLineRun.of("analyze", folder).out();

        assertThat(table).contains("submitter").contains("x/org/results/box/gpt3/result_1.txt");
        assertThat(table.lines().skip(1).findFirst().orElseThrow())
                .contains("  org  ")
                .contains("  box  ");
        assertThat(table.lines().skip(2).findFirst().orElseThrow()).contains("y/org/results/box/gpt3/result_2.txt");
    }

    @Test
    void rows_are_sorted_chosen_and_cut_off_by_exact_values() throws IOException {
        for (int seed = 1; seed <= 3; seed++) {
            SampleLogs.gpt3(folder.resolve("s" + seed), 10 * seed, seed);
        }

        List<String> sorted = cells(CommandLineRun.of("analyze", folder, "--csv", "--sort", "flop"), "number");
        List<String> turned = cells(CommandLineRun.of("analyze", folder, "--csv", "--sort", "-steps"), "number");
        List<String> chosen = cells(
                CommandLineRun.of(
                        "analyze", folder, "--csv", "--where", "steps>10", "--where", "source~s2", "--top", "5"),
                "number");

        assertThat(sorted).containsExactly("3", "2", "1");
        assertThat(turned).containsExactly("1", "2", "3");
        assertThat(chosen).containsExactly("2");
        assertThat(CommandLineRun.of("analyze", folder, "--where", "colour=red").err())
                .contains("there is no column 'colour'");
        assertThat(CommandLineRun.of("analyze", folder, "--output", "json", "--top", "1")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void groups_add_up_to_all_runs() throws IOException {
        SampleLogs.gpt3(folder.resolve("a"), 10, 1);
        SampleLogs.gpt3(folder.resolve("a"), 20, 2);
        SampleLogs.gpt3(folder.resolve("b"), 30, 3);
        BigInteger all = sum(CommandLineRun.of("analyze", folder, "--csv"));

        for (RowChoice.Grouping by : RowChoice.Grouping.values()) {
            assertThat(sum(CommandLineRun.of("analyze", folder, "--csv", "--group-by", by)))
                    .as("%s", by)
                    .isEqualTo(all);
        }
        assertThat(cells(CommandLineRun.of("analyze", folder, "--csv", "--group-by", "folder"), "runs"))
                .containsExactly("2", "1");
    }

    @Test
    void comma_separated_values_are_exact_quoted_and_no_formula() throws IOException {
        Path odd = folder.resolve("=1+1, \"two\"");
        SampleLogs.gpt3(odd, 20, 1);

        CommandLineRun run = CommandLineRun.of("analyze", odd.resolve("org/results"), "--csv", "--group-by", "folder");

        assertThat(run.out()).contains("\"\"two\"\"");
        assertThat(cells(CommandLineRun.of("analyze", folder, "--csv"), "flop").get(0))
                .matches("\\d{15,}");
    }

    @Test
    void a_table_keeps_to_a_width_by_cutting_the_beginnings_of_texts() {
        var grid = new TextGrid("run", "FLOP");
        grid.row("a/very/long/path/that/ends/in/this", "1e21");
        grid.elastic(0);
        var out = new java.io.StringWriter();

        grid.print(new java.io.PrintWriter(out, true), 24);

        assertThat(out.toString().lines().limit(2))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(24));
        assertThat(out.toString()).contains("ends/in/this  1e21");
    }

    /** Redoes the printed arithmetic: every product, the sum of the products, and the price of a sequence. */
    @Test
    void an_explanation_adds_up_to_the_total_that_the_table_gives() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        String total =
                cells(CommandLineRun.of("analyze", folder, "--csv"), "flop").get(0);

        String text = CommandLineRun.of("analyze", folder, "--explain", "1").out();

        Matcher product =
                Pattern.compile("best +(\\d+) sequences x (\\d+) FLOP = (\\d+)").matcher(text);
        assertThat(product.find()).isTrue();
        assertThat(new BigInteger(product.group(1)).multiply(new BigInteger(product.group(2))))
                .isEqualTo(total);
        assertThat(text)
                .contains("sum " + product.group(2) + " FLOP each sequence")
                .contains("Total " + total + " FLOP");
        BigInteger operations = BigInteger.ZERO;
        Matcher row = Pattern.compile("^\\S+ .* +(\\d+) +(\\d+) +(\\d+) +(\\d+)$", Pattern.MULTILINE)
                .matcher(text);
        while (row.find()) {
            BigInteger once = new BigInteger(row.group(2)).add(new BigInteger(row.group(3)));
            assertThat(once.multiply(new BigInteger(row.group(1)))).isEqualTo(row.group(4));
            operations = operations.add(new BigInteger(row.group(4)));
        }
        assertThat(operations).isEqualTo(product.group(2));
    }

    @Test
    void a_ledger_explains_the_same_products() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));
        String fromLogs = products(CommandLineRun.of("analyze", folder.resolve("logs"), "--explain", "1"));

        assertThat(products(CommandLineRun.of("totals", ledger, "--explain", "1")))
                .isEqualTo(fromLogs)
                .contains(" sequences x ");
    }

    @Test
    void totals_and_verify_name_the_ledger_alike_and_totals_has_a_grand_total() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs/a"), 20, 1);
        SampleLogs.gpt3(folder.resolve("logs/b"), 30, 2);
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));
        BigInteger sum = sum(CommandLineRun.of("analyze", folder.resolve("logs"), "--csv"));

        for (String command : List.of("totals", "verify")) {
            CommandLineRun positional = CommandLineRun.of(command, ledger);
            assertThat(positional.status()).isZero();
            assertThat(positional).isEqualTo(CommandLineRun.of(command, "--ledger", ledger));
            assertThat(positional.out()).contains("Exactly " + sum + " FLOP.");
        }
        assertThat(CommandLineRun.of("totals", ledger, "--output", "json")
                        .json()
                        .at("/together/flop")
                        .asText())
                .isEqualTo(sum.toString());
        assertThat(CommandLineRun.of("totals", ledger, "--group-by", "folder").err())
                .contains("keeps no path");
    }

    @Test
    void damage_is_named_with_the_step_that_repairs_it() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));
        Path segment;
        try (var files = Files.list(ledger)) {
            segment = files.filter(file -> file.toString().endsWith(".arrows"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);

        assertThat(CommandLineRun.of("verify", ledger).err())
                .contains("Repair: ")
                .contains("ingest --ledger NEW");
        assertThat(CommandLineRun.of("totals", folder.resolve("nowhere")).err()).contains("Repair: ");
    }

    @ParameterizedTest
    @CsvSource({
        "1e9, 1000000000",
        "15T, 15000000000000",
        "1.5B, 1500000000",
        "10_000, 10000",
        "2k, 2000",
        "8Y, 8000000000000000000000000"
    })
    void amounts_are_read_as_people_type_them(String typed, String number) {
        assertThat(Quantity.decimal(typed).toBigIntegerExact()).isEqualTo(number);
    }

    @Test
    void options_of_every_command_take_such_amounts() {
        CommandLineRun typed = CommandLineRun.of("assess", "--rule", "eu-gpai-sr", "--flop", "20Y", "--output", "json");
        CommandLineRun cluster = CommandLineRun.of(
                "assess", "--rule", "us-eo14110-cluster", "--device", "200kxH100-SXM", "--output", "json");

        assertThat(typed.json().at("/findings/0/counted").asText()).isEqualTo("20000000000000000000000000");
        assertThat(cluster.out()).doesNotContain("theoretical dense maximum in op/s\"");
        assertThat(Quantity.Devices.parse("8xH100")).isEqualTo(new Quantity.Devices(8, "H100"));
        assertThat(Quantity.Devices.parse("RTX-4090")).isEqualTo(new Quantity.Devices(0, "RTX-4090"));
    }

    @Test
    void assess_begins_with_a_summary_then_duties_and_next_steps() {
        String above = CommandLineRun.of("assess", "--profile", "eu-gpai-all", "--flop", "2e25", "--exact")
                .out();

        assertThat(above.lines().findFirst().orElseThrow()).startsWith("Summary: 1 ABOVE");
        assertThat(above)
                .contains("Duty, eu-gpai-sr: ")
                .contains("By when, eu-gpai-sr: ")
                .contains("Next, ");
        assertThat(CommandLineRun.of("assess", "--rule", "eu-gpai-sr", "--flop", "9e24")
                        .status())
                .isEqualTo(4);
    }

    @Test
    void no_name_is_both_a_rule_and_a_profile() {
        List<String> rules = org.flopledger.review.ReviewProfiles.rules().stream()
                .map(org.flopledger.review.ReviewRule::id)
                .toList();

        assertThat(org.flopledger.review.ReviewProfiles.profiles())
                .extracting(profile -> profile.id())
                .doesNotContainAnyElementsOf(rules);
        assertThat(RuleNames.rule("eu-gpai").rules()).hasSize(1);
        // Ledgers and scripts know the profile by its former name.
        assertThat(RuleNames.profile("eu-gpai").id()).isEqualTo("eu-gpai-all");
    }

    @Test
    void verdicts_come_first_and_findings_of_many_runs_share_a_line() throws IOException {
        for (int seed = 1; seed <= 8; seed++) {
            Path log = SampleLogs.gpt3(folder.resolve("logs/" + seed), 10, seed);
            Files.writeString(
                    log,
                    Files.readString(log).replace("gpt3", "llama2_70b_lora").replace("epoch_num", "samples_count"));
        }
        CommandLineRun run = CommandLineRun.of("analyze", folder, "--profile", "eu-gpai-all");

        assertThat(run.status()).isEqualTo(4);
        assertThat(run.out().indexOf("Verdicts, runs by rule"))
                .isBetween(0, run.out().indexOf("Findings"));
        assertThat(run.out()).contains("runs 1-8: BASIS_UNKNOWN; still needed: ");
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.contains("BASIS_UNKNOWN"))
                        .count())
                .isLessThanOrEqualTo(4);
    }

    @Test
    void completion_and_manual_name_every_command_and_option() throws Exception {
        String script = CommandLineRun.of("completion", "bash").out();
        String manual = CommandLineRun.of("manual").out();

        for (String command : List.of("analyze", "totals", "verify", "assess")) {
            assertThat(script).contains(command);
            assertThat(manual).contains(".SS " + command);
        }
        assertThat(manual).contains("\\-\\-threshold").contains(".SH EXIT STATUS");
        Path file = Files.writeString(folder.resolve("complete.sh"), script);
        Process bash = new ProcessBuilder("bash", "-n", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void arguments_of_any_bytes_pass_through_the_shell_unchanged() throws Exception {
        byte[] words = "printf\0%s|\0grün/日本\0a'b\"c $x\n\0".getBytes(StandardCharsets.UTF_8);

        Process shell = new ProcessBuilder("/bin/sh", "-c", Utf8Arguments.script(words)).start();

        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("grün/日本|a'b\"c $x\n|");
    }

    private static String products(CommandLineRun run) {
        return run.out()
                .lines()
                .filter(line -> line.contains(" FLOP = "))
                .filter(line -> !line.contains("each"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    private static BigInteger sum(CommandLineRun csv) {
        return cells(csv, "flop").stream().map(BigInteger::new).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static List<String> cells(CommandLineRun csv, String field) {
        List<String> lines = csv.out().lines().toList();
        int column = List.of(lines.get(0).split(",")).indexOf(field);
        return lines.stream().skip(1).map(line -> line.split(",", -1)[column]).toList();
    }
}
