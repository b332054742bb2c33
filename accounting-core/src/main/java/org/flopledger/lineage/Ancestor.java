package org.flopledger.lineage;

import java.util.Objects;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * One ancestor of a model, as a rule sees it: what it cost itself, without its own ancestors.
 *
 * <p>{@link Lineage#ancestorsOf} lists them, and rules count those that they name. Immutable.
 *
 * @param model the ancestor's name, unique within one lineage
 * @param role whether its weights or only its outputs were used
 * @param developer whether the descendant's developer trained it
 * @param compute its own training compute, or null where nobody declared or estimated it; unknown is not zero
 */
public record Ancestor(
        String model,
        Role role,
        Developer developer,
        @Nullable FlopBounds compute) {

    /** What the descendant took over. */
    public enum Role {
        /** Its weights: fine-tuned, merged, averaged or initialised from. */
        WEIGHTS,
        /** Its outputs: a teacher in distillation. */
        TEACHER
    }

    /** Who trained the ancestor, seen from the descendant. */
    public enum Developer {
        SAME,
        OTHER,
        UNSTATED
    }

    /** Checks the name. */
    public Ancestor {
        if (model.isBlank()) {
            throw new IllegalArgumentException("ancestor model name is blank, must name a model");
        }
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(developer, "developer");
    }
}
