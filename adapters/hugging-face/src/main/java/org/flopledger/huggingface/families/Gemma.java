package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.headNorms;

import java.util.Map;
import java.util.function.ToLongFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.AttentionReader.Detail;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Layout;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Operation.Reach.Rule;

/** The Gemma families. */
final class Gemma {

    private static final Toggle ATTENTION_BIAS = Toggle.field("attention_bias");

    private Gemma() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put(
                "gemma",
                DecoderReader.of(
                        stated(LayerTypes.ALL_FULL, bias(ATTENTION_BIAS), bothWays(Gemma::everything)),
                        DenseReader.llama()));
        readers.put(
                "gemma2",
                DecoderReader.of(
                                stated(
                                        LayerTypes.WINDOW_IN_EVEN_LAYERS,
                                        bias(ATTENTION_BIAS),
                                        bothWays(Gemma::everything)),
                                DenseReader.llama())
                        .with(Layout.SANDWICH));
        readers.put(
                "gemma3_text",
                DecoderReader.of(
                                stated(
                                        LayerTypes.FULL_EVERY_PATTERN,
                                        bias(ATTENTION_BIAS),
                                        headNorms(Toggle.ON),
                                        bothWays(Gemma::side)),
                                DenseReader.llama())
                        .with(Layout.SANDWICH));
        readers.put("gemma3n_text", new Gemma3nReader());
        readers.put("gemma4_text", new Gemma4Reader());
    }

    /** Every position sees both ways, where the description says so; windows reach so far on either side, 0 for everywhere. */
    private static Detail bothWays(ToLongFunction<Fields> side) {
        return (fields, shape, attention) -> {
            if (fields.flag("use_bidirectional_attention")) {
                attention.mapReach(reach -> bothWays(reach, side.applyAsLong(fields)));
            }
        };
    }

    static Reach bothWays(Reach causal, long side) {
        return causal.rule() == Rule.WINDOW && side > 0 ? Reach.near(side) : Reach.BIDIRECTIONAL;
    }

    private static long everything(Fields fields) {
        return 0;
    }

    /**
     * Returns the positions on either side of a window that sees both ways.
     *
     * <p>The configuration class halves the stated window, adds 1 and leaves the last position out; a file that release 5 or
     * later wrote holds the value after that.
     */
    static long side(Fields fields) {
        long stated = fields.size("sliding_window");
        String version = fields.text("transformers_version");
        boolean halved = version != null && version.matches("[5-9]\\..*|\\d\\d+\\..*");
        return Math.max(1, halved ? stated - 1 : stated / 2);
    }

    private static AttentionReader stated(LayerTypes types, Detail... details) {
        return AttentionReader.of(HeadWidth.STATED, types, details);
    }
}
