package org.flopledger.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flopledger.collector.CollectorFixture.model;
import static org.flopledger.collector.CollectorFixture.step;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.ComputeLedger;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a real browser shows it, */
class PageInChromiumTest {

    private static final int MANY = Integer.getInteger("flopledger.runs", 1_000);
    private static final String TOKEN = "a-token-of-this-test";
    private static final String RIGHT = "\u202e";

    @TempDir
    private Path folder;

    private static String timed(String run, int attempt, long step, long tokens, long second) {
        return step(run, step, tokens)
                .replace("\"attempt\":0", "\"attempt\":" + attempt)
                .replace(
                        "\"tokens\"",
                        "\"started_at\":" + second * 1_000_000 + ",\"ended_at\":" + (second + 1) * 1_000_000
                                + ",\"device_seconds\":8,\"tokens\"");
    }

    @Test
    void theBrowserShowsWhatTheLedgerHolds() throws Exception {
        Path profile = Files.createDirectory(folder.resolve("profile"));
        try (Chromium browser = Chromium.start(profile)) {
            assumeTrue(
                    browser != null, "no chromium and chromedriver were found: the page was not tested in a browser");
            try (ComputeLedger ledger = ComputeLedger.inMemory()
                            .threshold("own-line", FlopCount.of(9_000_000))
                            .threshold("far-line", FlopCount.of(90_000_000_000L))
                            .start();
                    Collector collector = Collector.of(ledger)
                            .port(0)
                            .token(TOKEN)
                            .peakFlopPerSecond(1e7)
                            .lookMillis(50)
                            .start()) {
                look(browser, collector);
            }
        }
    }

    private void take(Collector collector, String lines) throws Exception {
        var answer = CollectorFixture.send(CollectorFixture.request(collector, "/v1/steps")
                .header("Content-Type", CollectorFixture.LINES)
                .header("Authorization", "Bearer " + TOKEN)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(lines)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"refused\":{}", "\"rejected\":{}");
    }

    private void look(Chromium browser, Collector collector) throws Exception {
        String origin = "http://127.0.0.1:" + collector.port();
        // What the browser loads for its own first tab is not the page's.
        browser.open("about:blank");
        browser.network();
        browser.open(origin + "/");
        browser.await("return !document.getElementById('door').hidden");
        // The browser itself logs the answer 401, which is the server's.
        browser.console();
        browser.run("document.getElementById('token').value = '" + TOKEN + "';"
                + "document.getElementById('door').requestSubmit()");
        browser.await("return document.getElementById('state').textContent.startsWith('0 runs')");
        shot(browser, "none");

        String hostile = "<img src=x onerror=alert(1)>" + RIGHT + "evil";
        take(
                collector,
                model("orion")
                        + timed("orion", 0, 1, 1_000, 100)
                        + timed("orion", 0, 2, 600, 101)
                        + timed("orion", 1, 2, 500, 102));
        browser.await("return document.querySelectorAll('#rows tr').length === 1");
        browser.await("return document.querySelector('#rows').innerText.includes('1.260e7')");
        String row = browser.run("return document.querySelector('#rows tr').innerText")
                .asText();
        // 2 100 tokens of 1 000 parameters; the 600 of the first start were thrown away.
        assertThat(row).contains("orion", "100 %", "3.600e6", "own-line");
        browser.run("document.querySelector('button.run').click()");
        browser.await(
                "return document.getElementById('exact').textContent.startsWith('12600000 FLOP by parameter token')");
        shot(browser, "one");

        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 59; i++) {
            lines.append(timed(i == 7 ? hostile : "run-" + i, 0, 1, 100 + i, 100));
        }
        take(collector, lines.toString());
        browser.await("return document.getElementById('place').textContent === '1 to 50 of 60 runs'");
        browser.run("document.getElementById('later').click()");
        browser.await("return document.getElementById('place').textContent === '51 to 60 of 60 runs'");
        shot(browser, "sixty");
        browser.run(
                "let f = document.getElementById('filter'); f.value = 'onerror'; f.dispatchEvent(new Event('input'))");
        browser.await("return document.getElementById('place').textContent === '1 to 1 of 1 run'");
        assertThat(browser.run("return document.images.length").asInt())
                .as("text stays text")
                .isZero();

        many(collector);
        browser.run("let f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))");
        browser.await("return document.getElementById('place').textContent === '1 to 50 of " + (60 + MANY) + " runs'");
        assertThat(browser.run("return document.querySelectorAll('#rows tr').length")
                        .asInt())
                .isEqualTo(50);
        shot(browser, "many");
        requireClean(browser, origin);
        requireAccessible(browser);
    }

    private void many(Collector collector) throws Exception {
        for (int first = 0; first < MANY; first += 250) {
            StringBuilder lines = new StringBuilder();
            for (int i = first; i < first + 250; i++) {
                lines.append(timed("fleet-" + i, 0, 1, 1 + i % 50, 100));
            }
            take(collector, lines.toString());
        }
    }

    private static void requireClean(Chromium browser, String origin) throws Exception {
        assertThat(browser.console()).as("the console").isEmpty();
        int requests = 0;
        for (JsonNode entry : browser.network()) {
            JsonNode message =
                    new ObjectMapper().readTree(entry.path("message").asText()).path("message");
            if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                String url = message.path("params").path("request").path("url").asText();
                assertThat(url).matches("(" + java.util.regex.Pattern.quote(origin) + "/.*|data:,)");
                requests++;
            }
        }
        assertThat(requests).isGreaterThan(4);
    }

    /** What can be checked without a library: names of controls, headings in order, a language, contrast of the text. */
    private static void requireAccessible(Chromium browser) throws Exception {
        String script = String.join(
                "\n",
                "const faults = [];",
                "if (!document.documentElement.lang) faults.push('no language');",
                "for (const i of document.querySelectorAll('input')) if (!i.labels.length) faults.push('no label: ' + i.id);",
                "for (const b of document.querySelectorAll('button')) if (!b.textContent.trim()) faults.push('no name: ' + b.id);",
                "for (const m of document.querySelectorAll('meter')) if (!m.ariaLabel) faults.push('meter without a name');",
                "for (const t of document.querySelectorAll('thead th')) if (t.scope !== 'col') faults.push('th without scope');",
                "for (const s of document.querySelectorAll('section')) if (!document.getElementById(s.getAttribute('aria-labelledby'))) faults.push('section without a name');",
                "const ids = [...document.querySelectorAll('[id]')].map(e => e.id);",
                "if (new Set(ids).size !== ids.length) faults.push('an id twice');",
                "const light = c => { const v = c.match(/[0-9.]+/g).slice(0, 3).map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };",
                "const paper = light(getComputedStyle(document.body).backgroundColor);",
                "for (const e of document.querySelectorAll('h1,h2,h3,p,th,td,small,label,button:not(:disabled)')) {",
                "  const ink = light(getComputedStyle(e).color);",
                "  const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);",
                "  if (ratio < 4.5) faults.push('contrast ' + ratio + ' of ' + e.tagName);",
                "}",
                "if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than the window');",
                "return faults;");
        assertThat(browser.run(script)).isEmpty();
    }

    private static void shot(Chromium browser, String name) throws Exception {
        browser.screenshot(
                Files.createDirectories(Path.of("target", "screenshots")).resolve(name + ".png"));
    }
}
