package org.flopledger.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Reach;

/** Builds the architectures that the oracles measured, from the hyper-parameters the oracles give with each figure. */
public final class DescribedModels {

    private final JsonNode config;
    private final String type;

    private DescribedModels(JsonNode config, String type) {
        this.config = config;
        this.type = type;
    }

    /** Returns the architecture of a model type with these hyper-parameters. */
    public static Architecture of(String name, String type, JsonNode config) {
        return new DescribedModels(config, type).build(name);
    }

    /** Returns a vision transformer from the plain names of its dimensions. */
    public static Architecture visionTransformer(String name, JsonNode plain) {
        JsonNode config = new ObjectMapper()
                .createObjectNode()
                .put("num_hidden_layers", plain.get("layers").asLong())
                .put("hidden_size", plain.get("hidden").asLong())
                .put("num_attention_heads", plain.get("heads").asLong())
                .put("intermediate_size", plain.get("ffn").asLong())
                .put("image_size", plain.get("image").asLong())
                .put("patch_size", plain.get("patch").asLong())
                .put("num_labels", plain.get("labels").asLong());
        return of(name, "vit", config);
    }

    private Architecture build(String name) {
        return switch (type) {
            case "t5" -> t5(name);
            case "whisper" -> whisper(name);
            case "vit" -> vit(name);
            case "bert" -> bert(name);
            default -> decoder(name);
        };
    }

    private long number(long absent, String... keys) {
        for (String key : keys) {
            JsonNode value = config.get(key);
            if (value != null && value.isNumber()) {
                return value.asLong();
            }
        }
        return absent;
    }

    private long number(String... keys) {
        long value = number(-1, keys);
        if (value < 0) {
            throw new IllegalStateException("the oracle's " + type + " has none of " + String.join(", ", keys));
        }
        return value;
    }

    private boolean flag(String key, boolean absent) {
        return config.has(key) ? config.get(key).asBoolean() : absent;
    }

    private long hidden() {
        return number("hidden_size", "n_embd", "d_model");
    }

    private long heads() {
        return number("num_attention_heads", "n_head", "n_heads");
    }

    private long layers() {
        return number("num_hidden_layers", "n_layer", "n_layers");
    }

    private boolean is(String... types) {
        return List.of(types).contains(type);
    }

    private Norm norm() {
        boolean layerNorm = is("gpt2", "bloom", "opt", "gpt_neox", "falcon", "nemotron", "phimoe");
        return new Norm(hidden(), layerNorm);
    }

    private Architecture decoder(String name) {
        boolean tied = flag(
                "tie_word_embeddings",
                is("gpt2", "bloom", "opt", "falcon", "mpt", "gemma", "gemma2", "gemma3_text", "mamba", "mamba2"));
        long vocabulary = number("vocab_size");
        var input = Input.Tokens.of(vocabulary, hidden());
        if (is("gpt2")) {
            input = input.withPositions(number("n_positions"));
        } else if (is("opt")) {
            // Two rows more than positions: an offset kept from fairseq.
            input = input.withPositions(number("max_position_embeddings") + 2);
        } else if (is("bloom")) {
            input = new Input.Tokens(vocabulary, hidden(), false, 0, 0, 0, hidden(), norm());
        }
        var stack = LayerStack.of(input, Block.pattern(layers(), this::block), norm());
        var head = new Head("lm_head", hidden(), 0, null, vocabulary, flag("lm_head_bias", false), tied, true);
        return Architecture.decoder(name, stack, head);
    }

    private Block block(int index) {
        Mixer mixer = mixer(index);
        if (is("mamba", "mamba2")) {
            return Block.preNorm(norm(), mixer);
        }
        Mixer feedForward = feedForward(index);
        if (is("gemma2", "gemma3_text")) {
            return new Block(
                    List.of(new SubLayer(norm(), mixer, norm()), new SubLayer(norm(), feedForward, norm())), false);
        } else if (is("olmo2")) {
            return Block.postNorm(norm(), mixer, feedForward);
        } else if (is("falcon", "gpt_neox")) {
            boolean ownNorm = is("gpt_neox") || flag("new_decoder_architecture", false);
            return new Block(
                    List.of(
                            new SubLayer(norm(), mixer, null),
                            new SubLayer(ownNorm ? norm() : null, feedForward, null)),
                    true);
        }
        return Block.preNorm(norm(), mixer, feedForward);
    }

