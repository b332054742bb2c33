package org.flopledger.review;

import java.util.List;
import org.flopledger.lineage.Ancestor;
import org.flopledger.lineage.Ancestor.Developer;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * What a model's weights came from, as far as it was stated. Immutable.
 *
 * @param ancestors the ancestors, each once
 * @param declared the model that was declared to be the one modified; null if it was left to the ancestors
 */
record WeightAncestry(List<Ancestor> ancestors, Facts.@Nullable Original declared) {

    /** Returns the model that was modified, see {@link Facts#original()}. */
    Facts.@Nullable Original original() {
        if (declared != null) {
            return declared;
        }
        List<Ancestor> weights = weights();
        List<Ancestor> others = weights.stream()
                .filter(ancestor -> ancestor.developer() != Developer.SAME)
                .toList();
        List<Ancestor> sources = others.isEmpty() ? weights : others;
        return sources.isEmpty() ? null : new Facts.Original(sum(sources));
    }

    private static @Nullable FlopBounds sum(List<Ancestor> sources) {
        FlopBounds sum = FlopBounds.ZERO;
        for (Ancestor source : sources) {
            FlopBounds compute = source.compute();
            if (compute == null) {
                return null;
            }
            sum = sum.plus(compute);
        }
        return sum;
    }

    /** Returns the developer's own ancestors that belong to its modification of somebody else's model. */
    List<Ancestor> ownModification() {
        List<Ancestor> own = weights().stream()
                .filter(ancestor -> ancestor.developer() == Developer.SAME)
                .toList();
        return own.size() < weights().size() ? own : List.of();
    }

    /** Returns whether another developer's model was modified; null if the question is open. */
    @Nullable
    Boolean modifiedByAnother() {
        List<Developer> developers = weights().stream().map(Ancestor::developer).toList();
        if (developers.contains(Developer.OTHER)) {
            return true;
        }
        boolean isOpen = developers.isEmpty() ? declared != null : developers.contains(Developer.UNSTATED);
        return isOpen ? null : false;
    }

    private List<Ancestor> weights() {
        return ancestors.stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                .toList();
    }
}
