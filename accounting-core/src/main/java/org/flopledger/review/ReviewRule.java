package org.flopledger.review;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * One rule: a threshold with its counting basis, comparison, citation and dates, read from a data file.
 *
 * <p>Nothing in it is executed. Immutable and thread-safe. It is not legal advice: each rule carries the grade of the
 * evidence it rests on.
 */
public final class ReviewRule {

    /** Where a rule stands in law. */
    public enum Status {
        IN_FORCE,
        FUTURE,
        VOLUNTARY,
        GUIDELINE,
        PROPOSED,
        NOT_ENFORCED,
        REVOKED,
        VETOED,
        SUPERSEDED,
        /** A way of counting; sets no line. */
        STANDARD,
        /** A remark: no trigger was found. */
        NOTE,
        /** Described by an article or a blog; nobody's rule. */
        SEED;

        boolean needsFirstDay() {
            return this == IN_FORCE || this == FUTURE || this == GUIDELINE || this == VOLUNTARY;
        }

        boolean needsLastDay() {
            return this == REVOKED || this == SUPERSEDED;
        }

        boolean hasEnded() {
            return this == REVOKED || this == VETOED || this == SUPERSEDED;
        }

        boolean neverTookEffect() {
            return this == PROPOSED || this == VETOED;
        }
    }

    /** How well a statement of a rule is supported. */
    public enum Evidence {
        /** The legal or official text itself was read. */
        PRIMARY_TEXT,
        /** A law firm, tracker, agency page or paper says so. */
        SECONDARY_SOURCE,
        /** Remembered and not read again: verify before relying on it. */
        RECALLED
    }

    /**
     * Where a rule is written.
     *
     * @param text the place, such as an article, or the page that quotes it
     * @param evidence how well it supports the rule
     */
    public record Citation(String text, Evidence evidence) {}

    private final RuleDefinition definition;

    ReviewRule(RuleDefinition definition) {
        this.definition = definition;
    }

    /** Returns the rule's name, such as {@code eu-gpai-sr}. */
    public String id() {
        return definition.source().id();
    }

    /** Returns one line that says what the rule is. */
    public String title() {
        return definition.source().title();
    }

    /** Returns whose rule it is. */
    public String jurisdiction() {
        return definition.source().jurisdiction();
    }

    /** Returns where it stands in law. */
    public Status status() {
        return definition.effect().status();
    }

    /** Returns the date of the text, as exact as known: a year, a month or a day. */
    public String dated() {
        return definition.effect().dated();
    }

    /** Returns the first day of effect; null if it never took effect or sets no date. */
    public @Nullable LocalDate validFrom() {
        return definition.effect().validFrom();
    }

    /** Returns the last day of effect; null while there is none. */
    public @Nullable LocalDate validTo() {
        return definition.effect().validTo();
    }

    /** Returns the date at which status and text were last checked. */
    public LocalDate asOf() {
        return definition.effect().asOf();
    }

    /** Returns the grade of the weakest support that the rule's line rests on. */
    public Evidence evidence() {
        return definition.source().evidence();
    }

    /** Returns where it is written, at least one place. */
    public List<Citation> citations() {
        return definition.source().citations();
    }

    /** Returns the first citation, for one line of output. */
    public String citation() {
        return definition.source().citations().get(0).text();
    }

    /** Returns the whole condition in words. */
    public String condition() {
        return definition.question().condition().words();
    }

    /** Returns the condition in words as lines, parts indented by two spaces below what they belong to. */
    public List<String> conditionLines() {
        return definition.question().condition().outline("");
    }

    /** Returns the name and title of the counting basis. */
    public String basis() {
        return definition.question().basis().id() + ": "
                + definition.question().basis().title();
    }

    /** Returns the rule's word on each activity, without figures. */
    public List<Assessment.Item> countingTable() {
        return Arrays.stream(Activity.values())
                .map(activity -> {
                    CountingBasis.Entry entry = definition.question().basis().entry(activity);
                    return new Assessment.Item(
                            activity.words(), entry.treatment(), entry.counted(), null, entry.sentence());
                })
                .toList();
    }

    /** Returns the tolerance around a stated estimate as a share, 0 if the rule has none. */
    public BigDecimal tolerance() {
        return definition.question().tolerance().share();
    }