    private Mixer mixer(int index) {
        long inner = number(2, "expand", "mamba_expand") * hidden();
        if (is("mamba")) {
            return new Recurrence.Mamba(
                    hidden(),
                    inner,
                    number("state_size"),
                    number("conv_kernel"),
                    number("time_step_rank"),
                    false,
                    true,
                    false);
        } else if (is("mamba2")) {
            return new Recurrence.Mamba2(
                    hidden(),
                    number("num_heads"),
                    number("head_dim"),
                    number("state_size"),
                    number("n_groups"),
                    number("conv_kernel"),
                    number(256, "chunk_size"),
                    false,
                    true);
        } else if (is("jamba") && index % number("attn_layer_period") != number("attn_layer_offset")) {
            return new Recurrence.Mamba(
                    hidden(),
                    inner,
                    number("mamba_d_state"),
                    number("mamba_d_conv"),
                    number("mamba_dt_rank"),
                    false,
                    true,
                    true);
        } else if (is("qwen3_next") && (index + 1) % number("full_attention_interval") != 0) {
            return new Recurrence.GatedDelta(
                    hidden(),
                    number("linear_num_key_heads"),
                    number("linear_num_value_heads"),
                    number("linear_key_head_dim"),
                    number("linear_value_head_dim"),
                    number("linear_conv_kernel_dim"));
        } else if (is("deepseek_v2", "deepseek_v3")) {
            return new LatentAttention(
                    hidden(),
                    heads(),
                    number(0, "q_lora_rank"),
                    number("kv_lora_rank"),
                    number("qk_nope_head_dim"),
                    number("qk_rope_head_dim"),
                    number("v_head_dim"),
                    false,
                    Reach.CAUSAL);
        }
        return attention(index);
    }

    private DotProductAttention attention(int index) {
        var builder = DotProductAttention.builder(hidden(), heads());
        long width = number(0, "head_dim");
        if (width == 0) {
            width = hidden() / heads();
        }
        long keyValueHeads = is("falcon")
                ? (flag("new_decoder_architecture", false) ? number("num_kv_heads") : 1)
                : number(heads(), "num_key_value_heads");
        builder.headWidth(width)
                .keyValueHeads(keyValueHeads)
                .reach(reach(index))
                .names(attentionNames());
        boolean allBiased = is("gpt2", "bloom", "opt", "gpt_neox");
        boolean projectionBias = allBiased
                || is("qwen2", "qwen2_moe", "gpt_oss")
                || (is("phimoe", "glm4_moe") && flag("attention_bias", false));
        builder.queryKeyValueBias(projectionBias)
                .outputBias(allBiased || is("gpt_oss") || (is("phimoe") && projectionBias));
        if (is("qwen3", "qwen3_moe", "gemma3_text", "qwen3_next") || (is("glm4_moe") && flag("use_qk_norm", false))) {
            builder.norms(Norm.rms(width), Norm.rms(width));
        } else if (is("olmo2", "olmoe")) {
            builder.norms(Norm.rms(heads() * width), Norm.rms(keyValueHeads * width));
        }
        return builder.gate(is("qwen3_next") ? DotProductAttention.Gate.IN_QUERY : DotProductAttention.Gate.NONE)
                .extraParameters(is("gpt_oss") ? heads() : 0)
                .build();
    }

