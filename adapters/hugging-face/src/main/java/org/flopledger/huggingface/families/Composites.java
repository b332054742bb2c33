package org.flopledger.huggingface.families;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Notes;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.ParameterCount;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of models that join a language model with one tower: those of both, and of what carries the tower's output
 * over. Only types whose sum was compared with the built model are here.
 */
public final class Composites {

    /** Counts what stands between a tower and the language model. */
    @FunctionalInterface
    private interface Projector {
        long parameters(Fields outer, Fields tower, long towerWidth, long textWidth);
    }

    /** The tower itself ends in the language model's width. */
    private static final Projector NONE = (outer, tower, from, to) -> 0;

    private static final Map<String, Projector> PROJECTORS = Map.ofEntries(
            Map.entry("qwen3_vl", NONE),
            Map.entry("qwen3_vl_moe", NONE),
            Map.entry("qwen3_5", NONE),
            Map.entry("qwen3_5_moe", NONE),
            Map.entry("llava", Composites::twoMatrices),
            Map.entry("llava_next", Composites::twoMatricesAndNewline),
            Map.entry("llava_next_video", Composites::twoMatricesAndNewline),
            Map.entry("llava_onevision", Composites::twoMatricesAndNewline),
            Map.entry("paligemma", (outer, tower, from, to) -> {
                long out = tower.optionalSize("projection_dim").orElse(to);
                return from * out + out;
            }),
            Map.entry("gemma3", (outer, tower, from, to) -> from + from * to),
            Map.entry("shieldgemma2", (outer, tower, from, to) -> from + from * to),
            Map.entry("qwen2_audio", (outer, tower, from, to) -> from * to + to),
            Map.entry("audioflamingo3", (outer, tower, from, to) -> from * to + to + to * to + to),
            Map.entry("musicflamingo", (outer, tower, from, to) -> from * to + to + to * to + to),
            Map.entry("voxtral", (outer, tower, from, to) -> tower.size(Spellings.INNER) * to + to * to));

    private static final List<String> TOWERS = List.of("vision_config", "audio_config");

    private static final String[] WIDTH = {"hidden_size", "d_model"};

    private Composites() {}

    /**
     * Returns the parameters of a whole composite model; empty where its type, its tower or something that the tower states is
     * not known.
     *
     * @param outer the whole description
     * @param languageModel counted parameters of its language model
     * @param textWidth width of its residual stream
     */
    public static OptionalLong parameters(Fields outer, long languageModel, long textWidth) {
        String type = outer.text("model_type");
        Projector projector = type == null ? null : PROJECTORS.get(type);
        Fields tower = tower(outer);
        String towerType = tower == null ? null : tower.text("model_type");
        Family family = towerType == null ? null : Families.named(towerType);
        if (projector == null || tower == null || towerType == null || family == null) {
            return OptionalLong.empty();
        }
        try {
            Fields fields = tower.over(family.defaults());
            long counted =
                    ParameterCount.of(family.reader().read(towerType, fields)).total();
            if (!Unshaped.unreadShapes(fields, true).isEmpty()) {
                return OptionalLong.empty();
            }
            long between = projector.parameters(outer, fields, fields.size(WIDTH), textWidth);
            return OptionalLong.of(Math.addExact(Math.addExact(languageModel, counted), between));
        } catch (DescriptionException e) {
            // What the tower states cannot be read: the whole is not known, which is what empty says.
            return OptionalLong.empty();
        }
    }

    /** Returns the only tower, with notes of its own; null where there is none or more than one. */
    private static @Nullable Fields tower(Fields outer) {
        List<String> stated = TOWERS.stream().filter(name -> outer.states(name)).toList();
        return stated.size() == 1 ? outer.apart(stated.get(0), new Notes()) : null;
    }

    private static long twoMatrices(Fields outer, Fields tower, long from, long to) {
        boolean bias = outer.raw("multimodal_projector_bias") == null || outer.flag("multimodal_projector_bias");
        return from * to + to * to + (bias ? 2 * to : 0);
    }

    private static long twoMatricesAndNewline(Fields outer, Fields tower, long from, long to) {
        return twoMatrices(outer, tower, from, to) + to;
    }
}
