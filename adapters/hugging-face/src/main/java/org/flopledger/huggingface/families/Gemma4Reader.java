package org.flopledger.huggingface.families;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.LayerTypes;
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
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Operation.Table;
import org.jspecify.annotations.Nullable;

/**
 * Reads Gemma 4: layers that see everything have heads of another length, the last layers may read the keys and values of
 * earlier ones, and experts may stand beside the dense layer.
 */
final class Gemma4Reader implements FamilyReader {

    private static final int LONGEST_INDEX = 8;

    /** Five of six layers have the window; the last one sees everything. */
    private static final LayerTypes TYPES = (fields, layers) -> {
        List<String> types = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            types.add((layer + 1) % 6 == 0 ? LayerTypes.FULL : LayerTypes.SLIDING);
        }
        return types;
    };

    private static final ExpertsReader EXPERTS = ExpertsReader.ofOwnWidth(
            ExpertsReader.active("top_k_experts"), ExpertsReader.channelValues(), ExpertsReader.routerValues(1));

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        List<String> types = types(fields, layers);
        long shared = fields.sizeUpToOrZero(layers, "num_kv_shared_layers");
        Mixer experts = fields.flag("enable_moe_block") ? EXPERTS.read(fields).apply(0) : null;
        var perLayer = PerLayerInputs.of(fields);
        List<Block> blocks = Block.pattern(layers, layer -> {
            boolean reads = layer >= layers - shared;
            return block(
                    attention(fields, types.get(layer), layer, reads && shared > 0),
                    feedForward(fields, hidden, reads && shared > 0 && shared < layers),
                    experts,
                    perLayer);
        });
        var input = Fragment.builder();
        perLayer.addTo(input, fields, layers);
        var table = new Table(fields.size(Spellings.VOCABULARY), hidden);
        var stack = LayerStack.of(new Input.Free(table, hidden, input.build(Fragment.INPUT)), blocks, Norm.rms(hidden));
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    private static List<String> types(Fields fields, long layers) {
        List<String> types = new ArrayList<>(TYPES.stated(fields, layers));
        types.set(types.size() - 1, LayerTypes.FULL);
        return types;
    }

    private static Block block(
            DotProductAttention attention, DenseFeedForward dense, @Nullable Mixer experts, PerLayerInputs perLayer) {
        Norm norm = Norm.rms(attention.hidden());
        List<SubLayer> subLayers = new ArrayList<>();
        subLayers.add(new SubLayer(norm, attention, norm));
        if (experts == null) {
            subLayers.add(new SubLayer(norm, dense, norm));
        } else {
            var both = Mixer.sideBySide(List.of(new SubLayer(norm, dense, norm), new SubLayer(norm, experts, norm)));
            subLayers.add(new SubLayer(null, both, norm));
        }
        if (perLayer.width() > 0) {
            subLayers.add(perLayer.subLayer(attention.hidden()));
        }
        return new Block(subLayers, false);
    }

    private static DotProductAttention attention(Fields fields, String type, int layer, boolean readsEarlier) {
        boolean full = type.equals(LayerTypes.FULL);
        boolean keysAsValues = full && fields.flag("attention_k_eq_v");
        long heads = fields.size(Spellings.HEADS);
        long width = perLayer(fields, layer, "head_dim")
                .orElseGet(() -> full && !fields.states("per_layer_config")
                        ? fields.size("global_head_dim")
                        : fields.size("head_dim"));
        boolean bias = fields.flag("attention_bias");
        return DotProductAttention.builder(fields.size(Spellings.HIDDEN), heads)
                .keyValueHeads(keyValueHeads(fields, layer, keysAsValues, heads))
                .headWidth(width)
                .reach(reach(fields, type, layer))
                .queryKeyValueBias(bias)
                .outputBias(bias)
                .norms(Norm.rms(width), Norm.rms(width))
                .memory(readsEarlier ? Memory.EARLIER_LAYER : keysAsValues ? Memory.KEYS_AS_VALUES : Memory.OWN)
                .build();
    }

    private static long keyValueHeads(Fields fields, int layer, boolean keysAsValues, long heads) {
        OptionalLong own = perLayer(fields, layer, "num_key_value_heads");
        if (own.isEmpty() && keysAsValues && !fields.states("per_layer_config")) {
            own = fields.optionalSize("num_global_key_value_heads");
        }
        return own.orElseGet(
                () -> fields.optionalSize(Spellings.KEY_VALUE_HEADS).orElse(heads));
    }

    private static Reach reach(Fields fields, String type, int layer) {
        Reach causal = LayerTypes.reach(fields, type, layer);
        return "all".equals(fields.text("use_bidirectional_attention"))
                ? Gemma.bothWays(causal, Gemma.side(fields))
                : causal;
    }

    /** Returns what a saved description states for one layer alone; its keys have leading zeros up to one length. */
    private static OptionalLong perLayer(Fields fields, int layer, String name) {
        Fields all = fields.object("per_layer_config");
        if (all == null) {
            return OptionalLong.empty();
        }
        for (String key : all.names()) {
            if (key.length() <= LONGEST_INDEX
                    && key.chars().allMatch(c -> c >= '0' && c <= '9')
                    && Integer.parseInt(key) == layer) {
                return Objects.requireNonNull(all.object(key)).statedSize(name);
            }
        }
        return OptionalLong.empty();
    }

    private static DenseFeedForward feedForward(Fields fields, long hidden, boolean readsEarlier) {
        long inner = fields.size(Spellings.INNER);
        return DenseFeedForward.gated(hidden, readsEarlier && fields.flag("use_double_wide_mlp") ? 2 * inner : inner);
    }
}