    private Reach reach(int index) {
        long window = number(0, "sliding_window");
        if (window > 0
                && (is("mistral")
                        || is("gemma2", "gpt_oss") && index % 2 == 0
                        || is("gemma3_text") && (index + 1) % 6 != 0)) {
            return Reach.window(window);
        }
        if (is("llama4_text") && (index + 1) % 4 != 0) {
            return Reach.chunk(number(8192, "attention_chunk_size"));
        }
        return Reach.CAUSAL;
    }

    private DotProductAttention.Names attentionNames() {
        return switch (type) {
            case "gpt2" -> DotProductAttention.Names.fused("attn.c_attn", "attn.c_proj");
            case "bloom", "falcon" ->
                DotProductAttention.Names.fused("self_attention.query_key_value", "self_attention.dense");
            case "gpt_neox" -> DotProductAttention.Names.fused("attention.query_key_value", "attention.dense");
            case "phi3" -> DotProductAttention.Names.fused("self_attn.qkv_proj", "self_attn.o_proj");
            case "mpt" -> DotProductAttention.Names.fused("attn.Wqkv", "attn.out_proj");
            default -> DotProductAttention.Names.LLAMA;
        };
    }

    private Mixer feedForward(int index) {
        long experts = number(0, "num_experts", "num_local_experts", "n_routed_experts");
        boolean sparse = experts > 0
                && index >= number(0, "first_k_dense_replace")
                && (!is("jamba") || index % number("expert_layer_period") == number("expert_layer_offset"));
        return sparse ? experts(experts) : dense();
    }

    private DenseFeedForward dense() {
        long inner = is("llama4_text")
                ? number("intermediate_size_mlp")
                : number(number(4, "expansion_ratio") * hidden(), "intermediate_size", "ffn_dim");
        boolean bias = is("gpt2", "bloom", "opt", "gpt_neox");
        if (is("gpt2", "bloom", "opt", "gpt_neox", "falcon", "mpt", "nemotron")) {
            return DenseFeedForward.plain(hidden(), inner, bias, "mlp.up", "mlp.down");
        }
        var names = is("phi3")
                ? new DenseFeedForward.Names("mlp.gate_up_proj", "mlp.gate_up_proj", "mlp.down_proj")
                : DenseFeedForward.Names.LLAMA;
        return new DenseFeedForward(hidden(), inner, true, false, false, names);
    }

    private MixtureOfExperts experts(long experts) {
        long inner = number("moe_intermediate_size", "intermediate_size");
        boolean bias = is("gpt_oss");
        var expert = new DenseFeedForward(
                hidden(),
                inner,
                true,
                bias,
                bias,
                new DenseFeedForward.Names(
                        "mlp.experts.gate_up_proj", "mlp.experts.gate_up_proj", "mlp.experts.down_proj"));
        var mixture = MixtureOfExperts.of(experts, number("num_experts_per_tok"), expert)
                .withRouter(new MixtureOfExperts.Router(bias, false, 0));
        long shared = number(number(0, "n_shared_experts") * inner, "shared_expert_intermediate_size");
        if (is("llama4_text")) {
            return mixture.withShared(DenseFeedForward.gated(hidden(), inner), false)
                    .executedByAll();
        }
        return shared == 0
                ? mixture
                : mixture.withShared(DenseFeedForward.gated(hidden(), shared), is("qwen2_moe", "qwen3_next"));
    }

    private Architecture t5(String name) {
        long vocabulary = number("vocab_size");
        long heads = number("num_heads");
        var input = new Input.Tokens(vocabulary, hidden(), false, 0, 0, 32 * heads, hidden(), null);
        var shared = new Input.Tokens(vocabulary, hidden(), true, 0, 0, 32 * heads, hidden(), null);
        var feedForward =
                DenseFeedForward.plain(hidden(), number("d_ff"), false, "DenseReluDense.wi", "DenseReluDense.wo");
        Norm norm = Norm.rms(hidden());
        var encoder = Block.preNorm(norm, t5Attention(Reach.BIDIRECTIONAL), feedForward);
        var decoder = Block.preNorm(norm, t5Attention(Reach.CAUSAL), t5Attention(Reach.CROSS), feedForward);
        return new Architecture(
                name,
                new LayerStack("encoder", "block", input, encoder.times(number("num_layers")), norm),
                new LayerStack(
                        "decoder", "block", shared, decoder.times(number("num_decoder_layers", "num_layers")), norm),
                List.of(Head.language(hidden(), vocabulary, flag("tie_word_embeddings", true))),
                null);
    }

