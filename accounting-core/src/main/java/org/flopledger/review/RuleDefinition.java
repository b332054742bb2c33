package org.flopledger.review;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * A rule file's content, checked, in the parts a lawyer would name. {@link ReviewRule} documents the fields. Immutable.
 *
 * @param source which text it is and where it is written
 * @param effect where it stands in law, and when
 * @param question what the rule asks
 * @param texts what is said to a reader
 */
record RuleDefinition(Source source, Effect effect, Question question, Texts texts) {

    /** Which text a rule is, and how good the evidence for it is. */
    record Source(
            String id,
            String title,
            String jurisdiction,
            ReviewRule.Evidence evidence,
            List<ReviewRule.Citation> citations) {}

    /** Where a rule stands in law, from when until when, and as of which day that is known. */
    record Effect(
            ReviewRule.Status status,
            String dated,
            @Nullable LocalDate validFrom,
            @Nullable LocalDate validTo,
            LocalDate asOf) {}

    /** What a rule asks: the condition, what counts towards it, and what it is called when it is met. */
    record Question(CountingBasis basis, Tolerance tolerance, Condition condition, FindingKind finding) {}

    /**
     * By how much a stated estimate may be off.
     *
     * @param share a share of the estimate, 0 for a rule without one
     * @param source where it is written, or null for a rule without one
     */
    record Tolerance(BigDecimal share, @Nullable String source) {

        static final Tolerance NONE = new Tolerance(BigDecimal.ZERO, null);
    }

    /** What a rule says to a reader, besides its verdict. */
    record Texts(List<Reading> readings, List<TagNote> tagNotes, Obligations obligations, List<String> notes) {

        static final Texts NONE =
                new Texts(List.of(), List.of(), new Obligations(List.of(), null, List.of()), List.of());
    }

    /** What must be done when a rule applies, by when, and what a report under it holds. */
    record Obligations(List<String> duties, @Nullable String deadline, List<String> reportFields) {}

    /** What a text says of figures up to a limit. Readings come in rising order. */
    record Reading(FlopCount atMost, String text) {}

    /** What a text says where one of these words is stated. */
    record TagNote(FactName fact, List<String> words, String text) {}
}
