package org.flopledger.huggingface.parts;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Operation.Reach;

/**
 * Which kind of attention each layer has: by {@code layer_types} if it is stated, otherwise by the family's rule.
 *
 * <p>The kinds are transformers' own words.
 */
@FunctionalInterface
public interface LayerTypes {

    String FULL = "full_attention";
    String SLIDING = "sliding_attention";
    String CHUNKED = "chunked_attention";
    String LINEAR = "linear_attention";

    /** Returns the kind of each layer that the family's rule gives. */
    List<String> of(Fields fields, long layers);

    /** Every layer sees everything before it. */
    LayerTypes ALL_FULL = pattern((fields, layer) -> FULL);

    /** Every layer has the window, where there is one (Mistral, Phi-3). */
    LayerTypes WINDOW_IF_STATED =
            (fields, layers) -> repeat(fields.optionalSize("sliding_window").isPresent() ? SLIDING : FULL, layers);

    /** Every layer has the window, where {@code use_sliding_window} says so (Qwen3-MoE). */
    LayerTypes WINDOW_IF_USED =
            (fields, layers) -> repeat(fields.flag("use_sliding_window") && hasWindow(fields) ? SLIDING : FULL, layers);

    /** Layers from {@code max_window_layers} on have the window, where {@code use_sliding_window} says so (Qwen2). */
    LayerTypes WINDOW_IN_LATE_LAYERS = (fields, layers) -> {
        if (!fields.flag("use_sliding_window") || !hasWindow(fields)) {
            return repeat(FULL, layers);
        }
        long first = fields.sizeOrZero("max_window_layers");
        return list(layers, layer -> layer >= first ? SLIDING : FULL);
    };

    /** Layers from {@code max_window_layers} on have the window, where there is one (dots.llm1). */
    LayerTypes WINDOW_IN_LATE_LAYERS_IF_STATED = (fields, layers) -> {
        if (!hasWindow(fields)) {
            return repeat(FULL, layers);
        }
        long first = fields.sizeOrZero("max_window_layers");
        return list(layers, layer -> layer >= first ? SLIDING : FULL);
    };

    /** Even layers below {@code max_window_layers} have the window, where {@code use_sliding_window} says so (Qwen2-MoE). */
    LayerTypes WINDOW_IN_EVEN_EARLY_LAYERS = (fields, layers) -> {
        if (!fields.flag("use_sliding_window") || !hasWindow(fields)) {
            return repeat(FULL, layers);
        }
        long end = fields.sizeOrZero("max_window_layers");
        return list(layers, layer -> layer % 2 == 0 && layer < end ? SLIDING : FULL);
    };

    /** Every second layer has the window, the first one included (Gemma 2, gpt-oss). */
    LayerTypes WINDOW_IN_EVEN_LAYERS = pattern((fields, layer) -> layer % 2 == 0 ? SLIDING : FULL);

    /** Every n-th layer sees everything, the others have the window (Gemma 3). */
    LayerTypes FULL_EVERY_PATTERN = everyNth("sliding_window_pattern", SLIDING);

    /** Every fourth layer sees everything, the others have the window (OLMo 3, Cohere 2 and others). */
    LayerTypes FULL_EVERY_FOURTH = pattern((fields, layer) -> (layer + 1) % 4 == 0 ? FULL : SLIDING);

    /** Every fourth layer sees everything, counted from the first, the others have the window (Granite with windows). */
    LayerTypes FULL_FROM_FIRST_FOURTH = pattern((fields, layer) -> layer % 4 == 0 ? FULL : SLIDING);

    /** As {@link #FULL_EVERY_PATTERN} where there is a window, otherwise everything is seen (EXAONE 4). */
    LayerTypes FULL_EVERY_PATTERN_IF_WINDOW = (fields, layers) ->
            hasWindow(fields) ? everyNth("sliding_window_pattern", SLIDING).of(fields, layers) : repeat(FULL, layers);

    /** Every n-th layer sees everything, the others have the window (AFMoE). */
    LayerTypes FULL_EVERY_GLOBAL = everyNth("global_attn_every_n_layers", SLIDING);

    /** Every n-th layer sees everything, counted from the first, the others have the window (ModernBERT). */
    LayerTypes FULL_FROM_FIRST = (fields, layers) -> {
        long interval = fields.size("global_attn_every_n_layers");
        return list(layers, layer -> layer % interval == 0 ? FULL : SLIDING);
    };

    /** Every n-th layer is softmax attention, the others are linear (Qwen3-Next). */
    LayerTypes FULL_EVERY_INTERVAL = everyNth("full_attention_interval", LINEAR);

