package org.flopledger.huggingface.parts;

import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.model.Mixer;

/** Reads what one sub-layer of every block computes. Implementations are immutable. */
@FunctionalInterface
public interface MixerReader {

    /** Returns the sub-layer of each block, by the block's 0-based index. */
    IntFunction<Mixer> read(Fields fields);
}
