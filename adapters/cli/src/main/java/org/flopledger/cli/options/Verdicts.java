package org.flopledger.cli.options;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.flopledger.review.Assessment;
import org.flopledger.review.FindingKind;
import org.flopledger.review.Verdict;
import org.jspecify.annotations.Nullable;

/** How grave verdicts and findings are, and how a command ends by them: the same in every command. Stateless. */
public final class Verdicts {

    /** The verdicts, in the order in which they are shown. */
    public static final List<Verdict> GRAVEST_FIRST =
            List.of(Verdict.ABOVE, Verdict.IN_MARGIN, Verdict.UNDETERMINED, Verdict.BELOW, Verdict.NOT_APPLICABLE);

    private static final Set<FindingKind> CROSSINGS =
            EnumSet.of(FindingKind.CROSSED, FindingKind.FOUND_ABOVE, FindingKind.RATIO_CROSSED);

    private Verdicts() {}

    /** Returns how grave a verdict is that is written as a word, 0 for the least; -1 for a word that is none. */
    public static int gravity(@Nullable String word) {
        for (int i = 0; i < GRAVEST_FIRST.size(); i++) {
            if (GRAVEST_FIRST.get(i).name().equals(word)) {
                return GRAVEST_FIRST.size() - 1 - i;
            }
        }
        return -1;
    }

    /** Returns whether a finding says that a line was crossed. */
    public static boolean isCrossing(FindingKind kind) {
        return CROSSINGS.contains(kind);
    }

    /** Returns whether a person has to decide: too little is known, or the figure is too near the line. */
    public static boolean isOpen(Verdict verdict) {
        return verdict == Verdict.UNDETERMINED || verdict == Verdict.IN_MARGIN;
    }

    /** Returns whether a line in force, which is a rule with an amount, cannot be decided. */
    public static boolean areOpen(Collection<Assessment> assessments) {
        return assessments.stream()
                .filter(assessment -> assessment.comparison() != null)
                .anyMatch(assessment -> isOpen(assessment.verdict()));
    }

    /** Returns how a command ends whose result is what rules say. */
    public static ExitStatus status(Collection<Assessment> assessments) {
        if (assessments.stream().anyMatch(one -> one.verdict() == Verdict.ABOVE)) {
            return ExitStatus.CROSSED;
        }
        return assessments.stream().anyMatch(one -> isOpen(one.verdict())) ? ExitStatus.UNDETERMINED : ExitStatus.FINE;
    }
}
