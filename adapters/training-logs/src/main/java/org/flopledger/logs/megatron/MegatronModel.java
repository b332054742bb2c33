package org.flopledger.logs.megatron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.logs.console.Settings;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LatentAttention;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.MixtureOfExperts;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.ParameterCount;
import org.jspecify.annotations.Nullable;

/**
 * Builds the decoder that Megatron's arguments describe. What they describe in a way that is not known here gives no model: a model
 * that is nearly right would be a precise guess.
 *
 * <p>Defaults that a dump does not show are those of the versions before the argument existed: GPT-2's layers.
 */
final class MegatronModel {

    private static final long MOST_LAYERS = 10_000;
    private static final List<String> NOT_KNOWN = List.of(
            "decoder_num_layers",
            "hybrid_override_pattern",
            "hybrid_layer_pattern",
            "heterogeneous_layers_config_path",
            "experimental_attention_variant",
            "linear_attention_type",
            "moe_latent_size",
            "window_attn_skip_freq");
    private static final List<String> NOT_ON =
            List.of("is_hybrid_model", "retro_add_retriever", "attention_output_gate");
    private static final Pattern WINDOW = Pattern.compile("\\(?\\[?(\\d{1,9}), *(-?\\d{1,9})\\)?]?");

    private final Settings settings;
    private final long hidden;
    private final long layers;
    private final long heads;
    private final boolean bias;
    private final boolean rms;

    private MegatronModel(Settings settings) {
        this.settings = settings;
        this.hidden = settings.count("hidden_size");
        this.layers = settings.count("num_layers", settings.count("encoder_num_layers"));
        this.heads = settings.count("num_attention_heads");
        this.bias = settings.isOn("add_bias_linear", true);
        String norm = settings.text("normalization");
        this.rms = norm != null && norm.toLowerCase(Locale.ROOT).contains("rms");
    }

    /** Returns the model, or null if the arguments do not tell it. */
    static @Nullable Architecture of(Settings settings, long vocabulary) {
        boolean plain = NOT_KNOWN.stream().allMatch(name -> settings.text(name) == null)
                && NOT_ON.stream().noneMatch(settings::isOn)
                && !"residual".equals(settings.text("mlp_type"));
        var model = new MegatronModel(settings);
        boolean told = model.hidden > 0
                && model.layers > 0
                && model.layers <= MOST_LAYERS
                && model.heads > 0
                && vocabulary > 0;
        if (!plain || !told) {
            return null;
        }
        try {
            Architecture built = model.build(vocabulary);
            return built != null && ParameterCount.of(built).total() > 0 ? built : null;
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Sizes of a damaged dump; the run stays, its model is not known.
            return null;
        }
    }

    private @Nullable Architecture build(long vocabulary) {
        Mixer attention = settings.isOn("multi_latent_attention") ? latent() : dotProduct();
        Experts experts = Experts.of(settings, layers);
        if (attention == null || experts == null) {
            return null;
        }
        var dense = Block.preNorm(norm(hidden), attention, feedForward(settings.count("ffn_hidden_size", 4 * hidden)));
        var sparse = experts.count() == 0 ? dense : Block.preNorm(norm(hidden), attention, mixture(experts));
        List<Block> blocks = Block.pattern(layers, index -> experts.isSparse(index) ? sparse : dense);
        var input = new Input.Tokens(
                vocabulary,
                hidden,
                false,
                positions(),
                0,
                0,
                hidden,
                settings.isOn("embed_layernorm") ? norm(hidden) : null);
        boolean tied = !settings.isOn("untie_embeddings_and_output_weights");
        return Architecture.decoder(
                        "megatron", LayerStack.of(input, blocks, norm(hidden)), Head.language(hidden, vocabulary, tied))
                .withMultiTokenPrediction(
                        Math.max(0, settings.count("mtp_num_layers", 0)), blocks.get(blocks.size() - 1), norm(hidden));
    }

    private Norm norm(long width) {
        return rms ? Norm.rms(width) : Norm.layer(width);
    }

    /** Returns rows of a learned position table, 0 if positions are rotary, relative or none. */
    private long positions() {
        String type = settings.text("position_embedding_type");
        boolean learned = type == null
                ? settings.isOn("add_position_embedding", !settings.isOn("use_rotary_position_embeddings"))
                : type.contains("learned") || type.contains("absolute");
        boolean rotary = settings.isOn("use_rotary_position_embeddings");
        return learned && !rotary ? settings.count("max_position_embeddings", settings.count("seq_length", 0)) : 0;
    }

