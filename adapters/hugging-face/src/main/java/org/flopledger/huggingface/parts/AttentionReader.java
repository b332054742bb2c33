package org.flopledger.huggingface.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/**
 * Reads softmax attention: the shared sizes, the kind of each layer, and the family's details on top.
 *
 * @param shape how the sizes are read
 * @param types which layers see how far
 * @param details what differs from attention without biases and norms and with Llama's names
 */
public record AttentionReader(Function<Fields, Shape> shape, LayerTypes types, List<Detail> details)
        implements MixerReader {

    /** One thing in which a family's attention differs from the plain one. */
    @FunctionalInterface
    public interface Detail {
        void apply(Fields fields, Shape shape, DotProductAttention.Builder attention);
    }

    public static AttentionReader of(Shape.HeadWidth headWidth, LayerTypes types, Detail... details) {
        return new AttentionReader(fields -> Shape.of(fields, headWidth), types, List.of(details));
    }

    /** Biases of query, key and value projections. */
    public static Detail projectionBias(Toggle present) {
        return (fields, shape, attention) -> attention.queryKeyValueBias(present.in(fields));
    }

    /** Bias of the output projection. */
    public static Detail outputBias(Toggle present) {
        return (fields, shape, attention) -> attention.outputBias(present.in(fields));
    }

    /** Biases of all four projections. */
    public static Detail bias(Toggle present) {
        return (fields, shape, attention) ->
                attention.queryKeyValueBias(present.in(fields)).outputBias(present.in(fields));
    }

    /** One norm for every query head, another for every key head (Qwen3, Gemma 3). */
    public static Detail headNorms(Toggle present) {
        return (fields, shape, attention) -> {
            if (present.in(fields)) {
                attention.norms(Norm.rms(shape.headWidth()), Norm.rms(shape.headWidth()));
            }
        };
    }

    /** Norms over all heads together, or with scales of their own for each head (OLMo 2, Cohere). */
    public static Detail wideNorms(Toggle present) {
        return (fields, shape, attention) -> {
            if (present.in(fields)) {
                attention.norms(
                        Norm.rms(shape.heads() * shape.headWidth()),
                        Norm.rms(shape.keyValueHeads() * shape.headWidth()));
            }
        };
    }

    /** One learned sink for each head (gpt-oss). */
    public static Detail sinks() {
        return (fields, shape, attention) -> attention.extraParameters(shape.heads());
    }

    /** The output is multiplied by a gate. */
    public static Detail gate(DotProductAttention.Gate gate) {
        return (fields, shape, attention) -> attention.gate(gate);
    }

    /** What the output projection reads is normalised, all heads together (BitNet). */
    public static Detail outputNorm() {
        return (fields, shape, attention) -> attention.outputNorm(Norm.rms(shape.heads() * shape.headWidth()));
    }

    /** One norm with a bias for every query head, another for every key head (Phi). */
    public static Detail headLayerNorms(Toggle present) {
        return (fields, shape, attention) -> {
            if (present.in(fields)) {
                attention.norms(Norm.layer(shape.headWidth()), Norm.layer(shape.headWidth()));
            }
        };
    }

    /** Every position sees every other. */
    public static Detail bothWays() {
        return (fields, shape, attention) -> attention.reach(Reach.BIDIRECTIONAL);
    }

    /** Every position sees every other, where the field says so. */
    public static Detail bidirectionalIf(String field) {
        return (fields, shape, attention) -> {
            if (fields.flag(field)) {
                attention.reach(Reach.BIDIRECTIONAL);
            }
        };
    }

    /** One projection makes queries, keys and values. */
    public static Detail fused(String queryKeyValue, String output) {
        return modules(DotProductAttention.Names.fused(queryKeyValue, output));
    }

    public static Detail modules(DotProductAttention.Names names) {
        return (fields, shape, attention) -> attention.names(names);
    }

    /** Returns this reader with one more detail, applied last. */
    public AttentionReader with(Detail detail) {
        List<Detail> all = new ArrayList<>(details);
        all.add(detail);
        return new AttentionReader(shape, types, all);
    }

    /** Returns a reader that takes the kinds of layers from the family's rule, whatever {@code layer_types} lists. */
    public AttentionReader ignoringStatedTypes() {
        return new AttentionReader(shape, types.alone(), details);
    }

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        Shape sizes = shape.apply(fields);
        List<String> kinds = types.stated(fields, sizes.layers());
        return layer -> attention(fields, sizes, LayerTypes.reach(fields, kinds.get(layer), layer));
    }

    private DotProductAttention attention(Fields fields, Shape sizes, Reach reach) {
        var builder = DotProductAttention.builder(sizes.hidden(), sizes.heads())
                .keyValueHeads(sizes.keyValueHeads())
                .headWidth(sizes.headWidth())
                .reach(reach);
        details.forEach(detail -> detail.apply(fields, sizes, builder));
        return builder.build();
    }
}
