package org.flopledger.huggingface;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Notes;
import org.flopledger.huggingface.description.ShownValue;
import org.jspecify.annotations.Nullable;

/** Reads how many bits a stored weight has. Counts stay those of logical weights: packing changes no matrix product. */
final class Quantisation {

    private static final Map<String, Long> BITS_OF_METHOD =
            Map.of("mxfp4", 4L, "awq", 4L, "gptq", 4L, "fp8", 8L, "fbgemm_fp8", 8L, "bitnet", 2L);

    private Quantisation() {}

    static OptionalLong bits(Fields fields, Notes notes) {
        Fields stated = fields.object("quantization_config");
        if (stated == null) {
            return OptionalLong.empty();
        }
        String method = stated.text("quant_method");
        OptionalLong bits = bits(stated, method);
        notes.warn(
                Code.QUANTISED,
                "the weights are quantised"
                        + (method == null
                                ? ""
                                : " (" + ShownValue.shortened(method.replaceAll("\\p{Cntrl}", "?"), 24) + ")")
                        + (bits.isPresent() ? " to " + bits.getAsLong() + " bits" : "")
                        + "; parameters are counted as logical values");
        return bits;
    }

    private static OptionalLong bits(Fields stated, @Nullable String method) {
        if (stated.flag("load_in_4bit") || stated.flag("_load_in_4bit")) {
            return OptionalLong.of(4);
        } else if (stated.flag("load_in_8bit") || stated.flag("_load_in_8bit")) {
            return OptionalLong.of(8);
        } else if (stated.states("bits")) {
            return OptionalLong.of(stated.sizeUpTo(32, "bits"));
        }
        Long known = method == null ? null : BITS_OF_METHOD.get(method.toLowerCase(Locale.ROOT));
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }
}
