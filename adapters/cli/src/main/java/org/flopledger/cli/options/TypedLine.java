package org.flopledger.cli.options;

import java.nio.charset.StandardCharsets;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.FlopCount;

/**
 * An amount typed in, as a rule like any other: a run is above it when everything it executed and what its starting weights had
 * cost, whoever made them, are together more than the amount.
 *
 * <p>A library user's own line ({@link ReviewProfiles#threshold}) leaves weights of others out; a log does not say whose they are.
 */
final class TypedLine {

    private TypedLine() {}

    /** Returns the profile with the rule; reaching the amount is not yet above it. */
    static ReviewProfile above(FlopCount amount) {
        byte[] json = """
            {"format": "flopledger.profile/1", "id": "threshold-%1$s", "title": "Training compute above %1$s FLOP",
             "bases": [{"id": "typed", "title": "everything, with the starting weights", "extends": "seed-total", "activities": {
               "EVALUATION": {"treatment": "MUST", "counted": true, "sentence": "It was executed."},
               "EXPLORATION": {"treatment": "MUST", "counted": true, "sentence": "It was executed."},
               "REWARD_MODEL_TRAINING": {"treatment": "MUST", "counted": true, "sentence": "It was executed."},
               "DISCARDED_STEPS": {"treatment": "MUST", "counted": true, "sentence": "They were executed."},
               "RECOMPUTATION": {"treatment": "SILENT", "counted": false, "sentence": "It is no model FLOP."}}}],
             "rules": [{"id": "threshold-%1$s", "title": "Training compute above %1$s FLOP", "jurisdiction": "none",
               "status": "STANDARD", "dated": "2026", "asOf": "2026-11-21", "evidence": "PRIMARY_TEXT",
               "citations": [{"text": "typed in", "evidence": "PRIMARY_TEXT"}], "basis": "typed",
               "condition": {"compute": {"above": "%1$s"}}}]}
            """.formatted(amount).getBytes(StandardCharsets.UTF_8);
        return ReviewProfiles.parse("--threshold", json);
    }
}
