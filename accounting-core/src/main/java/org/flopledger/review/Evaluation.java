package org.flopledger.review;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Reads facts by rules: a pure function, without clock, state or order of calls.
 *
 * <p>The same profile and facts give the same answer, byte for byte, on any thread.
 */
final class Evaluation {

    private Evaluation() {}

    /** Returns what each rule of a profile says of the facts, see {@link ReviewProfile#assess}. */
    static List<Assessment> assess(ReviewProfile profile, Facts facts, ReviewProfile.Choice choice) {
        return profile.rules().stream().map(rule -> assess(rule, facts, choice)).toList();
    }

    private static Assessment assess(ReviewRule rule, Facts facts, ReviewProfile.Choice choice) {
        Outcome outcome = test(rule, facts, choice);
        LocalDate day = facts.asOf();
        Verdict verdict = day != null && !rule.isInEffect(day) ? Verdict.NOT_APPLICABLE : outcome.verdict();
        Outcome.Measured measured = outcome.measured();
        ThresholdLine level = measured == null ? null : measured.level();
        CountedCompute count = measured == null ? null : measured.count();
        return new Assessment(
                rule,
                verdict,
                level == null ? null : level.comparison(),
                threshold(measured),
                count == null ? null : count.counted(),
                count == null ? null : count.least(),
                count == null ? null : count.most(),
                count == null ? List.of() : count.items(),
                verdict == Verdict.NOT_APPLICABLE || verdict == Verdict.BELOW ? List.of() : outcome.needed(),
                outcome.assumed(),
                outcome.basisUnknown(),
                new Explanation(rule, facts, outcome, verdict).sentences());
    }

    static Outcome test(ReviewRule rule, Facts facts, ReviewProfile.Choice choice) {
        RuleDefinition.Question question = rule.definition().question();
        return question.condition()
                .test(new ConditionContext(
                        facts, question.basis(), question.tolerance().share(), choice));
    }

    private static @Nullable FlopCount threshold(Outcome.@Nullable Measured measured) {
        BigInteger whole = measured == null ? null : measured.whole();
        return whole == null ? null : FlopCount.of(whole);
    }

    /** Returns what became noteworthy between two states, see {@link ReviewProfile#findings}. */
    static List<Finding> findings(ReviewProfile profile, Facts before, Facts after) {
        List<Finding> findings = new ArrayList<>();
        for (ReviewRule rule : profile.rules()) {
            Assessment was = assess(rule, before, ReviewProfile.Choice.AS_RULE);
            Assessment is = assess(rule, after, ReviewProfile.Choice.AS_RULE);
            boolean wasPassed = isPassed(rule, before);
            boolean isPassed = isPassed(rule, after);
            Verdict now = is.verdict();
            if (!mayFire(rule, after)) {
                continue;
            }
            if (isPassed && !wasPassed) {
                findings.add(finding(rule.definition().question().finding(), is, now, after));
            }
            if (now == Verdict.IN_MARGIN && was.verdict() != Verdict.IN_MARGIN && !wasPassed) {
                findings.add(finding(FindingKind.ENTERED_MARGIN, is, now, after));
            }
            if (now == Verdict.UNDETERMINED && is.basisUnknown() && !was.basisUnknown()) {
                findings.add(finding(FindingKind.BASIS_UNKNOWN, is, now, after));
            }
            if (isProjected(rule, after) && !isProjected(rule, before)) {
                Assessment planned = assess(rule, after.withPlanCarriedOut(), ReviewProfile.Choice.AS_RULE);
                findings.add(finding(FindingKind.PROJECTED_TO_CROSS, planned, now, after));
            }
        }
        return findings;
    }

    /** Returns whether a rule is live: what was revoked, vetoed or superseded is so on a date inside its dates only. */
    private static boolean mayFire(ReviewRule rule, Facts facts) {
        LocalDate day = facts.asOf();
        return day == null ? !rule.status().hasEnded() : rule.isInEffect(day);
    }

    /** Returns whether facts pass a rule's line; facts it asks for besides may be open. */
    private static boolean isPassed(ReviewRule rule, Facts facts) {
        return mayFire(rule, facts)
                && test(rule, facts, ReviewProfile.Choice.AS_RULE).isPassed();
    }

    private static boolean isProjected(ReviewRule rule, Facts facts) {
        return !isPassed(rule, facts) && !facts.planned().isEmpty() && isPassed(rule, facts.withPlanCarriedOut());
    }

    private static Finding finding(FindingKind kind, Assessment assessment, Verdict now, Facts facts) {
        FlopBounds counted = assessment.counted();
        Outcome.Measured measured =
                test(assessment.rule(), facts, ReviewProfile.Choice.AS_RULE).measured();
        return new Finding(
                assessment.rule().id(),
                kind,
                now,
                counted == null ? null : counted.best(),
                facts.step(),
                facts.at(),
                Explanation.summary(
                        kind,
                        assessment,
                        measured == null ? null : measured.count().basis(),
                        facts));
    }
}
