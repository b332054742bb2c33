package org.flopledger.review;

import java.time.Instant;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Something a person should look at: one rule, one kind, fired when the facts changed.
 *
 * <p>A ledger tells its listeners; {@link ReviewProfile#findings} finds them between two states. Immutable.
 *
 * @param rule the rule's id
 * @param kind what happened
 * @param verdict what the rule says now
 * @param flop the compute counted on the rule's basis, for PROJECTED_TO_CROSS with the plan carried out; null if the rule
 *     counts none or it is unknown
 * @param step the last optimizer step included; null if unknown
 * @param at when that step ended; null if unknown
 * @param summary one sentence for a person: what, against which line, and the citation
 */
public record Finding(
        String rule,
        FindingKind kind,
        Verdict verdict,
        @Nullable FlopCount flop,
        @Nullable Long step,
        @Nullable Instant at,
        String summary) {}
