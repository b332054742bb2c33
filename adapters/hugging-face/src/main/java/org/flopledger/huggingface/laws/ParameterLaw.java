package org.flopledger.huggingface.laws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.jspecify.annotations.Nullable;

/**
 * How the number of parameters of one model type follows from its fields.
 *
 * <p>A polynomial in Newton's form: the sum over terms of coefficient x binomial(t1, d1) x binomial(t2, d2) ..., where t is how
 * many steps a field lies from its base. Its coefficients are differences of measured numbers. Immutable.
 *
 * @param builtClass the class that was measured
 * @param varied the fields that change the number, in the order in which terms name them
 * @param stated what of a description it answers for
 * @param terms of each term its coefficient, then places of fields and degrees by turns
 * @param unknownCost why the number of parameters says nothing of FLOP, or null where measured forward passes lie in the bound
 */
record ParameterLaw(
        String builtClass,
        List<Varied> varied,
        LawScope stated,
        List<long[]> terms,
        @Nullable String unknownCost) {

    /** How many classes a classifier tells apart; no field of its own. */
    static final String LABELS = "@labels";

    /** Instead of a unit: only whether the value is above zero counts. */
    private static final String POSITIVE = "@positive";

    /** Instead of a unit: the field is on or off. */
    private static final String SWITCH = "@switch";

    /** Sizes of tables that are looked up in, not multiplied with. */
    private static final Pattern LOOKUPS = Pattern.compile(
            "(.*\\.)?(.*vocab(ulary)?_size|max_.*position.*|n_positions|max_.*embeddings|type_vocab_size|num_embeddings)");

    /** Tables of learned positions, which bound how long a sequence can be. */
    private static final Pattern POSITIONS = Pattern.compile("max_position_embeddings|n_positions");

    /**
     * A field that changes the number of parameters.
     *
     * @param path names on the way to it, with points between
     * @param base its value where t is 0; of a switch, 0 or 1
     * @param step what it differs by where t is 1
     * @param byDefault its value where it is absent
     * @param unit the path of another field in whose size it is counted, rounded down; {@link #POSITIVE}; {@link #SWITCH}; or null
     */
    record Varied(
            String path,
            long base,
            long step,
            long byDefault,
            @Nullable String unit) {}

    static ParameterLaw of(JsonNode law, Pattern silent) {
        List<Varied> varied = new ArrayList<>();
        for (JsonNode field : law.get("varied")) {
            varied.add(new Varied(
                    field.get(0).textValue(),
                    field.get(1).longValue(),
                    field.get(2).longValue(),
                    field.get(3).longValue(),
                    field.has(4) ? field.get(4).textValue() : null));
        }
        List<long[]> terms = new ArrayList<>();
        for (JsonNode term : law.get("terms")) {
            long[] numbers = new long[term.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = term.get(i).longValue();
            }
            terms.add(numbers);
        }
        return new ParameterLaw(
                law.get("class").textValue(), varied, LawScope.of(law, silent), terms, unknownCost(law));
    }

    private static @Nullable String unknownCost(JsonNode law) {
        String input = law.path("input").asText("other");
        if (!input.equals("text")) {
            return "the model is not given tokens of text alone (" + input
                    + "): how often a layer runs follows from the size of what it is given";
        }
        if (law.path("pair").asBoolean()) {
            return "an encoder and a decoder see tokens of their own, and how many each sees is not stated";
        }
        return law.path("bounded").asBoolean()
                ? null
                : "no measured forward pass confirmed that each weight is multiplied about once for each token";
    }

    /**
     * Returns the number of parameters.
     *
     * @throws DescriptionException if a stated field is not covered; the message names it
     */
    long total(ObjectNode description, String source) {
        return evaluate(steps(description, source), source);
    }

    /**
     * Returns how many parameters lie in tables that are looked up in, heads that share them included: all that grows with a
     * vocabulary or with learned positions.
     *
     * @throws DescriptionException if a stated field is not covered; the message names it
     */
    long lookups(ObjectNode description, String source) {
        long[] steps = steps(description, source);
        long total = evaluate(steps, source);
        for (int i = 0; i < steps.length; i++) {
            Varied field = varied.get(i);
            if (LOOKUPS.matcher(field.path()).matches()) {
                steps[i] = -Math.floorDiv(field.base(), field.step());
            }
        }
        return Math.max(0, total - evaluate(steps, source));
    }

    /** Returns how many positions the model has learned; empty where it has no such table. */
    OptionalLong positions(ObjectNode description) {
        for (Varied field : varied) {
            if (POSITIONS.matcher(field.path()).matches()) {
                JsonNode value = description.path(field.path());
                return OptionalLong.of(value.canConvertToLong() ? value.longValue() : field.byDefault());
            }
        }
        return OptionalLong.empty();
    }

    /** Returns whether the type has fields of experts. */
    boolean mentionsExperts() {
        return varied.stream().anyMatch(field -> LawScope.isOfExperts(field.path())) || stated.mentionsExperts();
    }

    private long[] steps(ObjectNode description, String source) {
        Map<String, JsonNode> fields = StatedFields.of(description);
        List<String> open = stated.uncovered(description, fields, builtClass, varied);
        long[] steps = steps(fields, open);
        if (!open.isEmpty()) {
            throw new DescriptionException(source + ": no law of the number of parameters covers "
                    + ShownValue.shortened(String.join(", ", open), 300));
        }
        return steps;
    }

    /** Returns how many steps each field lies from its base; names in {@code open} those that lie between two. */
    private long[] steps(Map<String, JsonNode> fields, List<String> open) {
        long[] steps = new long[varied.size()];
        Map<String, Long> values = new HashMap<>();
        for (Varied field : varied) {
            JsonNode value = fields.get(field.path());
            Long number = value == null ? Long.valueOf(field.byDefault()) : amount(field, value);
            if (number == null || number > Fields.LARGEST) {
                open.add(field.path());
                number = field.base();
            }
            values.put(field.path(), number);
        }
        for (int i = 0; i < steps.length; i++) {
            Varied field = varied.get(i);
            long away = Objects.requireNonNull(values.get(field.path())) / unit(field, fields, values) - field.base();
            if (away % field.step() != 0) {
                open.add(field.path() + " (measured in steps of " + field.step() + ")");
            }
            steps[i] = away / field.step();
        }
        return steps;
    }

    /** Returns the amount that the polynomial is of, or null where the value is of no kind that was measured. */
    private static @Nullable Long amount(Varied field, JsonNode value) {
        if (POSITIVE.equals(field.unit())) {
            return StatedFields.positive(value);
        }
        if (SWITCH.equals(field.unit()) != value.isBoolean()) {
            return null;
        }
        Long number = StatedFields.number(value);
        boolean tooSmall = number != null && !value.isBoolean() && number < Math.min(1, field.base());
        return tooSmall ? null : number;
    }

    private long unit(Varied field, Map<String, JsonNode> fields, Map<String, Long> values) {
        if (field.unit() == null
                || field.unit().equals(POSITIVE)
                || field.unit().equals(SWITCH)) {
            return 1;
        }
        Long varying = values.get(field.unit());
        JsonNode fixed = varying == null ? fields.getOrDefault(field.unit(), stated.byDefault(field.unit())) : null;
        Long fixedValue = fixed == null ? null : StatedFields.number(fixed);
        return Math.max(1, varying != null ? varying : fixedValue != null ? fixedValue : 1);
    }

    private long evaluate(long[] steps, String source) {
        BigInteger sum = BigInteger.ZERO;
        for (long[] term : terms) {
            BigInteger product = BigInteger.valueOf(term[0]);
            for (int i = 1; i < term.length; i += 2) {
                product = product.multiply(binomial(steps[(int) term[i]], (int) term[i + 1]));
            }
            sum = sum.add(product);
        }
        if (sum.signum() <= 0 || sum.bitLength() > 62) {
            throw new DescriptionException(
                    source + ": the sizes lie outside what the law of the type was measured for");
        }
        return sum.longValueExact();
    }

    /** Returns t (t - 1) ... (t - degree + 1) / degree!, which is whole for negative t too. */
    private static BigInteger binomial(long t, int degree) {
        BigInteger product = BigInteger.ONE;
        for (int i = 0; i < degree; i++) {
            product = product.multiply(BigInteger.valueOf(t - i)).divide(BigInteger.valueOf(i + 1L));
        }
        return product;
    }
}
