package org.flopledger.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input, its blocks in order, and the norm after them.
 *
 * <p>Immutable.
 *
 * @param path conventional module name of the stack, such as {@code model}
 * @param layersName name of the list of blocks inside it, such as {@code layers}
 * @param input what the first block reads
 * @param blocks at least one; see {@link Block#times} and {@link Block#pattern}
 * @param closing what is computed between the last block and the norm, or null
 * @param finalNorm norm after the last block, or null
 */
public record LayerStack(
        String path,
        String layersName,
        Input input,
        List<Block> blocks,
        @Nullable Fragment closing,
        @Nullable Norm finalNorm) {

    /** Checks that there is a block and that widths agree. */
    public LayerStack {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("layers is 0, must be at least 1");
        }
        for (Block block : blocks) {
            if (block.hidden() != input.hidden()) {
                throw new IllegalArgumentException("hidden size of a block is " + block.hidden()
                        + ", must be that of its input (" + input.hidden() + ")");
            }
        }
    }

    /** Makes a stack with nothing but a norm after its last block. */
    public LayerStack(String path, String layersName, Input input, List<Block> blocks, @Nullable Norm finalNorm) {
        this(path, layersName, input, blocks, null, finalNorm);
    }

    /** Returns a stack with Llama's names, {@code model.layers.0} and so on. */
    public static LayerStack of(Input input, List<Block> blocks, @Nullable Norm finalNorm) {
        return new LayerStack("model", "layers", input, blocks, finalNorm);
    }

    boolean readsSource() {
        return blocks.stream()
                .flatMap(block -> block.subLayers().stream())
                .anyMatch(layer -> layer.mixer().readsSource());
    }

    /** Adds the operations and returns the one that holds the stack's output. */
    int wire(Wiring wiring, Operation.Domain domain, int firstLayer, int source) {
        wiring.enter(path + ".", -1, domain);
        int stream = input.wire(wiring);
        wiring.embed(stream);
        for (int i = 0; i < blocks.size(); i++) {
            wiring.enter(path + "." + layersName + "." + i + ".", firstLayer + i, domain);
            stream = blocks.get(i).wire(wiring, stream, source);
        }
        wiring.enter(path + ".", -1, domain);
        stream = closing == null ? stream : closing.wire(wiring, stream, source);
        return wiring.norm("norm", finalNorm, stream);
    }
}
