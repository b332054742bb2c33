package org.flopledger.cli;

import java.nio.charset.StandardCharsets;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.FlopCount;

final class TypedLine {
    private TypedLine() {}

    static ReviewProfile above(FlopCount above) {
        String json =
                """
                {"format":"flopledger.profile/1","id":"threshold-%1$s","title":"typed","rules":[{"id":"threshold-%1$s",
                "title":"typed","jurisdiction":"none","status":"SEED","dated":"2026","asOf":"2026-01-01",
                "evidence":"PRIMARY_TEXT","citations":[{"text":"typed","evidence":"PRIMARY_TEXT"}],"basis":"seed-total",
                "condition":{"compute":{"above":"%1$s"}}}]}
                """
                        .formatted(above);
        return ReviewProfiles.parse("threshold", json.getBytes(StandardCharsets.UTF_8));
    }
}
