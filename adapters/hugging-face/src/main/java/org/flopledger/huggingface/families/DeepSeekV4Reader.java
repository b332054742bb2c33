package org.flopledger.huggingface.families;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.StateProduct;

/**
 * Reads DeepSeek-V4: every layer sees a window and, in most layers, entries that are compressed from whole groups of earlier
 * positions; several residual streams are mixed by learned connections; every layer has experts.
 */
final class DeepSeekV4Reader implements FamilyReader {

    private static final ExpertsReader EXPERTS = ExpertsReader.ofOwnWidth(ExpertsReader.countedShared());
    private static final String WINDOW = "sliding_attention";
    private static final String SPARSE = "compressed_sparse_attention";
    private static final String HEAVY = "heavily_compressed_attention";

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        long streams = fields.sizeUpTo(64, "hc_mult");
        List<String> types = types(fields, layers);
        Norm norm = Norm.rms(hidden);
        Mixer experts = EXPERTS.read(fields).apply(0);
        var connection = new SubLayer(null, connection(hidden, streams), null);
        var attention = new DeepSeekV4Attention(fields);
        List<Block> blocks = Block.pattern(
                layers,
                layer -> new Block(
                        List.of(
                                connection,
                                new SubLayer(
                                        norm, attention.mixer(types.get(layer), rate(fields, types.get(layer))), null),
                                connection,
                                new SubLayer(norm, experts, null)),
                        false));
        var stack = new LayerStack(
                "model",
                "layers",
                Input.Tokens.of(fields.size(Spellings.VOCABULARY), hidden),
                blocks,
                collapse(hidden, streams),
                norm);
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    /** Listed, or by groups as older files list them (0, 4, 128), or two heavy layers and then one of each in turn. */
    private static List<String> types(Fields fields, long layers) {
        List<String> stated = fields.texts("layer_types");
        List<Long> ratios = fields.integers("compress_ratios", Fields.LARGEST);
        List<String> types = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            if (stated != null) {
                types.add(at(fields, "layer_types", stated, layer));
            } else if (ratios != null) {
                types.add(typeOf(fields, at(fields, "compress_ratios", ratios, layer)));
            } else {
                types.add(layer < 2 || layer % 2 == 0 ? HEAVY : SPARSE);
            }
        }
        return types;
    }

    private static <T> T at(Fields fields, String name, List<T> list, int layer) {
        if (layer >= list.size()) {
            throw fields.wrong(name, "an array of " + list.size(), "one entry for each of num_hidden_layers");
        }
        return list.get(layer);
    }

    private static String typeOf(Fields fields, long ratio) {
        if (ratio == 0) {
            return WINDOW;
        } else if (ratio == 4) {
            return SPARSE;
        } else if (ratio == 128) {
            return HEAVY;
        }
        throw fields.wrong("compress_ratios", Long.toString(ratio), "0, 4 or 128");
    }

    /** Returns the positions that make one compressed entry, or 0 where a layer has the window alone. */
    private static long rate(Fields fields, String type) {
        Fields rates = fields.object("compress_rates");
        return switch (type) {
            case WINDOW -> 0;
            case SPARSE -> rate(fields, rates, SPARSE, "compress_rate_csa", 4);
            case HEAVY -> rate(fields, rates, HEAVY, "compress_rate_hca", 128);
            default ->
                throw fields.wrong("layer_types", "another kind", "one of " + WINDOW + ", " + SPARSE + ", " + HEAVY);
        };
    }

    private static long rate(
            Fields fields, @org.jspecify.annotations.Nullable Fields rates, String type, String older, long usual) {
        if (fields.states(older)) {
            return fields.size(older);
        }
        return rates != null && rates.states(type) ? rates.size(type) : usual;
    }

    /** Weights of how streams enter a sub-layer, how its result goes back, and how streams mix, from all of them together. */
    private static Mixer connection(long hidden, long streams) {
        long weights = (2 + streams) * streams;
        var builder = Fragment.builder();
        int mixed = builder.add(
                "hc.fn", new Matrix(streams * hidden, weights, false, 1, 1, 1, false, false), Fragment.INPUT);
        int scaled = builder.add("hc.base", new Elementwise(weights + 3, false), mixed);
        var product = new StateProduct(streams * streams * hidden, 0, streams * streams * hidden, 0);
        return Mixer.feedForward(hidden, builder.build(builder.add("hc", product, Fragment.INPUT, scaled)));
    }

    /** The last connection weighs the streams into one. */
    private static Fragment collapse(long hidden, long streams) {
        var builder = Fragment.builder();
        int weights = builder.add(
                "hc_head.hc_fn", new Matrix(streams * hidden, streams, false, 1, 1, 1, false, false), Fragment.INPUT);
        int scaled = builder.add("hc_head.hc_base", new Elementwise(streams + 1, false), weights);
        return builder.build(builder.join(Fragment.INPUT, scaled));
    }
}
