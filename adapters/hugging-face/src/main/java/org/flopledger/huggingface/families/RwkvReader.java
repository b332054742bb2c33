package org.flopledger.huggingface.families;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;

/** Reads RWKV-4 (arXiv 2305.13048): its recurrence is element by element, so that only matrices are multiplied. */
final class RwkvReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        long attended = fields.optionalSize("attention_hidden_size").orElse(hidden);
        long inner = fields.optionalSize("intermediate_size").orElse(4 * hidden);
        Norm norm = Norm.layer(hidden);
        var block = Block.preNorm(norm, timeMixing(hidden, attended), channelMixing(hidden, inner));
        List<Block> blocks = new ArrayList<>(block.times(layers));
        var vocabulary = Input.Tokens.of(fields.size(Spellings.VOCABULARY), hidden);
        // The first block normalises the embedded tokens before its own norm.
        var input = new Input.Tokens(vocabulary.vocabulary(), hidden, false, 0, 0, 0, hidden, norm);
        var stack = new LayerStack("rwkv", "blocks", input, blocks, norm);
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF), null);
    }

    private static Mixer timeMixing(long hidden, long attended) {
        var builder = Fragment.builder();
        int mixed = builder.values("attention.time_mix", 3 * hidden, Fragment.INPUT);
        int key = builder.linear("attention.key", hidden, attended, false, mixed);
        int value = builder.linear("attention.value", hidden, attended, false, mixed);
        int receptance = builder.linear("attention.receptance", hidden, attended, false, mixed);
        int state = builder.values("attention.time_decay", 2 * attended, key, value);
        return Mixer.attention(
                hidden,
                builder.build(
                        builder.linear("attention.output", attended, hidden, false, builder.join(state, receptance))));
    }

    private static Mixer channelMixing(long hidden, long inner) {
        var builder = Fragment.builder();
        int mixed = builder.values("feed_forward.time_mix", 2 * hidden, Fragment.INPUT);
        int key = builder.linear("feed_forward.key", hidden, inner, false, mixed);
        int receptance = builder.linear("feed_forward.receptance", hidden, hidden, false, mixed);
        int value = builder.linear("feed_forward.value", inner, hidden, false, key);
        return Mixer.feedForward(hidden, builder.build(builder.join(value, receptance)));
    }
}
