package org.flopledger.review;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Facts beside compute, each by its name and in the form of its kind. Confined to who fills it. */
final class StatedFacts {

    private final Map<FactName, Set<String>> tags = new EnumMap<>(FactName.class);
    private final Map<FactName, Boolean> answers = new EnumMap<>(FactName.class);
    private final Map<FactName, BigDecimal> amounts = new EnumMap<>(FactName.class);

    /** Takes over everything that another holds. */
    void addAll(StatedFacts other) {
        other.tags.forEach((fact, words) -> tags.put(fact, new TreeSet<>(words)));
        answers.putAll(other.answers);
        amounts.putAll(other.amounts);
    }

    /** Adds what another states; throws {@link IllegalArgumentException} naming what both state differently. */
    void add(StatedFacts other) {
        other.tags.forEach((fact, words) ->
                tags.computeIfAbsent(fact, unused -> new TreeSet<>()).addAll(words));
        other.answers.forEach((fact, yes) -> FactSheet.same("fact " + fact.key(), answers.putIfAbsent(fact, yes), yes));
        other.amounts.forEach((fact, amount) -> {
            BigDecimal held = amounts.putIfAbsent(fact, amount);
            if (held != null && held.compareTo(amount) != 0) {
                FactSheet.same("fact " + fact.key(), held, amount);
            }
        });
    }

    void tag(FactName fact, String word) {
        require(fact, FactName.Kind.TAGS);
        tags.computeIfAbsent(fact, unused -> new TreeSet<>()).add(word);
    }

    void answer(FactName fact, boolean yes) {
        require(fact, FactName.Kind.ANSWER);
        answers.put(fact, yes);
    }

    void amount(FactName fact, BigDecimal amount) {
        require(fact, FactName.Kind.AMOUNT);
        if (amount.signum() < 0) {
            throw new IllegalArgumentException(fact.key() + " is " + amount + ", must be >= 0");
        }
        amounts.put(fact, amount);
    }

    private static void require(FactName fact, FactName.Kind kind) {
        if (fact.kind() != kind) {
            throw new IllegalArgumentException(
                    "fact " + fact.key() + " is of kind " + fact.kind() + ", was given as " + kind);
        }
    }

    @Nullable
    Set<String> tags(FactName fact) {
        Set<String> words = tags.get(fact);
        return words == null ? null : Collections.unmodifiableSet(words);
    }

    @Nullable
    Boolean answer(FactName fact) {
        return answers.get(fact);
    }

    @Nullable
    BigDecimal amount(FactName fact) {
        return amounts.get(fact);
    }
}
