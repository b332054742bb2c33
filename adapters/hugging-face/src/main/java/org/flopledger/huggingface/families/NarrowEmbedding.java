package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Role;
import org.flopledger.model.Operation.Table;

/** Embeddings of tokens, positions and token types that are narrower than the stream, normalised and then projected. */
final class NarrowEmbedding {

    private NarrowEmbedding() {}

    static Input read(Fields fields, long width, long hidden, boolean projects) {
        var builder = Fragment.builder();
        int positions = builder.add(
                "embed_positions", Role.INPUT_EMBEDDING, new Table(fields.size(Spellings.POSITIONS), width));
        int stream = builder.join(Fragment.INPUT, positions);
        long types = fields.sizeOrZero("type_vocab_size");
        if (types > 0) {
            stream = builder.join(
                    stream, builder.add("token_type_embeddings", Role.INPUT_EMBEDDING, new Table(types, width)));
        }
        stream = builder.norm("embed_norm", Norm.layer(width), stream);
        stream = projects ? builder.linear("embeddings_project", width, hidden, true, stream) : stream;
        return new Input.Free(new Table(fields.size(Spellings.VOCABULARY), width), hidden, builder.build(stream));
    }
}
