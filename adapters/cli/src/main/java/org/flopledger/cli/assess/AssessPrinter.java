package org.flopledger.cli.assess;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.review.Assessment;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewRule;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Prints assessments for people and for programs. */
final class AssessPrinter {

    private final PrintWriter out;

    AssessPrinter(PrintWriter out) {
        this.out = out;
    }

    void table(List<Assessment> assessments) {
        new AssessSummary(out).print(assessments);
        for (Assessment assessment : assessments) {
            out.println();
            block(assessment);
        }
        out.flush();
    }

    private void block(Assessment assessment) {
        ReviewRule rule = assessment.rule();
        out.println(rule.id() + "  " + assessment.verdict());
        out.println("  " + rule.title());
        FlopBounds counted = assessment.counted();
        if (counted != null) {
            line("counted", figure(counted.best()));
        }
        FlopCount threshold = assessment.threshold();
        if (threshold != null) {
            line("threshold", assessment.comparison() + " " + figure(threshold));
        }
        either(assessment);
        assessment.explanation().forEach(sentence -> line("why", sentence));
        assessment.otherFactsNeeded().forEach(fact -> line("needed", fact));
        assessment.assumed().forEach(fact -> line("assumed", fact));
        line("source", citation(rule) + " [" + rule.evidence() + "]");
    }

    private void either(Assessment assessment) {
        FlopBounds least = assessment.countedLeast();
        FlopBounds most = assessment.countedMost();
        if (least != null && most != null && !least.equals(most)) {
            line(
                    "either way",
                    "from " + figure(least.best()) + " (only what must count) to " + figure(most.best())
                            + " (everything)");
        }
    }

    private void line(String label, String text) {
        out.println(String.format(Locale.ROOT, "  %-11s %s", label, text));
    }

    private static String figure(FlopCount flop) {
        return flop + " FLOP (" + flop.toScientific(2) + ")";
    }

    private static String citation(ReviewRule rule) {
        return rule.citations().stream().map(ReviewRule.Citation::text).collect(Collectors.joining("; "));
    }

    void json(List<ReviewProfile> profiles, List<Assessment> assessments) {
        try (CanonicalJson json = new CanonicalJson(out)) {
            json.beginObject().text("schema", "flopledger.assessment/1").beginArray("findings");
            assessments.forEach(assessment -> finding(json, assessment));
            json.endArray().text("library", Version.library()).beginArray("profiles");
            profiles.forEach(profile -> json.element(profile.id()));
            json.endArray().endObject();
        }
    }

    private static void finding(CanonicalJson json, Assessment assessment) {
        ReviewRule rule = assessment.rule();
        json.beginObject()
                .text("rule", rule.id())
                .text("verdict", assessment.verdict().name())
                .text("comparison", assessment.comparison())
                .exact("threshold", assessment.threshold())
                .exact("counted", best(assessment.counted()));
        json.texts("otherFactsNeeded", assessment.otherFactsNeeded());
        json.text("citation", citation(rule))
                .text("status", rule.status().name())
                .text("evidence", rule.evidence().name())
                .exact("validFrom", rule.validFrom())
                .exact("validTo", rule.validTo())
                .exact("countedLeast", best(assessment.countedLeast()))
                .exact("countedMost", best(assessment.countedMost()));
        json.texts("assumed", assessment.assumed());
        json.texts("explanation", assessment.explanation());
        json.beginArray("items");
        assessment
                .items()
                .forEach(item -> json.beginObject()
                        .text("name", item.name())
                        .text("treatment", item.treatment().name())
                        .flag("counted", item.counted())
                        .exact("flop", best(item.flop()))
                        .text("sentence", item.sentence())
                        .endObject());
        json.endArray().endObject();
    }

    private static @Nullable FlopCount best(@Nullable FlopBounds bounds) {
        return bounds == null ? null : bounds.best();
    }
}
