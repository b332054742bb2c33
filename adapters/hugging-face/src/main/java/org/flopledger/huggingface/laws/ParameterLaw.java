package org.flopledger.huggingface.laws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Shown;
import org.flopledger.huggingface.families.Unshaped;
import org.jspecify.annotations.Nullable;

/**
 * How the number of parameters of one model type follows from its fields.
 *
 * <p>A polynomial in Newton's form: the sum over terms of coefficient x binomial(t1, d1) x binomial(t2, d2) ..., where t is how
 * many steps a field lies from its base. Its coefficients are differences of measured numbers. Immutable.
 *
 * @param builtClass the class that was measured
 * @param varied the fields that change the number, in the order in which terms name them
 * @param idle fields that were varied and change nothing
 * @param fixed fields that were not varied, with their defaults
 * @param silent names of fields that decide no shape in any type
 * @param terms of each term its coefficient, then places of fields and degrees by turns
 */
record ParameterLaw(
        String builtClass,
        List<Varied> varied,
        Set<String> idle,
        Map<String, JsonNode> fixed,
        Pattern silent,
        List<long[]> terms) {

    /** How many classes a classifier tells apart; no field of its own. */
    static final String LABELS = "@labels";

    /**
     * A field that changes the number of parameters.
     *
     * @param path names on the way to it, with points between
     * @param base its value where t is 0; of a switch, 0 or 1
     * @param step what it differs by where t is 1
     * @param byDefault its value where it is absent
     * @param unit the path of another field in whose size it is counted, rounded down, or null
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
        Set<String> idle = new HashSet<>();
        law.get("idle").forEach(name -> idle.add(name.textValue()));
        Map<String, JsonNode> fixed = new HashMap<>();
        law.get("fixed").properties().forEach(field -> fixed.put(field.getKey(), field.getValue()));
        List<long[]> terms = new ArrayList<>();
        for (JsonNode term : law.get("terms")) {
            long[] numbers = new long[term.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = term.get(i).longValue();
            }
            terms.add(numbers);
        }
        return new ParameterLaw(law.get("class").textValue(), varied, idle, fixed, silent, terms);
    }

    /**
     * Returns the number of parameters.
     *
     * @throws DescriptionException if a stated field is not covered; the message names it
     */
    long total(ObjectNode stated, String source) {
        Map<String, JsonNode> fields = StatedFields.of(stated);
        List<String> open = new ArrayList<>();
        JsonNode built = stated.path("architectures").path(0);
        if (built.isTextual() && !built.textValue().equals(builtClass)) {
            open.add("architectures[0] (measured: " + builtClass + ")");
        }
        Set<String> names = new HashSet<>();
        varied.forEach(field -> names.add(field.path()));
        fields.forEach((path, value) -> {
            if (!names.contains(path) && !isUnderstood(path, value)) {
                open.add(path);
            }
        });
        long[] steps = steps(fields, open);
        if (!open.isEmpty()) {
            throw new DescriptionException(source + ": no law of the number of parameters covers "
                    + Shown.shortened(String.join(", ", open), 300));
        }
        return evaluate(steps, source);
    }

    private boolean isUnderstood(String path, JsonNode value) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        JsonNode measured = fixed.get(path);
        if (measured != null) {
            return StatedFields.equal(measured, value) || silent.matcher(name).matches();
        }
        return idle.contains(path)
                || silent.matcher(name).matches()
                || value.isNull()
                || Unshaped.decidesNoShape(name)
                || (!Fields.saysSomething(value) && fixed.keySet().stream().noneMatch(other -> other.startsWith(path)));
    }

    /** Returns how many steps each field lies from its base; names in {@code open} those that lie between two. */
    private long[] steps(Map<String, JsonNode> fields, List<String> open) {
        long[] steps = new long[varied.size()];
        Map<String, Long> values = new HashMap<>();
        for (Varied field : varied) {
            JsonNode value = fields.get(field.path());
            Long number = value == null ? Long.valueOf(field.byDefault()) : StatedFields.number(value);
            if (number == null || number < Math.min(1, field.base()) || number > Fields.LARGEST) {
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

    private long unit(Varied field, Map<String, JsonNode> fields, Map<String, Long> values) {
        if (field.unit() == null) {
            return 1;
        }
        Long varying = values.get(field.unit());
        JsonNode stated = varying == null ? fields.getOrDefault(field.unit(), fixed.get(field.unit())) : null;
        Long fixedValue = stated == null ? null : StatedFields.number(stated);
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
