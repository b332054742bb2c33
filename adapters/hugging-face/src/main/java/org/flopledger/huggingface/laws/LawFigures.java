package org.flopledger.huggingface.laws;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a measured law says of one description. Immutable.
 *
 * @param total parameters
 * @param lookups those of them that grow with a vocabulary or with learned positions
 * @param positions learned positions, which bound the length of a sequence; empty where there are none
 * @param mixesExperts whether the type has fields of experts, stated or not
 * @param unknownCost why nothing follows of FLOP, or null where measured forward passes lie in the bound by parameters
 */
public record LawFigures(
        long total,
        long lookups,
        OptionalLong positions,
        boolean mixesExperts,
        @Nullable String unknownCost) {}
