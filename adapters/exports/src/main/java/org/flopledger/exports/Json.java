package org.flopledger.exports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds and writes JSON trees: numbers plain, lines ended by line feeds. Stateless. */
final class Json {

    private static final BigDecimal SECONDS_PER_DAY = new BigDecimal(86_400);

    /** As many digits as a double holds of any number. */
    private static final MathContext DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Returns a tree as indented text that ends with a line feed. */
    static String text(JsonNode tree) {
        var printer = new DefaultPrettyPrinter();
        var indenter = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        return write(MAPPER.writer(printer), tree) + "\n";
    }

    /** Returns a tree as one line of text that ends with a line feed. */
    static String line(JsonNode tree) {
        return write(MAPPER.writer(), tree) + "\n";
    }

    private static String write(com.fasterxml.jackson.databind.ObjectWriter writer, JsonNode tree) {
        try {
            return writer.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can be written", e);
        }
    }

    /** Writes a text unless it is unknown. */
    static void put(ObjectNode object, String name, @Nullable Object value) {
        if (value != null) {
            object.put(name, value.toString());
        }
    }

    /** Writes an array unless it is empty. */
    static void put(ObjectNode object, String name, ArrayNode values) {
        if (!values.isEmpty()) {
            object.set(name, values);
        }
    }

    /** Adds pairs as objects with two texts. */
    static void addPairs(ArrayNode target, String key, Map<String, String> pairs, String prefix) {
        pairs.forEach(
                (name, value) -> target.addObject().put(key, prefix + name).put("value", value));
    }

    /** Returns a quotient with as many digits as a double holds. */
    static BigDecimal rounded(BigDecimal amount, BigDecimal divisor) {
        BigDecimal quotient = amount.divide(divisor, DIGITS);
        return quotient.signum() == 0 ? BigDecimal.ZERO : quotient.stripTrailingZeros();
    }

    static String days(BigDecimal seconds) {
        return rounded(seconds, SECONDS_PER_DAY).toPlainString();
    }
}
