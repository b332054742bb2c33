package org.flopledger.review;

import java.util.List;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What one rule says of one set of facts, with the arithmetic behind it.
 *
 * <p>{@link ReviewProfile#assess(Facts)} returns one for each rule, for a lawyer or a dashboard to read. Immutable.
 *
 * @param rule the rule
 * @param verdict what it says
 * @param comparison {@code >} or {@code >=}; null if the rule compares no compute
 * @param threshold the whole number compared with; a share of an original is resolved; null if there is none or it is unknown
 * @param counted the compute compared, on the rule's basis; null if there is none
 * @param countedLeast the same with everything left out that may be left out
 * @param countedMost the same with everything counted
 * @param items each item of compute, how the rule treats it and whether it was counted
 * @param otherFactsNeeded open facts that the verdict still depends on
 * @param assumed answers that nobody gave and that were taken as usual
 * @param basisUnknown whether the compute of an original or ancestor is unknown and mattered
 * @param explanation sentences that say why, for a reader who is not an engineer
 */
public record Assessment(
        ReviewRule rule,
        Verdict verdict,
        @Nullable String comparison,
        @Nullable FlopCount threshold,
        @Nullable FlopBounds counted,
        @Nullable FlopBounds countedLeast,
        @Nullable FlopBounds countedMost,
        List<Item> items,
        List<String> otherFactsNeeded,
        List<String> assumed,
        boolean basisUnknown,
        List<String> explanation) {

    /** How a rule treats an activity. */
    public enum Treatment {
        /** The text says that it counts. */
        MUST,
        /** The text says that it may be left out. */
        MAY,
        /** The text does not say. */
        SILENT
    }

    /**
     * One item of compute under one rule.
     *
     * @param name what it is
     * @param treatment what the text says of it
     * @param counted whether it is in the sum
     * @param flop its figure; null if unknown
     * @param sentence the words of the rule or guideline relied on, or why there are none
     */
    public record Item(
            String name,
            Treatment treatment,
            boolean counted,
            @Nullable FlopBounds flop,
            String sentence) {}

    /** Copies the lists. */
    public Assessment {
        items = List.copyOf(items);
        otherFactsNeeded = List.copyOf(otherFactsNeeded);
        assumed = List.copyOf(assumed);
        explanation = List.copyOf(explanation);
    }
}