    /** Every n-th layer sees everything and has no rotary positions, the others see chunks (Llama 4). */
    LayerTypes CHUNKED_WITH_POSITIONS = (fields, layers) -> {
        List<Long> positions = fields.integers("no_rope_layers", 1);
        if (positions == null || positions.isEmpty()) {
            return everyNth("no_rope_layer_interval", CHUNKED).of(fields, layers);
        }
        requireLength(fields, "no_rope_layers", positions.size(), layers);
        return positions.stream().map(flag -> flag == 1 ? CHUNKED : FULL).toList();
    };

    /** Softmax and linear attention take turns, or {@code attn_type_list} says which is which (MiniMax). */
    LayerTypes ALTERNATING_LINEAR = (fields, layers) -> {
        List<Long> softmax = fields.integers("attn_type_list", 1);
        if (softmax == null) {
            return list(layers, layer -> layer % 2 == 0 ? FULL : LINEAR);
        }
        requireLength(fields, "attn_type_list", softmax.size(), layers);
        return softmax.stream().map(flag -> flag == 1 ? FULL : LINEAR).toList();
    };

    /** Softmax attention in the layers of {@code attn_layer_indices} (Bamba). */
    LayerTypes FULL_AT_INDICES = (fields, layers) -> {
        List<Long> listed = fields.integers("attn_layer_indices", Spellings.MOST_LAYERS);
        return list(layers, layer -> listed != null && listed.contains((long) layer) ? FULL : LINEAR);
    };

    /** Softmax attention once in {@code attn_layer_period} layers, at {@code attn_layer_offset} (Jamba). */
    LayerTypes FULL_AT_PERIOD = (fields, layers) -> {
        long period = fields.size("attn_layer_period");
        long offset = fields.sizeOrZero("attn_layer_offset");
        SparseReader.requireBelow(fields, "attn_layer_offset", offset, "attn_layer_period", period);
        return list(layers, layer -> layer % period == offset ? FULL : LINEAR);
    };

    /** Returns this rule, whatever kinds are stated. */
    default LayerTypes alone() {
        LayerTypes rule = this;
        return new LayerTypes() {
            @Override
            public List<String> of(Fields fields, long layers) {
                return rule.of(fields, layers);
            }

            @Override
            public List<String> stated(Fields fields, long layers) {
                return rule.of(fields, layers);
            }
        };
    }

    /** Returns the stated kinds, or those of the rule. */
    default List<String> stated(Fields fields, long layers) {
        List<String> types = fields.texts("layer_types");
        if (types == null) {
            return of(fields, layers);
        }
        requireLength(fields, "layer_types", types.size(), layers);
        return types;
    }

    /** Returns which positions a softmax layer of this kind sees. */
    static Reach reach(Fields fields, String type, int layer) {
        return switch (type) {
            case FULL, "attention" -> Reach.CAUSAL;
            case SLIDING -> Reach.window(fields.size("sliding_window"));
            case CHUNKED -> {
                var chunk = fields.optionalSize("attention_chunk_size");
                yield chunk.isPresent() ? Reach.chunk(chunk.getAsLong()) : Reach.CAUSAL;
            }
            default ->
                throw fields.wrong(
                        "layer_types[" + layer + "]",
                        "the text \"" + ShownValue.shortened(type, 40) + "\"",
                        "one of " + FULL + ", " + SLIDING + ", " + CHUNKED + " in this family");
        };
    }

    private static boolean hasWindow(Fields fields) {
        return fields.optionalSize("sliding_window").isPresent();
    }

    private static LayerTypes everyNth(String field, String others) {
        return (fields, layers) -> {
            long interval = fields.size(field);
            return list(layers, layer -> (layer + 1) % interval == 0 ? FULL : others);
        };
    }

    private static LayerTypes pattern(TypeAt rule) {
        return (fields, layers) -> list(layers, layer -> rule.at(fields, layer));
    }

    private static List<String> repeat(String type, long layers) {
        return list(layers, layer -> type);
    }

    private static List<String> list(long layers, IntFunction<String> typeAt) {
        return IntStream.range(0, (int) layers).mapToObj(typeAt).toList();
    }

    private static void requireLength(Fields fields, String name, int length, long layers) {
        if (length != layers) {
            throw fields.wrong(
                    name, "an array of " + length, "one entry for each layer (num_hidden_layers is " + layers + ")");
        }
    }

    /** The kind of one layer. */
    @FunctionalInterface
    interface TypeAt {
        String at(Fields fields, int layer);
    }
}
