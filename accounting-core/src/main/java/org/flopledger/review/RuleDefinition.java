package org.flopledger.review;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** A rule file's content, checked. {@link ReviewRule} documents the fields. */
record RuleDefinition(
        String id,
        String title,
        String jurisdiction,
        ReviewRule.Status status,
        String dated,
        @Nullable LocalDate validFrom,
        @Nullable LocalDate validTo,
        LocalDate asOf,
        ReviewRule.Evidence evidence,
        List<ReviewRule.Citation> citations,
        CountingBasis basis,
        BigDecimal tolerance,
        @Nullable String toleranceSource,
        Condition condition,
        Finding.Kind finding,
        List<Reading> readings,
        List<TagNote> tagNotes,
        List<String> duties,
        @Nullable String deadline,
        List<String> reportFields,
        List<String> notes) {

    /** What a text says of figures up to a limit. Readings come in rising order. */
    record Reading(FlopCount atMost, String text) {}

    /** What a text says where one of these words is stated. */
    record TagNote(FactName fact, List<String> words, String text) {}
}
