package org.flopledger.huggingface.description;

/** The several names that one size has in different families; the first is the one used in messages about absence.
 * DeepSeek's own inference files have names of their own; they stand last. */
@SuppressWarnings("MutablePublicArray") // passed on as variable arguments, and written nowhere
public final class Spellings {

    public static final String[] HIDDEN = {"hidden_size", "n_embd", "d_model", "n_embed", "model_dim", "dim"};
    public static final String[] LAYERS = {"num_hidden_layers", "n_layer", "n_layers", "num_layers"};
    public static final String[] HEADS = {"num_attention_heads", "n_head", "n_heads", "num_heads"};
    public static final String[] KEY_VALUE_HEADS = {"num_key_value_heads", "num_kv_heads", "n_kv_heads", "n_head_kv"};
    public static final String[] INNER = {
        "intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size", "d_ff", "inter_dim"
    };
    public static final String[] VOCABULARY = {"vocab_size", "padded_vocab_size"};
    public static final String[] POSITIONS = {"max_position_embeddings", "n_positions", "max_seq_len", "seq_length"};
    public static final String[] EXPERTS = {"num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"};
    public static final String[] TOP_K = {
        "num_experts_per_tok",
        "num_experts_per_token",
        "num_selected_experts",
        "moe_top_k",
        "moe_topk",
        "n_activated_experts"
    };

    public static final String[] EXPERT_INNER = {"moe_intermediate_size", "moe_inter_dim"};
    public static final String[] SHARED_EXPERTS = {
        "n_shared_experts",
        "num_shared_experts",
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size"
    };

    public static final String[] FIRST_DENSE = {"first_k_dense_replace", "n_dense_layers"};

    /** More layers than any model has by far; a guard against a description that asks for all memory. */
    public static final long MOST_LAYERS = 10_000;

    private Spellings() {}
}
