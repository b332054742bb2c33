package org.flopledger.review;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Reads one rule, strictly: an unknown key, a missing citation or a contradiction is an error with its place. */
final class RuleReader {

    static final String FORMAT = "flopledger.rule/1";

    private static final Set<String> KEYS = Set.of(
            "format",
            "id",
            "title",
            "extends",
            "jurisdiction",
            "status",
            "dated",
            "validFrom",
            "validTo",
            "asOf",
            "evidence",
            "citations",
            "basis",
            "tolerance",
            "condition",
            "finding",
            "readings",
            "tagNotes",
            "duties",
            "deadline",
            "reportFields",
            "notes");

    private static final Pattern DATED = Pattern.compile("[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?");

    private final Function<LocatedJson, CountingBasis> bases;

    RuleReader(Function<LocatedJson, CountingBasis> bases) {
        this.bases = bases;
    }

    ReviewRule read(LocatedJson spot) {
        spot.only(KEYS);
        return new ReviewRule(new RuleDefinition(source(spot), effect(spot), question(spot), texts(spot)));
    }

    private static RuleDefinition.Source source(LocatedJson spot) {
        return new RuleDefinition.Source(
                spot.at("id").id(),
                spot.at("title").text(),
                spot.at("jurisdiction").text(),
                spot.at("evidence").oneOf(ReviewRule.Evidence.class),
                citations(spot));
    }

    private static RuleDefinition.Effect effect(LocatedJson spot) {
        return new RuleDefinition.Effect(
                spot.at("status").oneOf(ReviewRule.Status.class),
                dated(spot.at("dated")),
                date(spot, "validFrom"),
                validTo(spot),
                asOf(spot));
    }

    private RuleDefinition.Question question(LocatedJson spot) {
        Condition condition = new ConditionReader(bases).read(spot.at("condition"));
        return new RuleDefinition.Question(
                bases.apply(spot.at("basis")), tolerance(spot), condition, finding(spot, condition));
    }

    private static RuleDefinition.Tolerance tolerance(LocatedJson spot) {
        LocatedJson tolerance = spot.find("tolerance");
        return tolerance == null
                ? RuleDefinition.Tolerance.NONE
                : new RuleDefinition.Tolerance(
                        share(tolerance.only(Set.of("share", "source"))),
                        tolerance.at("source").text());
    }

    private static RuleDefinition.Texts texts(LocatedJson spot) {
        RuleDefinition.Obligations obligations = new RuleDefinition.Obligations(
                texts(spot, "duties"), text(spot, "deadline"), texts(spot, "reportFields"));
        return new RuleDefinition.Texts(readings(spot), tagNotes(spot), obligations, texts(spot, "notes"));
    }

    private static @Nullable LocalDate date(LocatedJson spot, String key) {
        LocatedJson date = spot.find(key);
        return date == null ? null : date.date();
    }

    private static @Nullable LocalDate validTo(LocatedJson spot) {
        LocalDate from = date(spot, "validFrom");
        LocalDate to = date(spot, "validTo");
        ReviewRule.Status status = spot.at("status").oneOf(ReviewRule.Status.class);
        if (status.needsFirstDay() && from == null) {
            throw spot.error("status is " + status + " without 'validFrom', must have a first day of effect");
        }
        if (status.needsLastDay() && to == null) {
            throw spot.error("status is " + status + " without 'validTo', must have a last day of effect");
        }
        if (from != null && to != null && to.isBefore(from)) {
            throw spot.at("validTo").error("is " + to + ", must not be before validFrom " + from);
        }
        return to;
    }

    private static String dated(LocatedJson spot) {
        String dated = spot.text();
        if (!DATED.matcher(dated).matches()) {
            throw spot.error(
                    "is '" + MessageText.brief(dated) + "', must be a year, a month or a day such as 2026-11-20");
        }
        return dated;
    }

    private static LocalDate asOf(LocatedJson spot) {
        LocalDate asOf = spot.at("asOf").date();
        String dated = dated(spot.at("dated"));
        if (asOf.toString().compareTo(dated) < 0) {
            throw spot.at("asOf").error("is " + asOf + ", must not be before the text's own date " + dated);
        }
        return asOf;
    }

    private static List<ReviewRule.Citation> citations(LocatedJson spot) {
        return spot.at("citations").items().stream()
                .map(item -> item.only(Set.of("text", "evidence")))
                .map(item -> new ReviewRule.Citation(
                        item.at("text").text(), item.at("evidence").oneOf(ReviewRule.Evidence.class)))
                .toList();
    }

    private static BigDecimal share(LocatedJson tolerance) {
        BigDecimal share = tolerance.at("share").decimal();
        if (share.signum() == 0 || share.compareTo(BigDecimal.ONE) >= 0) {
            throw tolerance.at("share").error("is " + share + ", must be above 0 and below 1");
        }
        return share;
    }

    private static FindingKind finding(LocatedJson spot, Condition condition) {
        LocatedJson kind = spot.find("finding");
        if (kind != null) {
            return kind.oneOf(FindingKind.class);
        }
        List<Condition> tree = condition.tree();
        if (tree.stream().anyMatch(part -> part instanceof RatioCondition ratio && !ratio.scope())) {
            return FindingKind.RATIO_CROSSED;
        }
        return tree.stream().anyMatch(ComputeCondition.class::isInstance)
                ? FindingKind.CROSSED
                : FindingKind.CONDITION_MET;
    }

    private static List<RuleDefinition.Reading> readings(LocatedJson spot) {
        LocatedJson list = spot.find("readings");
        List<RuleDefinition.Reading> readings = new ArrayList<>();
        for (LocatedJson item : list == null ? List.<LocatedJson>of() : list.items()) {
            item.only(Set.of("atMost", "text"));
            FlopCount atMost = flop(item.at("atMost"));
            if (!readings.isEmpty()
                    && readings.get(readings.size() - 1).atMost().compareTo(atMost) >= 0) {
                throw item.at("atMost").error("is " + atMost + ", must be above the reading before it");
            }
            readings.add(new RuleDefinition.Reading(atMost, item.at("text").text()));
        }
        return List.copyOf(readings);
    }

    private static FlopCount flop(LocatedJson spot) {
        try {
            return FlopCount.parse(spot.text());
        } catch (IllegalArgumentException e) {
            throw spot.error(String.valueOf(e.getMessage()));
        }
    }

    private static List<RuleDefinition.TagNote> tagNotes(LocatedJson spot) {
        LocatedJson list = spot.find("tagNotes");
        return (list == null ? List.<LocatedJson>of() : list.items())
                .stream()
                        .map(item -> item.only(Set.of("fact", "oneOf", "text")))
                        .map(item -> new RuleDefinition.TagNote(
                                ConditionReader.fact(item, FactName.Kind.TAGS),
                                ConditionReader.ids(item.at("oneOf")),
                                item.at("text").text()))
                        .toList();
    }

    private static List<String> texts(LocatedJson spot, String key) {
        LocatedJson list = spot.find(key);
        return list == null ? List.of() : list.texts();
    }

    private static @Nullable String text(LocatedJson spot, String key) {
        LocatedJson text = spot.find(key);
        return text == null ? null : text.text();
    }
}
