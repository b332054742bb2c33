package org.flopledger.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.flopledger.report.ComputeReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @TempDir
    private Path folder;

    @Test
    void an_empty_report_is_small_and_asks_for_nothing() {
        String page = new HtmlReport(new ComputeReport("1", "nothing", null, List.of(), List.of(), List.of())).text();

        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(150_000);
        assertThat(page).doesNotContain("src=").doesNotContain("http://").doesNotContain("https://");
    }

    @Test
    void the_policy_allows_the_scripts_and_the_style_of_the_page_by_hash_and_nothing_else() throws Exception {
        String page = page();

        String policy =
                group(page, "Content-Security-Policy\" content=\"([^\"]+)\"").replace("&#39;", "'");
        assertThat(policy)
                .contains("default-src 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("*");
        int checked = 0;
        Matcher element =
                Pattern.compile("<(style|script)>(.*?)</\\1>", Pattern.DOTALL).matcher(page);
        while (element.find()) {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(element.group(2).getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
            checked++;
        }
        assertThat(checked).isEqualTo(3);
        assertThat(page).doesNotContain(" style=").doesNotContain(" onclick=");
    }

    @Test
    void the_page_holds_the_same_data_as_json_and_exact_figures() throws Exception {
        String page = page();
        String json = CommandLineRun.of("report", folder, "--threshold", "1e17", "--format", "json")
                .out();
        JsonNode embedded = new ObjectMapper().readTree(group(page, "id=\"data\">([^<]+)<"));

        assertThat(embedded).isEqualTo(new ObjectMapper().readTree(json));
        JsonNode best = embedded.at("/runs/0/arithmetic/0/best/0");
        BigInteger product = new BigInteger(best.path("amount").asText())
                .multiply(new BigInteger(best.path("each").asText()));
        assertThat(embedded.at("/runs/0/compute/total/best").asText()).isEqualTo(product.toString());
        assertThat(page).contains(">" + product + "<").contains("How this was counted");
    }

    @Test
    void verdicts_come_first_with_duty_dates_and_citation() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        String page =
                CommandLineRun.of("report", folder, "--profile", "eu-gpai-all").out();

        assertThat(page.indexOf("id=\"verdicts\"")).isLessThan(page.indexOf("id=\"runs\""));
        assertThat(page)
                .contains("deadline")
                .contains("from 2025-08-02")
                .contains("Art. 51(2)")
                .contains("duty");
    }

    @Test
    void text_from_outside_stays_text() throws IOException {
        SampleLogs.gpt3(folder.resolve("<script>alert(1)<>\"'&-->"), 20, 1);
        SampleLogs.gpt3(folder.resolve("plain"), 20, 2);

        String page = CommandLineRun.of("report", folder).out();

        assertThat(page).doesNotContain("<script>alert").contains("&lt;script&gt;alert(1)&lt;");
        String markdown =
                CommandLineRun.of("report", folder, "--format", "markdown").out();
        assertThat(markdown).doesNotContain("<script>");
    }

    @Test
    void a_ledger_and_its_logs_give_the_same_figures_and_the_same_bytes_each_time() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));

        CommandLineRun first =
                CommandLineRun.of("report", "--ledger", ledger, "--format", "json", "--rule", "eu-gpai-sr");
        JsonNode ofLogs = CommandLineRun.of(
                        "report", folder.resolve("logs"), "--format", "json", "--rule", "eu-gpai-sr")
                .json();

        assertThat(first)
                .isEqualTo(CommandLineRun.of("report", "--ledger", ledger, "--format", "json", "--rule", "eu-gpai-sr"));
        assertThat(first.json().at("/runs/0/compute")).isEqualTo(ofLogs.at("/runs/0/compute"));
        assertThat(first.json().at("/runs/0/verdicts")).isEqualTo(ofLogs.at("/runs/0/verdicts"));
        assertThat(first.json().path("ledgerHead").asText()).hasSize(64);
        assertThat(CommandLineRun.of("report").status()).isEqualTo(2);
    }

    @Test
    void the_curve_library_is_the_published_one() throws Exception {
        for (String[] file : new String[][] {
            {"uPlot.iife.min.js", "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"},
            {"uPlot.min.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"}
        }) {
            try (var in = HtmlReport.class.getResourceAsStream(file[0])) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                assertThat(HexFormat.of().formatHex(hash)).isEqualTo(file[1]);
            }
        }
    }

    private String page() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        Path file = Files.createTempDirectory("report").resolve("report.html");
        assertThat(CommandLineRun.of("report", folder, "--threshold", "1e17", "--file", file)
                        .status())
                .isEqualTo(3);
        return Files.readString(file);
    }

    private static String group(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
