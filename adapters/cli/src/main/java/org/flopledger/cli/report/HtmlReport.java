package org.flopledger.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flopledger.cli.text.ShownText;
import org.flopledger.report.ComputeReport;
import org.flopledger.review.Assessment;
import org.flopledger.review.Verdict;

/**
 * Writes a report as one HTML file that needs no network: its policy allows the two scripts and the style sheet in it, by their
 * hashes, and nothing else. Without scripts everything can be read; with them, curves can be zoomed.
 */
final class HtmlReport {

    private final ComputeReport report;
    private final Markup out = new Markup();

    /** Makes the page of a report. */
    public HtmlReport(ComputeReport report) {
        this.report = report;
    }

    /** Returns the page, ending with a line feed. */
    public String text() {
        boolean hasSeries =
                report.runs().stream().anyMatch(run -> run.series().points().size() > 1);
        String style = resource("report.css") + (hasSeries ? resource("uPlot.min.css") : "");
        String plot = hasSeries ? resource("uPlot.iife.min.js") : "";
        String script = resource("report.js");
        String policy = "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script)
                + (hasSeries ? " " + hash(plot) : "") + "; base-uri 'none'; form-action 'none'";
        out.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        out.empty("meta", "charset", "utf-8");
        out.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy);
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.empty("meta", "name", "color-scheme", "content", "light dark");
        out.element("title", "Training compute: " + report.runs().size() + " runs");
        out.raw("<style>" + style + "</style>").close("head").open("body");
        body();
        out.raw("<script type=\"application/json\" id=\"data\">" + embedded() + "</script>\n");
        if (hasSeries) {
            out.raw("<script>" + plot + "</script>\n");
        }
        out.raw("<script>" + script + "</script>\n").close("body").close("html");
        return out.toString();
    }

    /** Nothing in the data can end the element it stands in. */
    private String embedded() {
        return ShownText.escaped(report.toJson())
                .replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e");
    }

    private void body() {
        out.element("a", "Skip to the verdicts", "href", "#verdicts", "class", "skip");
        out.open("header").element("h1", "Training compute").element("p", intro());
        out.open("nav", "aria-label", "Contents").open("ul");
        for (String part : new String[] {"Verdicts", "Thresholds", "Totals", "Runs", "Left out", "Not proven"}) {
            out.open("li").element("a", part, "href", "#" + id(part)).close("li");
        }
        out.close("ul").close("nav").close("header").open("main");
        section("Verdicts");
        new VerdictSection(out, report).write();
        out.close("section");
        section("Thresholds");
        String chart = Charts.thresholds(report);
        out.raw(chart.isEmpty() ? "<p>No run has a figure.</p>" : chart).close("section");
        totals();
        runs();
        leftOut();
        notProven();
        out.close("main");
    }

    private void section(String title) {
        out.open("section", "id", id(title), "aria-labelledby", id(title) + "-h")
                .element("h2", title, "id", id(title) + "-h");
    }

    private static String id(String title) {
        return title.toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
    }

    private String intro() {
        Map<Verdict, Long> verdicts = report.runs().stream()
                .flatMap(run -> run.assessments().stream())
                .collect(Collectors.groupingBy(Assessment::verdict, TreeMap::new, Collectors.counting()));
        return report.runs().size() + (report.runs().size() == 1 ? " run" : " runs") + " from " + report.origin() + ". "
                + (verdicts.isEmpty()
                        ? ""
                        : verdicts.entrySet().stream()
                                        .map(entry -> entry.getValue() + " " + entry.getKey())
                                        .collect(Collectors.joining(", "))
                                + " by " + String.join(", ", report.profiles()) + ". ")
                + "FlopLedger " + report.library() + ". One multiply-add is 2 FLOP. Not legal advice."
                + (report.ledgerHead() == null ? "" : " Head of the ledger: " + report.ledgerHead() + ".");
    }

    private void totals() {
        section("Totals");
        Table table = new Table(out, "What the runs cost together, by method", "method", "FLOP, exact");
        report.together().forEach((method, sum) -> table.row(Charts.words(method), sum.toString()));
        table.end();
        long unknown = report.runs().stream().filter(run -> run.total() == null).count();
        out.element(
                "p",
                "Figures of unlike methods are not added to one."
                        + (unknown == 0 ? "" : " Of " + unknown + " runs the cost is not known; they are in no sum."));
        out.close("section");
    }

    private void runs() {
        section("Runs");
        Table table = new Table(out, "Runs", "#", "model", "source", "low", "best", "high", "by");
        for (ComputeReport.Run run : report.runs()) {
            var total = run.total();
            table.row(
                    Integer.toString(run.number()),
                    run.model() == null ? run.name() : run.model(),
                    run.source() == null ? run.name() : run.source(),
                    total == null ? "?" : total.low().toScientific(4),
                    RunSection.brief(total),
                    total == null ? "?" : total.high().toScientific(4),
                    run.account().total().parts().keySet().stream()
                            .map(Charts::words)
                            .collect(Collectors.joining(" + ")));
        }
        table.end();
        report.runs().forEach(run -> new RunSection(out, run).write());
        out.close("section");
    }

    private void leftOut() {
        section("Left out");
        if (report.remarks().isEmpty()) {
            out.element("p", "Everything that was found was used.");
        } else {
            Table table = new Table(out, "Rejected, repeated or beside the runs", "what", "how", "how often", "why");
            report.remarks()
                    .forEach(remark -> table.row(
                            remark.what(),
                            remark.kind() + " " + remark.code(),
                            Long.toString(remark.count()),
                            remark.why()));
            table.end();
        }
        out.close("section");
    }

    private void notProven() {
        section("Not proven");
        out.open("ul")
                .element("li", "That the logs are honest, or complete: training that wrote no log is not here.")
                .element(
                        "li",
                        "That a figure is the law's figure: rules read the interval, and a person decides within a margin.")
                .element("li", "That a run without a figure cost nothing: unknown is not zero.")
                .close("ul")
                .close("section");
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
