package org.flopledger.review;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Says in sentences why a rule reads facts as it does. */
final class Explanation {

    private final ReviewRule rule;
    private final RuleDefinition definition;
    private final Facts facts;
    private final Outcome outcome;
    private final Verdict verdict;
    private final List<String> sentences = new ArrayList<>();

    Explanation(ReviewRule rule, Facts facts, Outcome outcome, Verdict verdict) {
        this.rule = rule;
        this.definition = rule.definition();
        this.facts = facts;
        this.outcome = outcome;
        this.verdict = verdict;
    }

    List<String> sentences() {
        addDates();
        Outcome.Measured measured = outcome.measured();
        if (measured != null) {
            addMeasured(measured);
            addReading(measured.count());
            addEitherWay(measured.count());
        }
        if (verdict == Verdict.NOT_APPLICABLE || verdict == Verdict.BELOW) {
            outcome.failed().forEach(words -> sentences.add("Not met: " + words + "."));
        }
        for (RuleDefinition.TagNote note : definition.texts().tagNotes()) {
            Set<String> stated = facts.tags(note.fact());
            if (stated != null && note.words().stream().anyMatch(stated::contains)) {
                sentences.add(note.text());
            }
        }
        if (rule.status() != ReviewRule.Status.IN_FORCE) {
            sentences.add("Status: "
                    + rule.status().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (rule.status() == ReviewRule.Status.FUTURE ? ", in effect from " + rule.validFrom() : "") + ".");
        }
        return sentences;
    }

    private void addDates() {
        LocalDate day = facts.asOf();
        if (day != null && !rule.isInEffect(day)) {
            LocalDate from = rule.validFrom();
            sentences.add("Not in effect on " + day + ": "
                    + (rule.neverTookEffect()
                            ? "the text never took effect."
                            : from != null && day.isBefore(from)
                                    ? "effective from " + from + "."
                                    : "ended on " + rule.validTo() + "."));
        }
    }

    private void addMeasured(Outcome.Measured measured) {
        CountedCompute count = measured.count();
        ThresholdLine level = measured.level();
        FlopCount best = count.counted().best();
        if (level == null) {
            sentences.add("Counted on this basis: " + shown(best) + " FLOP.");
            return;
        }
        String line = measured.whole() == null
                ? level.words() + level + " of an unknown original"
                : level.words() + shown(FlopCount.of(measured.whole())) + " FLOP"
                        + (isShare(measured) ? " (" + level + " of the original)" : "");
        sentences.add("Counted " + shown(best) + " FLOP; the rule asks for " + line + ".");
        if (outcome.state() == Outcome.State.IN_MARGIN) {
            sentences.add(marginSentence(count));
        }
        if (outcome.state() == Outcome.State.PASSED_BUT_OPEN) {
            sentences.add("The compute passes the line; whether the rule applies depends on: "
                    + String.join("; ", outcome.needed()) + ".");
        }
        if (outcome.state() == Outcome.State.UNDETERMINED) {
            sentences.add("Not determined: a figure is missing, and what is known does not pass the line by itself.");
        }
    }

    private static boolean isShare(Outcome.Measured measured) {
        ThresholdLine level = measured.level();
        return level != null && measured.whole() != null && !level.whole().equals(measured.whole());
    }

    private String marginSentence(CountedCompute count) {
        BigDecimal tolerance = definition.question().tolerance().share();
        String low = shown(count.low(facts.exactness(), tolerance));
        String high = shown(count.high(facts.exactness(), tolerance));
        boolean tolerated = tolerance.signum() > 0 && facts.exactness() != Facts.Exactness.EXACT;
        String source = definition.question().tolerance().source();
        return "The true value may lie anywhere from " + low + " to " + high + " FLOP"
                + (tolerated
                        ? ", with the rule's tolerance of "
                                + tolerance
                                        .movePointRight(2)
                                        .stripTrailingZeros()
                                        .toPlainString()
                                + " % of the stated estimate" + (source == null ? "" : " (" + source + ")")
                        : "")
                + ", so it is not classified automatically.";
    }

    private void addReading(CountedCompute count) {
        for (RuleDefinition.Reading reading : definition.texts().readings()) {
            if (count.counted().best().compareTo(reading.atMost()) <= 0) {
                sentences.add(reading.text());
                return;
            }
        }
    }

    private void addEitherWay(CountedCompute count) {
        addIfDifferent(
                ReviewProfile.Choice.LEAVE_OUT, count.least().best(), "everything left out that may be left out");
        addIfDifferent(ReviewProfile.Choice.COUNT, count.most().best(), "everything counted");
    }

    private void addIfDifferent(ReviewProfile.Choice choice, FlopCount figure, String how) {
        Verdict other = Evaluation.test(rule, facts, choice).verdict();
        if (other != outcome.verdict()) {
            sentences.add("With " + how + " (" + shown(figure) + " FLOP) the verdict would be " + other + ".");
        }
    }

    static String summary(FindingKind kind, Assessment assessment, @Nullable String basis, Facts facts) {
        ReviewRule rule = assessment.rule();
        String figure = assessment.counted() == null
                ? ""
                : ": " + shown(assessment.counted().best()) + " FLOP counted in all"
                        + (basis == null ? "" : " on basis " + basis);
        String position = (facts.step() == null ? "" : ", at step " + facts.step())
                + (facts.at() == null ? "" : ", " + facts.at());
        String line = assessment.threshold() == null
                ? ""
                : ", the rule asks for " + assessment.comparison() + " " + shown(assessment.threshold());
        String needed = assessment.otherFactsNeeded().isEmpty()
                ? ""
                : "; still needed: " + String.join("; ", assessment.otherFactsNeeded());
        return rule.id() + " " + kind + figure + line + position + needed + " [" + rule.citation() + "]";
    }

    private static String shown(BigDecimal amount) {
        return String.format(Locale.ROOT, "%.3e", amount).replace("e+", "e");
    }

    /** Writes an amount as 3.28e24 where that is exact, and else with every digit. */
    private static String shown(@Nullable FlopCount amount) {
        if (amount == null) {
            return "unknown";
        }
        String digits = amount.toString();
        String significant = digits.replaceFirst("0+$", "");
        return digits.length() > 9 && significant.length() <= 6
                ? amount.toScientific(Math.max(1, significant.length()))
                : digits;
    }
}
