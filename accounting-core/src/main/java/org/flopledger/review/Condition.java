package org.flopledger.review;

import java.util.List;

/** One node of a rule's tree of conditions. Data only: the set of kinds is closed and none runs anything. */
sealed interface Condition
        permits AllOf,
                AnyOf,
                ComputeCondition,
                RatioCondition,
                OriginalCondition,
                AmountCondition,
                TagCondition,
                AnswerCondition,
                MethodsCondition,
                NoThreshold {

    /** Returns what this condition says of a case. */
    Outcome test(ConditionContext subject);

    /** Returns the condition in words, as a clause. */
    String words();

    /** Returns the facts beside compute that this condition alone asks for. */
    default List<FactName> factsAsked() {
        return List.of();
    }

    /** Returns the words that this condition alone knows of a fact. */
    default List<String> wordsAsked(FactName fact) {
        return List.of();
    }

    /** Returns whether this condition alone asks about a model that was modified. */
    default boolean concernsOriginal() {
        return false;
    }

    /** Returns the lines that this condition alone compares compute with; none where an original of unknown compute sets them. */
    default List<ReviewRule.Threshold> thresholds(ReviewRule rule, Facts facts) {
        return List.of();
    }

    /** Returns the conditions directly below. */
    default List<Condition> parts() {
        return List.of();
    }

    /** Returns the condition as lines, each part on its own and indented below what it belongs to. */
    default List<String> outline(String indent) {
        return List.of(indent + words());
    }

    /** Returns this condition and all below, depth first. */
    default List<Condition> tree() {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(this), parts().stream().flatMap(part -> part.tree().stream()))
                .toList();
    }
}
