package org.flopledger.huggingface.families;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.HybridReader;
import org.flopledger.huggingface.parts.LatentAttentionReader;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.SparseReader;
import org.flopledger.huggingface.parts.Toggle;

/** Decoders with multi-head latent attention. */
final class Latent {

    private Latent() {}

    static void addTo(Map<String, FamilyReader> readers) {
        FamilyReader latent = DecoderReader.of(LatentAttentionReader.DENSE, experts(SparseReader.AFTER_FIRST_DENSE));
        readers.put("deepseek_v2", latent);
        readers.put("deepseek_v3", latent);
        readers.put("kimi_k2", latent);
        readers.put("mistral4", latent);
        readers.put("glm4_moe_lite", DecoderReader.of(LatentAttentionReader.DENSE, experts(SparseReader.LISTED_TYPES)));
        readers.put(
                "deepseek_v32",
                DecoderReader.of(
                        LatentAttentionReader.sparse((fields, layers) -> layer -> true),
                        experts(SparseReader.LISTED_TYPES)));
        readers.put(
                "glm_moe_dsa",
                DecoderReader.of(LatentAttentionReader.sparse(Latent::choosing), experts(SparseReader.LISTED_TYPES)));
        readers.put(
                "kimi_linear",
                DecoderReader.of(
                                new HybridReader(
                                        KimiDeltaReader.TYPES,
                                        new KimiDeltaReader(),
                                        new LatentAttentionReader(Toggle.OFF, null)),
                                experts(SparseReader.LISTED_TYPES))
                        .neverTied());
        readers.put("longcat_flash", new LongcatReader());
        readers.put("deepseek_v4", new DeepSeekV4Reader());
    }

    private static MixerReader experts(SparseReader.Rule rule) {
        return new SparseReader(ExpertsReader.ofOwnWidth(ExpertsReader.countedShared()), DenseReader.llama(), rule);
    }

    /** GLM-5.2 lets most layers use the choice of an earlier one: listed, or as a pattern of F and S, or at a frequency. */
    private static IntPredicate choosing(Fields fields, long layers) {
        List<String> types = fields.texts("indexer_types");
        if (types != null) {
            requireLayers(fields, "indexer_types", types.size(), layers);
            return layer -> types.get(layer).equals("full");
        }
        var raw = fields.raw("index_topk_pattern");
        if (raw != null) {
            String pattern = raw.isTextual() ? raw.textValue() : "";
            requireLayers(fields, "index_topk_pattern", pattern.length(), layers);
            return layer -> pattern.charAt(layer) == 'F';
        }
        long frequency = fields.statedSize("index_topk_freq").orElse(1);
        long offset = fields.states("index_skip_topk_offset") ? fields.sizeOrZero("index_skip_topk_offset") : 2;
        return layer -> Math.max(layer - offset + 1, 0) % frequency == 0;
    }

    private static void requireLayers(Fields fields, String name, int length, long layers) {
        if (length != layers) {
            throw fields.wrong(name, length + " entries", "one for each of num_hidden_layers (" + layers + ")");
        }
    }
}
