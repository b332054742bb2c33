package org.flopledger.review;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.flopledger.units.FlopCount;

/** A line that a user draws, as a rule like any other. */
final class OwnThreshold {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final String WORDS = "a threshold of the user's own";

    private OwnThreshold() {}

    static ReviewProfile profile(String id, String name, FlopCount above) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("threshold name is '" + MessageText.brief(name)
                    + "', must be 1 to 64 lower case letters, digits and hyphens, beginning with a letter");
        }
        String title = "Training compute above " + above + " FLOP";
        ThresholdLine level = new ThresholdLine(above.toBigInteger(), BigInteger.ONE, false);
        RuleDefinition definition = new RuleDefinition(
                new RuleDefinition.Source(
                        name,
                        title,
                        "none",
                        ReviewRule.Evidence.PRIMARY_TEXT,
                        List.of(new ReviewRule.Citation(WORDS, ReviewRule.Evidence.PRIMARY_TEXT))),
                new RuleDefinition.Effect(ReviewRule.Status.STANDARD, "", null, null, LocalDate.EPOCH),
                new RuleDefinition.Question(
                        basis(),
                        RuleDefinition.Tolerance.NONE,
                        new ComputeCondition(level, false, null),
                        FindingKind.CROSSED),
                RuleDefinition.Texts.NONE);
        return new ReviewProfile(id, title, List.of(new ReviewRule(definition)));
    }

    private static CountingBasis basis() {
        Map<Activity, CountingBasis.Entry> entries = new EnumMap<>(Activity.class);
        for (Activity activity : Activity.values()) {
            boolean isCounted = switch (activity) {
                case RECOMPUTATION, THIRD_PARTY_ANCESTOR_WEIGHTS, TEACHER_TRAINING -> false;
                default -> true;
            };
            entries.put(
                    activity,
                    isCounted
                            ? new CountingBasis.Entry(Assessment.Treatment.MUST, true, WORDS)
                            : new CountingBasis.Entry(Assessment.Treatment.SILENT, false, WORDS));
        }
        return new CountingBasis(
                "own-total", "all model FLOP of the run and of the developer's earlier weights", entries);
    }
}
