package org.flopledger.huggingface.parts;

import java.util.OptionalLong;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;

/**
 * The sizes that every part of a decoder shares, checked against each other.
 *
 * @param hidden width of the residual stream
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads key and value heads, a divisor of the query heads
 * @param headWidth length of a query and a key
 */
public record Shape(long hidden, long layers, long heads, long keyValueHeads, long headWidth) {

    /** How the length of a head follows from the description. */
    public enum HeadWidth {
        /** {@code head_dim} if stated, otherwise hidden size / heads. */
        STATED,
        /** As {@link #STATED}, rounded down where it does not divide (GLM-4.5 states it, its class rounds). */
        ROUNDED_DOWN,
        /** Always hidden size / heads, whatever else is stated. */
        DERIVED
    }

    public static Shape of(Fields fields, HeadWidth rule) {
        long heads = fields.size(Spellings.HEADS);
        return of(fields, rule, heads, keyValueHeads(fields, heads));
    }

    /** As {@link #of(Fields, HeadWidth)} where the key and value heads follow from something else than a field. */
    public static Shape of(Fields fields, HeadWidth rule, long heads, long keyValueHeads) {
        long hidden = fields.size(Spellings.HIDDEN);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        if (heads % keyValueHeads != 0) {
            throw fields.wrong(
                    Spellings.KEY_VALUE_HEADS[0],
                    keyValueHeads + (fields.states(Spellings.KEY_VALUE_HEADS) ? "" : " (not stated: the default)"),
                    "a divisor of num_attention_heads (" + heads + ")");
        }
        return new Shape(hidden, layers, heads, keyValueHeads, headWidth(fields, rule, hidden, heads));
    }

    private static long keyValueHeads(Fields fields, long heads) {
        return fields.optionalSize(Spellings.KEY_VALUE_HEADS).orElse(heads);
    }

    private static long headWidth(Fields fields, HeadWidth rule, long hidden, long heads) {
        OptionalLong stated = rule == HeadWidth.DERIVED ? OptionalLong.empty() : fields.optionalSize("head_dim");
        if (stated.isPresent()) {
            return stated.getAsLong();
        }
        boolean rounds = rule == HeadWidth.ROUNDED_DOWN && hidden >= heads;
        if (hidden % heads != 0 && !rounds) {
            throw fields.wrong(
                    Spellings.HIDDEN[0],
                    Long.toString(hidden),
                    "a multiple of num_attention_heads (" + heads + ") where head_dim is not stated");
        }
        return hidden / heads;
    }
}
