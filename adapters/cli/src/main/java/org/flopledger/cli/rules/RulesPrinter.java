package org.flopledger.cli.rules;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.review.Assessment;
import org.flopledger.review.FactName;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewRule;

/** Prints rules for people and for programs. */
final class RulesPrinter {

    private static final int WIDTH = 100;
    private static final String INDENT = "    ";

    private final PrintWriter out;

    RulesPrinter(PrintWriter out) {
        this.out = out;
    }

    void list(List<ReviewRule> rules, List<ReviewProfile> profiles) {
        out.println("Rules (flopledger rules show ID)");
        for (ReviewRule rule : rules) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-30s %-12s %-24s %s",
                    rule.id(),
                    words(rule.status()),
                    effect(rule),
                    rule.title()));
        }
        out.println();
        out.println("Profiles");
        for (ReviewProfile profile : profiles) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-30s %2d rules  %s",
                    profile.id(),
                    profile.rules().size(),
                    profile.title()));
        }
        out.flush();
    }

    void show(List<ReviewRule> rules) {
        for (ReviewRule rule : rules) {
            if (rule != rules.get(0)) {
                out.println();
            }
            show(rule);
        }
        out.flush();
    }

    private void show(ReviewRule rule) {
        out.println(rule.title());
        out.println("  id             " + rule.id());
        out.println("  jurisdiction   " + rule.jurisdiction());
        out.println("  status         " + words(rule.status()) + ", " + effect(rule) + "; text of " + rule.dated()
                + ", checked " + rule.asOf());
        out.println("  evidence       " + words(rule.evidence()));
        out.println();
        out.println("  Condition");
        rule.conditionLines().forEach(line -> wrap(INDENT + indentOf(line), line.strip()));
        if (rule.tolerance().signum() > 0) {
            section(
                    "Tolerance",
                    List.of(percent(rule.tolerance()) + " on either side of a stated estimate ("
                            + rule.toleranceSource() + "). A case inside the margin is not classified automatically."));
        }
        section(
                "Where it is written",
                rule.citations().stream()
                        .map(citation -> citation.text() + " [" + words(citation.evidence()) + "]")
                        .toList());
        section("Duties", rule.duties());
        section("Deadline", rule.deadline() == null ? List.of() : List.of(rule.deadline()));
        section("A report holds", rule.reportFields());
        section(
                "Other facts it asks for (--fact NAME=VALUE)",
                rule.factsAsked().stream()
                        .map(fact -> fact.key() + ": " + fact.description())
                        .toList());
        section("Notes", rule.notes());
        countingTable(rule);
    }

    private void countingTable(ReviewRule rule) {
        out.println();
        out.println("  What counts (" + rule.basis() + ")");
        for (Assessment.Item item : rule.countingTable()) {
            String how = item.treatment() == Assessment.Treatment.MUST
                    ? "must count"
                    : (item.treatment() == Assessment.Treatment.MAY ? "may be left out, " : "text is silent, ")
                            + (item.counted() ? "counted" : "left out");
            out.println(String.format(Locale.ROOT, "    %-48s %s", item.name(), how));
            wrap("        ", item.sentence());
        }
        out.println();
        out.println("  This is not legal advice.");
    }

    private void section(String title, List<String> texts) {
        if (texts.isEmpty()) {
            return;
        }
        out.println();
        out.println("  " + title);
        texts.forEach(text -> wrap(INDENT, text));
    }

    /** Breaks lines between words so that a reader need not scroll sideways. */
    private void wrap(String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line.setLength(0);
                line.append(indent).append("  ");
            } else if (line.length() > indent.length()) {
                line.append(' ');
            }
            line.append(word);
        }
        out.println(line);
    }

    private static String indentOf(String line) {
        return line.substring(0, line.length() - line.stripLeading().length());
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String effect(ReviewRule rule) {
        if (rule.neverTookEffect()) {
            return "never in effect";
        }
        if (rule.validFrom() == null && rule.validTo() == null) {
            return "no dates of effect";
        }
        String from = rule.validFrom() == null ? "" : "from " + rule.validFrom();
        return rule.validTo() == null ? from : rule.validFrom() + " to " + rule.validTo();
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }

    void json(List<ReviewRule> rules, List<ReviewProfile> profiles) {
        try (CanonicalJson json = new CanonicalJson(out)) {
            json.beginObject().text("schema", "flopledger.rules/1").beginArray("rules");
            rules.forEach(rule -> json(json, rule));
            json.endArray().beginArray("profiles");
            for (ReviewProfile profile : profiles) {
                json.beginObject().text("id", profile.id()).text("title", profile.title());
                json.texts("rules", profile.rules().stream().map(ReviewRule::id).toList());

                json.endObject();
            }
            json.endArray().endObject();
        }
    }

    private static void json(CanonicalJson json, ReviewRule rule) {
        json.beginObject()
                .text("id", rule.id())
                .text("title", rule.title())
                .text("jurisdiction", rule.jurisdiction())
                .text("status", rule.status().name())
                .text("dated", rule.dated())
                .exact("validFrom", rule.validFrom())
                .exact("validTo", rule.validTo())
                .exact("asOf", rule.asOf())
                .text("evidence", rule.evidence().name())
                .text("condition", rule.condition())
                .text(
                        "tolerance",
                        rule.tolerance().signum() == 0 ? null : rule.tolerance().toPlainString())
                .beginArray("citations");
        rule.citations()
                .forEach(citation -> json.beginObject()
                        .text("text", citation.text())
                        .text("evidence", citation.evidence().name())
                        .endObject());
        json.endArray();
        json.texts("duties", rule.duties());
        json.text("deadline", rule.deadline());
        json.texts("reportFields", rule.reportFields());
        json.texts("facts", rule.factsAsked().stream().map(FactName::key).toList());
        json.texts("notes", rule.notes());
        json.text("basis", rule.basis()).beginArray("counting");
        rule.countingTable()
                .forEach(item -> json.beginObject()
                        .text("activity", item.name())
                        .text("treatment", item.treatment().name())
                        .flag("counted", item.counted())
                        .text("sentence", item.sentence())
                        .endObject());
        json.endArray().endObject();
    }
}
