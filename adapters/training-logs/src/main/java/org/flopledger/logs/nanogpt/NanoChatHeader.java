package org.flopledger.logs.nanogpt;

import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.DecoderShape;
import org.flopledger.logs.console.Key;
import org.flopledger.model.Architecture;
import org.jspecify.annotations.Nullable;

/** What nanochat prints before a training: sizes of the model and of a step. Confined to one thread. */
final class NanoChatHeader {

    private static final Key VOCABULARY = Key.of("Vocab size:");
    private static final Key LAYERS = Key.of("num_layers:");
    private static final Key WIDTH = Key.of("model_dim:");
    private static final Key HEADS = Key.of("num_heads:");
    private static final Key GROUPS = Key.of("num_kv_heads:");
    private static final Key PARAMETERS = Key.of("Number of parameters:");
    private static final Key FLOP = Key.of("Estimated FLOPs per token:");
    private static final Key BATCH = Key.of("Total batch size");
    private static final Key WORLD = Key.of("Distributed world size:");
    private static final Key OF_RANK = Key.of("Tokens / micro-batch / rank:");

    private long vocabulary = -1;
    private long layers = -1;
    private long width = -1;
    private long heads = -1;
    private long groups = -1;
    private long parameters = -1;
    private double flopPerToken = Double.NaN;
    private long tokens = -1;
    private long world = -1;
    private long length = -1;
    private @Nullable Architecture begun;

    /** Takes a line that is no step; returns whether it says something of the run. */
    boolean take(ConsoleLine line) {
        if (VOCABULARY.in(line)) {
            vocabulary = VOCABULARY.whole(line);
        } else if (LAYERS.in(line)) {
            layers = LAYERS.whole(line);
        } else if (WIDTH.in(line)) {
            width = WIDTH.whole(line);
        } else if (GROUPS.in(line)) {
            groups = GROUPS.whole(line);
        } else if (HEADS.in(line)) {
            heads = HEADS.whole(line);
        } else if (PARAMETERS.in(line)) {
            parameters = PARAMETERS.whole(line);
        } else if (FLOP.in(line)) {
            flopPerToken = FLOP.decimal(line);
        } else if (BATCH.in(line)) {
            tokens = BATCH.whole(line);
        } else if (WORLD.in(line)) {
            world = WORLD.whole(line);
        } else if (OF_RANK.in(line)) {
            length = length(line);
        } else {
            return false;
        }
        return true;
    }

    /** {@code 4 x 1024 = 4,096}: sequences x length. */
    private static long length(ConsoleLine line) {
        int at = OF_RANK.behind(line);
        while (line.at(at) != 'x' && line.at(at) != '\n') {
            at++;
        }
        return line.whole(at + 1);
    }

    /** Says that a training begins, to which what was printed so far belongs. */
    void begin() {
        begun = new DecoderShape(
                        layers,
                        width,
                        heads,
                        groups < 1 ? heads : groups,
                        0,
                        4 * width,
                        false,
                        false,
                        DecoderShape.NormShape.PLAIN,
                        vocabulary,
                        0,
                        false,
                        0,
                        0)
                .architecture("nanochat", parameters);
    }

    /** Returns the model of the training that began, or null if its layers are not those of the version that is known. */
    @Nullable
    Architecture architecture() {
        return begun;
    }

    /** Returns tokens of a step, or -1. */
    long tokens() {
        return tokens;
    }

    /** Returns how many sequences so many tokens are, or -1 if they are no whole number of them. */
    long sequences(long count) {
        return count > 0 && length > 0 && count % length == 0 ? count / length : -1;
    }

    /** Returns tokens of a sequence, or -1. */
    long length() {
        return length;
    }

    /** Returns processes, or -1. */
    long world() {
        return world;
    }

    /** Returns what the trainer takes a token to cost, or NaN. */
    double flopPerToken() {
        return flopPerToken;
    }
}
