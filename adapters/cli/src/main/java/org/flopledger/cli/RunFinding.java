package org.flopledger.cli;

import java.time.Instant;
import org.flopledger.review.FindingKind;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What a rule or threshold says of a run.
 *
 * @param rule id of the rule, or {@code threshold} for one that was typed in
 * @param kind what happened
 * @param verdict what holds now
 * @param step the first step that is included, or null if not known
 * @param at when the log first shows that step done, or null
 * @param flop what was counted, or null
 * @param summary one sentence for a person
 */
record RunFinding(
        String rule,
        FindingKind kind,
        Verdict verdict,
        @Nullable Long step,
        @Nullable Instant at,
        @Nullable FlopCount flop,
        String summary) {}
