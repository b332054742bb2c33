package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.DotProductAttention.Memory;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.StateProduct;
import org.flopledger.model.Operation.Table;

/**
 * Reads Gemma 3n: several residual streams of which layers compute one (AltUp, arXiv 2301.13310), a low-rank path beside
 * attention (LAuReL, arXiv 2411.07501) and per-layer embeddings.
 */
final class Gemma3nReader implements FamilyReader {

    private static final LayerTypes TYPES = (fields, layers) -> java.util.stream.IntStream.range(0, (int) layers)
            .mapToObj(layer -> (layer + 1) % 5 == 0 ? LayerTypes.FULL : LayerTypes.SLIDING)
            .toList();

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = Shape.of(fields, Shape.HeadWidth.STATED);
        long hidden = shape.hidden();
        long streams = fields.size("altup_num_inputs");
        List<String> types = TYPES.stated(fields, shape.layers());
        var perLayer = PerLayerInputs.of(fields);
        long shared = fields.sizeUpToOrZero(shape.layers(), "num_kv_shared_layers");
        List<Block> blocks = Block.pattern(shape.layers(), layer -> {
            var attention =
                    attention(fields, shape, types.get(layer), layer, readsEarlier(layer, shape.layers(), shared));
            return block(fields, attention, DenseFeedForward.gated(hidden, inner(fields, layer)), streams, perLayer);
        });
        var input = Fragment.builder();
        perLayer.addTo(input, fields, shape.layers());
        int stream = sideStreams(input, "altup_projections", hidden, streams);
        var closing = Fragment.builder();
        int joined = sideStreams(closing, "altup_unembed_projections", hidden, streams);
        var table = new Table(fields.size(Spellings.VOCABULARY), hidden);
        var stack = new LayerStack(
                "model",
                "layers",
                new Input.Free(table, hidden, input.build(stream)),
                blocks,
                closing.build(joined),
                Norm.rms(hidden));
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    /** All streams but the first come from it by a matrix each, and go back through one each. */
    private static int sideStreams(Fragment.Builder builder, String name, long hidden, long streams) {
        int joined = Fragment.INPUT;
        for (int i = 1; i < streams; i++) {
            joined = builder.join(joined, builder.linear(name + "." + (i - 1), hidden, hidden, false, Fragment.INPUT));
        }
        return joined;
    }

    private static Block block(
            Fields fields,
            DotProductAttention attention,
            DenseFeedForward dense,
            long streams,
            PerLayerInputs perLayer) {
        long hidden = attention.hidden();
        Norm norm = Norm.rms(hidden);
        var beside = Mixer.sideBySide(
                List.of(new SubLayer(null, attention, norm), new SubLayer(null, laurel(fields, hidden), norm)));
        return new Block(
                List.of(
                        new SubLayer(null, alternatingUpdates(hidden, streams), null),
                        new SubLayer(norm, beside, null),
                        new SubLayer(norm, dense, norm),
                        perLayer.subLayer(hidden)),
                false);
    }

    private static Mixer laurel(Fields fields, long hidden) {
        long rank = fields.size("laurel_rank");
        var builder = Fragment.builder();
        int left = builder.linear("laurel.linear_left", hidden, rank, false, Fragment.INPUT);
        return Mixer.feedForward(
                hidden, builder.build(builder.linear("laurel.linear_right", rank, hidden, false, left)));
    }

    /** Predicts every stream from all of them before the layer and corrects them after it. */
    private static Mixer alternatingUpdates(long hidden, long streams) {
        var builder = Fragment.builder();
        int normed = builder.norm("altup.router_norm", Norm.rms(hidden), Fragment.INPUT);
        int router = builder.linear("altup.modality_router", hidden, streams, false, normed);
        int weights = builder.linear("altup.prediction_coefs", streams, streams * streams, false, router);
        int predicted = builder.add("altup", StateProduct.exactly(streams * streams * hidden), Fragment.INPUT, weights);
        int again = builder.again(router, builder.again(normed, predicted));
        int correction = builder.linear("altup.correction_coefs", streams, streams, false, again);
        int corrected = builder.join(predicted, correction);
        return Mixer.feedForward(
                hidden, builder.build(builder.values("altup.correct_output_scale", hidden, corrected)));
    }

    /** The last layers read keys and values of earlier ones and have no projections of their own. */
    private static boolean readsEarlier(int layer, long layers, long shared) {
        long first = layers - shared;
        return first > 0 && layer >= first;
    }

    private static DotProductAttention attention(
            Fields fields, Shape shape, String type, int layer, boolean readsEarlier) {
        boolean bias = fields.flag("attention_bias");
        return DotProductAttention.builder(shape.hidden(), shape.heads())
                .keyValueHeads(shape.keyValueHeads())
                .headWidth(shape.headWidth())
                .reach(LayerTypes.reach(fields, type, layer))
                .queryKeyValueBias(bias)
                .outputBias(bias)
                .norms(Norm.rms(shape.headWidth()), Norm.rms(shape.headWidth()))
                .memory(readsEarlier ? Memory.EARLIER_LAYER : Memory.OWN)
                .build();
    }

    private static long inner(Fields fields, int layer) {
        var stated = fields.raw("intermediate_size");
        if (stated == null || !stated.isArray()) {
            return fields.size(Spellings.INNER);
        }
        List<Long> widths = fields.integers("intermediate_size", Fields.LARGEST);
        if (widths == null || layer >= widths.size() || widths.get(layer) < 1) {
            throw fields.wrong("intermediate_size", "an array of " + stated.size(), "one width for each layer");
        }
        return widths.get(layer);
    }
}
