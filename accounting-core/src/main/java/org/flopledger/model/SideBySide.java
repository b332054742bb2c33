package org.flopledger.model;

import java.util.List;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Operation.Role;

/**
 * Mixers that read the same input and whose results are added: attention beside a state-space layer (Falcon-H1), a dense
 * layer beside experts (Gemma 4).
 *
 * @param parts the mixers with their own norms, at least one; all of one width
 */
record SideBySide(List<SubLayer> parts) implements Mixer {

    /** Checks that there is a part and that widths agree. */
    public SideBySide {
        parts = Block.requireOneWidth(parts);
    }

    @Override
    public long hidden() {
        return parts.get(0).mixer().hidden();
    }

    @Override
    public Role role() {
        return parts.get(0).mixer().role();
    }

    @Override
    public boolean readsSource() {
        return parts.stream().anyMatch(part -> part.mixer().readsSource());
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        int[] results = new int[parts.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = parts.get(i).wire(wiring, "part" + i, input, source);
        }
        return results.length == 1 ? results[0] : wiring.join(results);
    }
}