    /** Returns where the tolerance is written; null if the rule has none. */
    public @Nullable String toleranceSource() {
        return definition.question().tolerance().source();
    }

    /** Returns what must be done when the rule applies. */
    public List<String> duties() {
        return definition.texts().obligations().duties();
    }

    /** Returns by when; null if no deadline is known. */
    public @Nullable String deadline() {
        return definition.texts().obligations().deadline();
    }

    /** Returns what a report under the rule holds. */
    public List<String> reportFields() {
        return definition.texts().obligations().reportFields();
    }

    /** Returns remarks for a reader: open questions, labels, contradictions with the record. */
    public List<String> notes() {
        return definition.texts().notes();
    }

    /** Returns whether the text never took effect: proposed, vetoed, or replaced before its first day. */
    public boolean neverTookEffect() {
        return status().neverTookEffect() || (status() == Status.SUPERSEDED && validFrom() == null);
    }

    /** Returns whether the rule has effect on a day; a standard or an article's rule is taken as it stands. */
    public boolean isInEffect(LocalDate day) {
        if (neverTookEffect()) {
            return false;
        }
        LocalDate from = definition.effect().validFrom();
        LocalDate to = definition.effect().validTo();
        return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
    }

    /** Returns whether the rule asks about a model that was modified. */
    public boolean concernsOriginal() {
        return conditions().anyMatch(Condition::concernsOriginal);
    }

    private Stream<Condition> conditions() {
        return definition.question().condition().tree().stream();
    }

    /** Returns the facts beside compute that the rule asks for. */
    public List<FactName> factsAsked() {
        return conditions()
                .flatMap(part -> part.factsAsked().stream())
                .distinct()
                .toList();
    }

    /** Returns the words that the rule knows of a fact, in the order of its text; none if it does not ask for the fact. */
    public List<String> wordsAsked(FactName fact) {
        Stream<String> asked = conditions().flatMap(part -> part.wordsAsked(fact).stream());
        Stream<String> noted = definition.texts().tagNotes().stream()
                .filter(note -> note.fact() == fact)
                .flatMap(note -> note.words().stream());
        return Stream.concat(asked, noted).distinct().toList();
    }

    /**
     * Returns the lines that compute is compared with, so that the exact step of a crossing can be searched.
     *
     * @param facts tell the original model, whose compute a ratio needs; a ratio to an unknown original gives no line
     */
    public List<Threshold> thresholds(Facts facts) {
        return conditions()
                .flatMap(part -> part.thresholds(this, facts).stream())
                .toList();
    }

    /** A whole number of FLOP to pass, and what counts towards it. Immutable. */
    public static final class Threshold {

        private final ReviewRule rule;
        private final FlopCount level;
        private final boolean inclusive;
        private final CountingBasis basis;
        private final FlopBounds ancestors;

        Threshold(ReviewRule rule, BigInteger level, boolean inclusive, CountingBasis basis, FlopBounds ancestors) {
            this.rule = rule;
            this.level = FlopCount.of(level);
            this.inclusive = inclusive;
            this.basis = basis;
            this.ancestors = ancestors;
        }

        /** Returns the rule that sets it. */
        public ReviewRule rule() {
            return rule;
        }

        /** Returns the number to pass. */
        public FlopCount level() {
            return level;
        }

        /** Returns whether reaching it is enough. */
        public boolean inclusive() {
            return inclusive;
        }

        /** Returns what ancestors already contribute, to be added to the run's own counted compute. */
        public FlopBounds ancestors() {
            return ancestors;
        }

        /** Returns whether a line of compute is in the sum. */
        public boolean counts(Facts.Line line) {
            return basis.entry(line).isCounted(ReviewProfile.Choice.AS_RULE);
        }

        /** Returns whether an exact sum, ancestors included, passes it. */
        public boolean isPassedBy(FlopCount sum) {
            int order = sum.compareTo(level);
            return inclusive ? order >= 0 : order > 0;
        }

        /** Returns the least sum that passes it. */
        public FlopCount leastPassing() {
            return inclusive ? level : level.plus(FlopCount.of(1));
        }
    }

    RuleDefinition definition() {
        return definition;
    }

    @Override
    public String toString() {
        return definition.source().id();
    }
}
