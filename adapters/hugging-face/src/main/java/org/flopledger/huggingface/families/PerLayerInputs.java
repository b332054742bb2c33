package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Role;
import org.flopledger.model.Operation.Table;

/**
 * Per-layer embeddings (Gemma 3n, Gemma 4): a second table gives every layer a short vector of the token, which gates a small
 * projection at the layer's end.
 *
 * @param width length of the vector of one layer; 0 where the model has none
 */
record PerLayerInputs(long width) {

    static PerLayerInputs of(Fields fields) {
        return new PerLayerInputs(
                fields.isStatedNull("hidden_size_per_layer_input")
                        ? 0
                        : fields.sizeOrZero("hidden_size_per_layer_input"));
    }

    /** Adds the table and what is computed of it before the first layer. */
    void addTo(Fragment.Builder builder, Fields fields, long layers) {
        if (width == 0) {
            return;
        }
        long all = layers * width;
        int looked = builder.add(
                "embed_tokens_per_layer",
                Role.INPUT_EMBEDDING,
                new Table(fields.size("vocab_size_per_layer_input"), all));
        int projected =
                builder.linear("per_layer_model_projection", fields.size(Spellings.HIDDEN), all, false, Fragment.INPUT);
        builder.join(builder.norm("per_layer_projection_norm", Norm.rms(width), projected), looked);
    }

    /** Returns what stands at the end of each layer. */
    SubLayer subLayer(long hidden) {
        var builder = Fragment.builder();
        int gate = builder.linear("per_layer_input_gate", hidden, width, false, Fragment.INPUT);
        int gated = builder.join(gate, Fragment.EMBEDDED);
        int output = builder.linear("per_layer_projection", width, hidden, false, gated);
        return new SubLayer(null, Mixer.feedForward(hidden, builder.build(output)), Norm.rms(hidden));
    }
}
