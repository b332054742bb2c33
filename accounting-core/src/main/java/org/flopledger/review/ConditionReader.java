package org.flopledger.review;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.units.FlopCount;

/** Reads a tree of conditions. */
final class ConditionReader {

    private static final Pattern WHOLE_OR_FRACTION = Pattern.compile("([1-9][0-9]{0,38})(?:/([1-9][0-9]{0,5}))?");
    private static final Set<String> KINDS =
            Set.of("all", "any", "compute", "ratio", "original", "amount", "tag", "answer", "methodsDiffer", "none");

    private final Function<LocatedJson, CountingBasis> bases;

    /** Makes a reader that finds counting bases by {@code bases}. */
    ConditionReader(Function<LocatedJson, CountingBasis> bases) {
        this.bases = bases;
    }

    Condition read(LocatedJson spot) {
        spot.only(KINDS);
        if (spot.keys().size() != 1) {
            throw spot.error("has " + spot.keys().size() + " keys, must have exactly one: the kind of condition");
        }
        String kind = spot.keys().get(0);
        LocatedJson body = spot.at(kind);
        return switch (kind) {
            case "all" -> new AllOf(parts(body));
            case "any" -> new AnyOf(parts(body));
            case "compute" -> compute(body);
            case "ratio" -> ratio(body);
            case "original" -> original(body);
            case "amount" -> amount(body);
            case "tag" -> tag(body);
            case "answer" -> answer(body);
            case "methodsDiffer" -> methods(body);
            case "none" -> new NoThreshold(body.text());
            default -> throw spot.error("kind '" + kind + "' has no reader");
        };
    }

    private List<Condition> parts(LocatedJson body) {
        return body.items().stream().map(this::read).toList();
    }

    private Condition compute(LocatedJson body) {
        body.only(Set.of("above", "atLeast", "of", "basis"));
        LocatedJson of = body.find("of");
        boolean modification =
                of != null && oneOf(of, "CUMULATIVE", "MODIFICATION").equals("MODIFICATION");
        LocatedJson basis = body.find("basis");
        return new ComputeCondition(level(body), modification, basis == null ? null : bases.apply(basis));
    }

    private Condition ratio(LocatedJson body) {
        body.only(Set.of("above", "atLeast", "systemicAbove", "wideBasis", "narrowBasis", "scope"));
        ThresholdLine share = level(body);
        if (share.numerator().compareTo(share.denominator()) > 0) {
            throw body.error("share is " + share + ", must be at most 1");
        }
        LocatedJson scope = body.find("scope");
        return new RatioCondition(
                share,
                level(body.at("systemicAbove"), false),
                bases.apply(body.at("wideBasis")),
                bases.apply(body.at("narrowBasis")),
                scope != null && scope.flag());
    }

    private static Condition original(LocatedJson body) {
        body.only(Set.of("above", "atLeast", "known", "answerFirst"));
        LocatedJson known = body.find("known");
        if (known == null) {
            return new OriginalCondition(
                    level(body), body.has("answerFirst") ? named(body.at("answerFirst"), FactName.Kind.ANSWER) : null);
        }
        if (body.keys().size() > 1) {
            throw body.error("asks for a level and for being known at once, must ask one");
        }
        if (known.flag()) {
            throw known.error("is true, must be false: a condition on a known original is a level or a ratio");
        }
        return new OriginalCondition(null, null);
    }

    private static Condition amount(LocatedJson body) {
        body.only(Set.of("fact", "above", "atLeast", "below", "atMost"));
        FactName fact = fact(body, FactName.Kind.AMOUNT);
        if (body.keys().size() != 2) {
            throw body.error("must have 'fact' and exactly one of above, atLeast, below, atMost");
        }
        String key = body.keys().get(0).equals("fact")
                ? body.keys().get(1)
                : body.keys().get(0);
        AmountCondition.Comparison comparison = switch (key) {
            case "above" -> AmountCondition.Comparison.ABOVE;
            case "atLeast" -> AmountCondition.Comparison.AT_LEAST;
            case "below" -> AmountCondition.Comparison.BELOW;
            default -> AmountCondition.Comparison.AT_MOST;
        };
        return new AmountCondition(fact, comparison, body.at(key).decimal());
    }

    private static Condition tag(LocatedJson body) {
        body.only(Set.of("fact", "oneOf", "noneOf"));
        FactName fact = fact(body, FactName.Kind.TAGS);
        LocatedJson oneOf = body.find("oneOf");
        LocatedJson noneOf = body.find("noneOf");
        if ((oneOf == null) == (noneOf == null)) {
            throw body.error("must have exactly one of oneOf, noneOf");
        }
        return oneOf != null
                ? new TagCondition(fact, ids(oneOf), false)
                : new TagCondition(fact, ids(body.at("noneOf")), true);
    }

    static List<String> ids(LocatedJson list) {
        List<String> ids = list.items().stream().map(LocatedJson::id).toList();
        if (ids.stream().distinct().count() != ids.size()) {
            throw list.error("names a word twice, must name each once");
        }
        return ids;
    }

    private static Condition answer(LocatedJson body) {
        body.only(Set.of("fact", "is"));
        return new AnswerCondition(
                fact(body, FactName.Kind.ANSWER), body.at("is").flag());
    }

    private static Condition methods(LocatedJson body) {
        body.only(Set.of("beyond"));
        BigDecimal share = body.at("beyond").decimal();
        if (share.signum() == 0) {
            throw body.at("beyond").error("is 0, must be above 0");
        }
        return new MethodsCondition(share);
    }

    static FactName fact(LocatedJson body, FactName.Kind kind) {
        return named(body.at("fact"), kind);
    }

    private static FactName named(LocatedJson spot, FactName.Kind kind) {
        FactName fact;
        try {
            fact = FactName.ofKey(spot.text());
        } catch (IllegalArgumentException e) {
            throw spot.error(String.valueOf(e.getMessage()));
        }
        if (fact.kind() != kind) {
            throw spot.error("fact " + fact.key() + " is of kind " + fact.kind() + ", must be of kind " + kind);
        }
        return fact;
    }

    private static ThresholdLine level(LocatedJson body) {
        LocatedJson above = body.find("above");
        LocatedJson atLeast = body.find("atLeast");
        if ((above == null) == (atLeast == null)) {
            throw body.error("must have exactly one of above, atLeast");
        }
        return above != null ? level(above, false) : level(body.at("atLeast"), true);
    }

    private static ThresholdLine level(LocatedJson spot, boolean inclusive) {
        Matcher parts = WHOLE_OR_FRACTION.matcher(spot.text());
        if (!parts.matches()) {
            throw spot.error("is '" + MessageText.brief(spot.text())
                    + "', must be an exact whole number above 0 such as \"10000000000000000000000000\", or a fraction"
                    + " such as \"1/3\"");
        }
        BigInteger numerator = new BigInteger(parts.group(1));
        if (numerator.compareTo(FlopCount.MAX_VALUE.toBigInteger()) > 0) {
            throw spot.error("is " + parts.group(1) + ", must be at most " + FlopCount.MAX_VALUE);
        }
        String denominator = parts.group(2);
        return new ThresholdLine(
                numerator, denominator == null ? BigInteger.ONE : new BigInteger(denominator), inclusive);
    }

    private static String oneOf(LocatedJson spot, String... allowed) {
        String text = spot.text();
        if (!List.of(allowed).contains(text)) {
            throw spot.error("is '" + MessageText.brief(text) + "', must be one of " + String.join(", ", allowed));
        }
        return text;
    }
}
