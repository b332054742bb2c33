package org.flopledger.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.flopledger.ComputeLedger;
import org.flopledger.RunSpec;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.flopledger.cli.browser.Browser;
import org.flopledger.cli.runs.ReportSeries;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.report.ComputeReport;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens reports in a real browser; skipped where there is none. */
class ReportBrowserTest {

    /** A folder to keep pictures in, for a person to look at. */
    private static final String PICTURES = System.getProperty("flopledger.pictures", "");

    /** The file axe.min.js of the package axe-core. */
    private static final String AXE = System.getProperty("flopledger.axe", "");

    @TempDir
    private Path folder;

    @Test
    void reads_zooms_and_prints_without_a_request_or_a_complaint() throws Exception {
        assumeTrue(Browser.found() != null, "no Chromium was found: reports are not looked at");
        try (Browser browser = Browser.start(Browser.found(), folder)) {
            one(browser);
            sixty(browser);
            aMillionSteps(browser);
        }
    }

    private void one(Browser browser) throws IOException {
        Path report = report(SampleLogs.gpt3(folder.resolve("one"), 40, 1).getParent(), "1e17");
        browser.open(report);

        assertThat(browser.value("document.querySelector('#verdicts .verdict').textContent")
                        .asText())
                .isEqualTo("ABOVE");
        assertThat(browser.value("document.querySelector('#verdicts').textContent")
                        .asText())
                .contains("threshold-1");
        assertThat(browser.value("document.documentElement.dataset.ready").asText())
                .isEqualTo("1");
        String total =
                browser.value("flopledger.data.runs[0].compute.total.best").asText();
        assertThat(total)
                .isEqualTo(CommandLineRun.of("analyze", folder.resolve("one"), "--output", "json")
                        .json()
                        .at("/runs/0/compute/total/flop")
                        .asText());
        assertThat(browser.value("document.body.textContent.includes('" + total + "')")
                        .asBoolean())
                .isTrue();
        quiet(browser, report);
        pictures(browser, "one");
    }

    private void sixty(Browser browser) throws IOException {
        for (int seed = 1; seed <= 60; seed++) {
            SampleLogs.gpt3(folder.resolve("many/" + seed), 10, seed);
        }
        Path report = report(folder.resolve("many"), "1e30");
        browser.open(report);

        assertThat(browser.value("document.querySelectorAll('main section[id^=run-]').length")
                        .asInt())
                .isEqualTo(60);
        assertThat(browser.value("document.querySelector('#verdicts .verdict').textContent")
                        .asText())
                .isEqualTo("BELOW");
        quiet(browser, report);
        pictures(browser, "sixty");
    }

    private void aMillionSteps(Browser browser) throws IOException {
        Path report = Files.writeString(folder.resolve("long.html"), new HtmlReport(restarted()).text());
        assertThat(Files.size(report)).isLessThan(1_000_000);
        browser.open(report);
        browser.show(1280, false);

        JsonNode ran = browser.value("flopledger.data.runs[0].series.ran");
        assertThat(ran.size()).isBetween(500, 2_100);
        assertThat(ran.get(ran.size() - 1).asLong()).isEqualTo(1_000_000);
        browser.value("document.querySelector('.zoom').scrollIntoView({block:'center'})");
        JsonNode place = browser.value("(() => { const b = flopledger.plots[0].over.getBoundingClientRect();"
                + " return [b.left, b.top, b.width, b.height]; })()");
        double left = place.get(0).asDouble();
        double width = place.get(2).asDouble();
        double middle = place.get(1).asDouble() + place.get(3).asDouble() / 2;
        browser.drag(left + width * 0.4, middle, left + width * 0.6);
        double from = browser.value("flopledger.plots[0].scales.x.min").asDouble();
        double to = browser.value("flopledger.plots[0].scales.x.max").asDouble();
        assertThat(from).isBetween(350_000.0, 450_000.0);
        assertThat(to).isBetween(550_000.0, 650_000.0);
        browser.value("document.querySelector('.zoom button').click()");
        assertThat(browser.value("flopledger.plots[0].scales.x.max").asDouble()).isEqualTo(1_000_000);
        quiet(browser, report);
        pictures(browser, "million");
    }

