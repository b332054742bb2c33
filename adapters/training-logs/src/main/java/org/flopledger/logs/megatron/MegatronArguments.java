package org.flopledger.logs.megatron;

import java.util.Set;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.DottedSetting;
import org.flopledger.logs.console.Settings;
import org.flopledger.logs.scan.Bytes;
import org.flopledger.model.Architecture;
import org.jspecify.annotations.Nullable;

/** What Megatron prints before it trains: its arguments, the vocabulary, the model it builds. Confined to one thread. */
final class MegatronArguments {

    private static final byte[] END = Bytes.ascii("- end of arguments -");
    private static final byte[] WORLD = Bytes.ascii("using world size: ");
    private static final byte[] PADDED = Bytes.ascii("(new size: ");
    private static final byte[] BUILDING = Bytes.ascii("building ");
    private static final byte[] WORLD_SIZE = Bytes.ascii("world_size: ");
    private static final Set<String> OTHER_MODELS =
            Set.of("BERT", "T5", "VIT", "ViT", "Retro", "RETRO", "ICT", "Mamba", "biencoder");
    private static final Set<String> WANTED = Set.of(
            ("hidden_size num_layers encoder_num_layers decoder_num_layers num_attention_heads num_key_value_heads"
                            + " group_query_attention num_query_groups kv_channels ffn_hidden_size swiglu glu_activation"
                            + " add_bias_linear add_qkv_bias normalization padded_vocab_size vocab_size"
                            + " make_vocab_size_divisible_by untie_embeddings_and_output_weights position_embedding_type"
                            + " use_rotary_position_embeddings add_position_embedding max_position_embeddings"
                            + " embed_layernorm num_experts moe_router_topk topk moe_layer_freq expert_interval mlp_type"
                            + " moe_ffn_hidden_size moe_shared_expert_intermediate_size moe_shared_expert_gate"
                            + " moe_latent_size multi_latent_attention q_lora_rank kv_lora_rank qk_head_dim"
                            + " qk_pos_emb_head_dim v_head_dim qk_layernorm window_size window_attn_skip_freq mtp_num_layers"
                            + " hybrid_override_pattern hybrid_layer_pattern hybrid_attention_ratio is_hybrid_model"
                            + " heterogeneous_layers_config_path experimental_attention_variant linear_attention_type"
                            + " retro_add_retriever seq_length global_batch_size micro_batch_size world_size data_parallel_size"
                            + " tensor_model_parallel_size pipeline_model_parallel_size log_interval load finetune"
                            + " pretrained_checkpoint reset_attention_mask variable_seq_lengths sft rl_use_sequence_packing"
                            + " perform_rl_step train_iters apply_layernorm_1p bert_load ict_load attention_output_gate")
                    .split(" "));

    private final Settings settings = new Settings(WANTED);
    private final DottedSetting setting = new DottedSetting();
    private long vocabulary = -1;
    private long worldSize = -1;
    private boolean otherModel;
    private boolean ended;

    /** Takes a line that is no step; returns whether it says something of the run. */
    boolean take(ConsoleLine line) {
        if (line.find(END) >= 0) {
            ended = true;
            return true;
        }
        if (setting.take(line)) {
            // DeepSpeed prints its configuration behind, in the same way, and under the same names.
            return !ended && settings.put(setting.name(), setting.value());
        }
        int padded = line.find(PADDED);
        if (padded >= 0) {
            vocabulary = line.whole(padded + PADDED.length);
            return true;
        }
        int world = line.find(WORLD);
        int worldAt = world >= 0 ? world + WORLD.length : place(line, WORLD_SIZE);
        if (worldAt >= 0) {
            worldSize = line.whole(worldAt);
            return true;
        }
        int building = line.find(BUILDING);
        if (building >= 0) {
            String what = line.text(building + BUILDING.length, line.to(), 12);
            otherModel |= OTHER_MODELS.stream().anyMatch(name -> what.startsWith(name + " "));
        }
        return false;
    }

    private static int place(ConsoleLine line, byte[] mark) {
        int at = line.find(mark);
        return at < 0 ? -1 : at + mark.length;
    }

    /** Returns what is set. */
    Settings settings() {
        return settings;
    }

    /** Returns rows of the token table as stored, or -1 if not known. */
    long vocabulary() {
        long stated = settings.count("padded_vocab_size", vocabulary);
        if (stated > 0) {
            return stated;
        }
        long plain = settings.count("vocab_size");
        long unit = settings.count("make_vocab_size_divisible_by") * settings.count("tensor_model_parallel_size");
        return plain > 0 && unit > 0 ? (plain + unit - 1) / unit * unit : -1;
    }

    /** Returns how many devices worked, or -1 if not known. */
    long worldSize() {
        return settings.count("world_size", worldSize);
    }

    /** Returns the model, or null if it is not known or not one of decoder layers. */
    @Nullable
    Architecture architecture() {
        return otherModel ? null : MegatronModel.of(settings, vocabulary());
    }

    /** Returns whether the sequences hold documents that do not see each other, or differ in length. */
    boolean areSequencesUneven() {
        return settings.isOn("reset_attention_mask")
                || settings.isOn("variable_seq_lengths")
                || settings.isOn("sft")
                || settings.isOn("rl_use_sequence_packing");
    }
}