    private DotProductAttention t5Attention(Reach reach) {
        return DotProductAttention.builder(hidden(), number("num_heads"))
                .headWidth(number("d_kv"))
                .reach(reach)
                .names(new DotProductAttention.Names("q", "k", "v", "o"))
                .build();
    }

    private Architecture whisper(String name) {
        long positions = number("max_source_positions");
        var convolutions = List.of(
                new Convolution(number("num_mel_bins"), hidden(), 3, 2 * positions, true),
                new Convolution(hidden(), hidden(), 3, positions, true));
        var sound = new Input.Raw(convolutions, positions, 0, positions, null);
        var tokens = Input.Tokens.of(number("vocab_size"), hidden()).withPositions(number("max_target_positions"));
        Norm norm = Norm.layer(hidden());
        var encoder = Block.preNorm(
                norm,
                biasedAttention("encoder_attention_heads", Reach.BIDIRECTIONAL, false),
                DenseFeedForward.plain(hidden(), number("encoder_ffn_dim"), true, "fc1", "fc2"));
        var decoder = Block.preNorm(
                norm,
                biasedAttention("decoder_attention_heads", Reach.CAUSAL, false),
                biasedAttention("decoder_attention_heads", Reach.CROSS, false),
                DenseFeedForward.plain(hidden(), number("decoder_ffn_dim"), true, "fc1", "fc2"));
        return new Architecture(
                name,
                new LayerStack("encoder", "layers", sound, encoder.times(number("encoder_layers")), norm),
                new LayerStack("decoder", "layers", tokens, decoder.times(number("decoder_layers")), norm),
                List.of(Head.language(hidden(), number("vocab_size"), true)),
                null);
    }

    private DotProductAttention biasedAttention(String headsKey, Reach reach, boolean keyBias) {
        return DotProductAttention.builder(hidden(), number(headsKey))
                .reach(reach)
                .biases(true, keyBias, true)
                .outputBias(true)
                .build();
    }

    private Architecture vit(String name) {
        long patch = number("patch_size");
        long patches = number("image_size") / patch * (number("image_size") / patch);
        var convolution = new Convolution(number(3, "num_channels"), hidden(), patch * patch, patches, true);
        // One class token, and a position for it and for every patch.
        var input = new Input.Raw(List.of(convolution), patches + 1, (patches + 2) * hidden(), 0, null);
        var block = Block.preNorm(
                Norm.layer(hidden()),
                biasedAttention("num_attention_heads", Reach.BIDIRECTIONAL, true),
                DenseFeedForward.plain(hidden(), number("intermediate_size"), true, "fc1", "fc2"));
        var stack = LayerStack.of(input, block.times(layers()), Norm.layer(hidden()));
        return Architecture.decoder(name, stack, Head.classifier(hidden(), number("num_labels")));
    }

    private Architecture bert(String name) {
        Norm norm = Norm.layer(hidden());
        var input = new Input.Tokens(
                number("vocab_size"),
                hidden(),
                false,
                number(512, "max_position_embeddings"),
                number(2, "type_vocab_size"),
                0,
                hidden(),
                norm);
        var block = Block.postNorm(
                norm,
                biasedAttention("num_attention_heads", Reach.BIDIRECTIONAL, true),
                DenseFeedForward.plain(
                        hidden(), number("intermediate_size"), true, "intermediate.dense", "output.dense"));
        var head = new Head("cls", hidden(), hidden(), norm, number("vocab_size"), true, true, true);
        return Architecture.decoder(name, LayerStack.of(input, block.times(layers()), null), head);
    }
}
