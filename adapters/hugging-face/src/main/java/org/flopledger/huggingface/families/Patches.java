package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.model.Operation.Convolution;

/**
 * Patches that an image is cut into.
 *
 * @param count how many; what is left over at the edge is not seen
 * @param pixels pixels of one
 */
record Patches(long count, long pixels) {

    private static final long MOST_PIXELS = 1 << 16;

    static Patches read(Fields fields) {
        long count = 1;
        long pixels = 1;
        for (int side = 0; side < 2; side++) {
            long image = side(fields, "image_size", side);
            long patch = side(fields, "patch_size", side);
            if (patch > image) {
                throw fields.wrong("patch_size", Long.toString(patch), "at most image_size (" + image + ")");
            }
            count *= image / patch;
            pixels *= patch;
        }
        return new Patches(count, pixels);
    }

    /** Returns the convolution that makes one vector of each patch. */
    Convolution convolution(Fields fields, long hidden, boolean bias) {
        return new Convolution(fields.size("num_channels"), hidden, pixels, count, bias);
    }

    /** A side is one number for a square, or one of two. */
    private static long side(Fields fields, String name, int index) {
        JsonNode value = fields.raw(name);
        if (value == null || !value.isArray()) {
            return fields.sizeUpTo(MOST_PIXELS, name);
        }
        List<Long> sides = fields.integers(name, MOST_PIXELS);
        if (sides == null || sides.size() != 2 || sides.get(index) < 1) {
            throw fields.wrong(
                    name, ShownValue.of(value), "an integer or an array of two, each from 1 to " + MOST_PIXELS);
        }
        return sides.get(index);
    }
}