    private @Nullable Mixer dotProduct() {
        long width = settings.count("kv_channels", hidden / heads);
        long groups = settings.isOn("group_query_attention")
                ? settings.count("num_query_groups")
                : settings.count("num_key_value_heads", heads);
        Reach reach = reach();
        if (groups < 1 || width < 1 || reach == null) {
            return null;
        }
        Norm each = settings.isOn("qk_layernorm") ? norm(width) : null;
        return DotProductAttention.builder(hidden, heads)
                .keyValueHeads(groups)
                .headWidth(width)
                .reach(reach)
                .queryKeyValueBias(bias || settings.isOn("add_qkv_bias"))
                .outputBias(bias)
                .norms(each, each)
                .build();
    }

    /** A window is written as positions before and after the own one. */
    private @Nullable Reach reach() {
        String window = settings.text("window_size");
        if (window == null) {
            return Reach.CAUSAL;
        }
        Matcher sizes = WINDOW.matcher(window);
        return sizes.matches() ? Reach.window(Long.parseLong(sizes.group(1)) + 1) : null;
    }

    private @Nullable Mixer latent() {
        long rank = settings.count("kv_lora_rank");
        long plain = settings.count("qk_head_dim");
        long rotary = settings.count("qk_pos_emb_head_dim");
        long value = settings.count("v_head_dim");
        if (rank < 1 || plain < 1 || rotary < 1 || value < 1 || settings.text("window_size") != null) {
            return null;
        }
        return new LatentAttention(
                hidden, heads, settings.count("q_lora_rank", 0), rank, plain, rotary, value, bias, Reach.CAUSAL);
    }

    private DenseFeedForward feedForward(long inner) {
        boolean gated = settings.isOn("swiglu") || settings.text("glu_activation") != null;
        return new DenseFeedForward(hidden, inner, gated, bias, bias, DenseFeedForward.Names.LLAMA);
    }

    private MixtureOfExperts mixture(Experts experts) {
        long inner = settings.count("moe_ffn_hidden_size", settings.count("ffn_hidden_size", 4 * hidden));
        MixtureOfExperts mixture = MixtureOfExperts.of(experts.count(), experts.active(), feedForward(inner));
        long shared = settings.count("moe_shared_expert_intermediate_size");
        return shared < 1 ? mixture : mixture.withShared(feedForward(shared), settings.isOn("moe_shared_expert_gate"));
    }

    /**
     * Which layers have experts.
     *
     * @param count experts of a layer, 0 for none
     * @param active experts that a token is sent to
     * @param layers whether each layer has them
     */
    private record Experts(long count, long active, List<Boolean> layers) {

        private static final Pattern LIST = Pattern.compile("\\[([01](?:, *[01])*)]");

        static @Nullable Experts of(Settings settings, long layers) {
            String stated = settings.text("num_experts");
            long count = settings.count("num_experts", 0);
            if (stated == null || count == 1) {
                return new Experts(0, 0, List.of());
            }
            long active = settings.count("moe_router_topk", settings.count("topk", 0));
            List<Boolean> pattern = pattern(settings, layers);
            // A list of several numbers of experts is written as one text of digits: it gives no count.
            boolean single = stated.matches("\\[?\\d+]?");
            return count < 1 || active < 1 || pattern == null || !single ? null : new Experts(count, active, pattern);
        }

        private static @Nullable List<Boolean> pattern(Settings settings, long layers) {
            String stated = settings.text("moe_layer_freq");
            boolean old = stated == null && settings.count("expert_interval") > 0;
            var pattern = new ArrayList<Boolean>();
            if (stated != null && stated.startsWith("[")) {
                Matcher list = LIST.matcher(stated);
                if (list.matches()) {
                    for (String each : list.group(1).split(", *", -1)) {
                        pattern.add(each.equals("1"));
                    }
                }
                return pattern.size() == layers ? pattern : null;
            }
            long every = settings.count(old ? "expert_interval" : "moe_layer_freq", stated == null ? 1 : -1);
            if (every < 1) {
                return null;
            }
            for (long layer = 0; layer < layers; layer++) {
                // Megatron-DeepSpeed counts layers from 1.
                pattern.add((old ? layer + 1 : layer) % every == 0);
            }
            return pattern;
        }

        boolean isSparse(int layer) {
            return count > 0 && layers.get(layer);
        }
    }
}
