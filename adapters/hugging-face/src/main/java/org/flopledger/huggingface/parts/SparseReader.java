package org.flopledger.huggingface.parts;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Mixer;

/**
 * Reads a stack in which some blocks have experts and the others a dense layer.
 *
 * @param experts the sparse layers
 * @param dense the others
 * @param rule which blocks are sparse
 */
public record SparseReader(MixerReader experts, MixerReader dense, Rule rule) implements MixerReader {

    /** Says which blocks are sparse. */
    @FunctionalInterface
    public interface Rule {
        IntPredicate of(Fields fields);
    }

    /** Every {@code decoder_sparse_step}-th block, save {@code mlp_only_layers} and where there are no experts (Qwen). */
    public static final Rule EVERY_STEP = fields -> {
        long step = fields.size("decoder_sparse_step");
        boolean any = fields.sizeOrZero(Spellings.EXPERTS) > 0;
        List<Long> denseOnly = fields.integers("mlp_only_layers", Spellings.MOST_LAYERS);
        List<Long> excepted = denseOnly == null ? List.of() : denseOnly;
        return layer -> any && (layer + 1) % step == 0 && !excepted.contains((long) layer);
    };

    /** All but the first {@code first_k_dense_replace} blocks, every {@code moe_layer_freq}-th of them (DeepSeek, GLM). */
    public static final Rule AFTER_FIRST_DENSE = fields -> {
        long first = fields.sizeOrZero(Spellings.FIRST_DENSE);
        long step = fields.statedSize("moe_layer_freq").orElse(1);
        return layer -> layer >= first && layer % step == 0;
    };

    /** The blocks that {@code mlp_layer_types} calls sparse; where it is absent as {@link #AFTER_FIRST_DENSE}. */
    public static final Rule LISTED_TYPES = fields -> {
        List<String> types = fields.texts("mlp_layer_types");
        fields.settle(Spellings.FIRST_DENSE);
        return types == null
                ? AFTER_FIRST_DENSE.of(fields)
                : layer -> layer < types.size() && !types.get(layer).equals("dense");
    };

    /** All but the first {@code num_dense_layers} blocks (AFMoE). */
    public static final Rule AFTER_DENSE_LAYERS = fields -> {
        long first = fields.sizeOrZero("num_dense_layers");
        return layer -> layer >= first;
    };

    /** Every n-th block between a first and a last one (ERNIE 4.5); a last one of -1 is the model's. */
    public static final Rule BETWEEN = fields -> {
        long first = fields.sizeOrZero("moe_layer_start_index");
        long last = fields.isMinusOne("moe_layer_end_index")
                ? Spellings.MOST_LAYERS
                : fields.sizeOrZero("moe_layer_end_index");
        long step = fields.size("moe_layer_interval");
        return layer -> (layer + 1) % step == 0 && layer >= first && layer <= last;
    };

    /** The blocks in {@code moe_layers}, or every {@code interleave_moe_layer_step}-th (Llama 4). */
    public static final Rule LISTED_OR_INTERLEAVED = fields -> {
        List<Long> listed = fields.integers("moe_layers", Spellings.MOST_LAYERS);
        if (listed != null) {
            return layer -> listed.contains((long) layer);
        }
        long step = fields.sizeOrZero("interleave_moe_layer_step");
        return layer -> step > 0 && (layer + 1) % step == 0;
    };

    /** Every {@code expert_layer_period}-th block from an offset on, where there is more than one expert (Jamba). */
    public static final Rule PERIODIC = fields -> {
        long period = fields.size("expert_layer_period");
        long offset = fields.sizeOrZero("expert_layer_offset");
        requireBelow(fields, "expert_layer_offset", offset, "expert_layer_period", period);
        boolean any = fields.size(Spellings.EXPERTS) > 1;
        return layer -> any && layer % period == offset;
    };

    public static void requireBelow(Fields fields, String name, long value, String limitName, long limit) {
        if (value >= limit) {
            throw fields.wrong(name, Long.toString(value), "less than " + limitName + " (" + limit + ")");
        }
    }

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        IntPredicate isSparse = rule.of(fields);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        boolean some = IntStream.range(0, (int) layers).anyMatch(isSparse);
        boolean all = IntStream.range(0, (int) layers).allMatch(isSparse);
        if (all) {
            fields.settle(Spellings.INNER);
            fields.settle("intermediate_size_mlp");
            return experts.read(fields);
        }
        // A layer that no block has need not be described: neither its fields nor its defaults are looked at.
        IntFunction<Mixer> denseAt = dense.read(fields);
        if (!some) {
            fields.settle(Spellings.EXPERTS);
            fields.settle(Spellings.TOP_K);
            fields.settle(Spellings.EXPERT_INNER);
            fields.settle(Spellings.SHARED_EXPERTS);
            return denseAt;
        }
        IntFunction<Mixer> expertsAt = experts.read(fields);
        return layer -> isSparse.test(layer) ? expertsAt.apply(layer) : denseAt.apply(layer);
    }
}