    private void quiet(Browser browser, Path report) {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).allMatch(address -> address.startsWith("file:") || address.startsWith("about:"));
        assertThat(browser.requests()).contains(report.toUri().toString());
        byte[] paper = browser.paper();
        assertThat(new String(paper, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        assertThat(paper).hasSizeGreaterThan(10_000);
    }

    /** Asks axe, where its file is named by a property, whether somebody with an impairment meets a serious obstacle. */
    private void accessible(Browser browser) throws IOException {
        if (!AXE.isEmpty()) {
            browser.value(Files.readString(Path.of(AXE)) + "; 1");
            JsonNode serious = browser.value("axe.run().then(found => found.violations"
                    + ".filter(each => each.impact === 'serious' || each.impact === 'critical')"
                    + ".map(each => each.id + ' ' + each.nodes[0].html))");
            assertThat(serious).isEmpty();
        }
    }

    /** Returns by how much the page is wider than its window, when it has had the time to follow it. */
    private static int overflow(Browser browser) throws IOException {
        int overflow = 0;
        for (int tries = 0; tries < 100; tries++) {
            overflow = browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    .asInt();
            if (overflow == 0) {
                break;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return overflow;
    }

    private void pictures(Browser browser, String name) throws IOException {
        for (int width : List.of(390, 820, 1440)) {
            for (boolean dark : new boolean[] {false, true}) {
                browser.show(width, dark);
                if (width == 820 && !name.equals("sixty")) {
                    accessible(browser);
                }
                assertThat(overflow(browser)).as("%s at %s", name, width).isZero();
                if (!PICTURES.isEmpty()) {
                    Path picture = Path.of(PICTURES, name + "-" + width + (dark ? "-dark" : "-light") + ".png");
                    Files.write(picture, browser.picture());
                }
            }
        }
        if (!PICTURES.isEmpty()) {
            Files.write(Path.of(PICTURES, name + ".pdf"), browser.paper());
        }
    }

    private Path report(Path logs, String threshold, Object... more) {
        Path file = folder.resolve(logs.getFileName() + ".html");
        List<Object> words = new ArrayList<>(List.of("report", logs, "--threshold", threshold, "--file", file));
        words.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(words.toArray());
        assertThat(file).as(run.err()).exists();
        return file;
    }

    /** Returns the report of a run of 800 000 steps whose second attempt goes back 200 000: a million steps, all of two sizes. */
    private static ComputeReport restarted() {
        FlopCount price = FlopCount.parse("3e15");
        var form = LinearForm.eachSequence(price);
        var formula = new StepFormula(CountingMethod.ARCHITECTURE, form, form, form, form);
        var steps = LoggedSteps.builder();
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            ledger.run(RunSpec.pretraining("long").model("model", formula).build());
            for (int attempt = 0; attempt < 2; attempt++) {
                long last = attempt == 0 ? 600_000 : 800_000;
                if (attempt > 0) {
                    steps.newAttempt();
                }
                try (StepBatchBuilder batch = ledger.newBatch()) {
                    for (long step = attempt == 0 ? 1 : 400_001; step <= last; step++) {
                        int sequences = 16 + (int) (step % 2);
                        steps.steps(step, 1).stage(Stage.PRETRAINING).sequences(sequences, 128);
                        assertThat(steps.add()).isTrue();
                        batch.run("long")
                                .attempt(attempt)
                                .step(step)
                                .source("log")
                                .stage(Stage.PRETRAINING);
                        batch.model("model").sequences(sequences).append();
                    }
                    try (StepBatch built = batch.build()) {
                        ledger.ingest(built);
                    }
                }
            }
            var series = ReportSeries.of(steps.build(), ledger.totals("long"));
            assertThat(series.points()).as(series.why()).isNotEmpty();
            var run = new ComputeReport.Run(
                    1,
                    "long",
                    null,
                    "model",
                    Map.of(),
                    ledger.totals("long"),
                    ledger.facts("long"),
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    List.of(),
                    series,
                    List.of(),
                    List.of());
            return new ComputeReport("test", "a test", null, List.of(), List.of(run), List.of());
        }
    }
}
