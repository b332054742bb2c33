package org.flopledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.flopledger.lineage.Lineage;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** The bytes of schema 1 are a promise. Golden files are read here and never rewritten. */
class StatementGoldenTest {

    static Statement statement() {
        Lineage lineage = Lineage.builder()
                .model(new Lineage.Model("orion-base", "lab", FlopBounds.exactly(FlopCount.parse("9e24"))))
                .model(new Lineage.Model("teacher", "lab", null))
                .model(new Lineage.Model("orion-next", "shop", null))
                .link("orion-next", Lineage.Relation.FINE_TUNED_FROM, "orion-base")
                .link("orion-next", Lineage.Relation.DISTILLED_FROM, "teacher")
                .build();
        Facts facts = Facts.builder()
                .line(Facts.Line.of(
                        Stage.SUPERVISED_FINE_TUNING,
                        new FlopBounds(
                                FlopCount.parse("3000000000000000000000001"),
                                FlopCount.parse("3000000000000000000000001"),
                                FlopCount.parse("3200000000000000000000000"))))
                .line(new Facts.Line(
                        Stage.SUPERVISED_FINE_TUNING,
                        Facts.Part.DISCARDED,
                        false,
                        FlopBounds.exactly(FlopCount.parse("12345")),
                        1))
                .tag(FactName.MODALITY, "text")
                .ancestors(lineage.ancestorsOf("orion-next"))
                .figure(CountingMethod.ARCHITECTURE, FlopCount.parse("3000000000000000000000001"))
                .figure(CountingMethod.HARDWARE, FlopCount.parse("3500000000000000000000000"))
                .position(1_000L, Instant.parse("2026-03-02T12:00:00Z"))
                .build();
        ReviewProfile profile = ReviewProfiles.ofRule("eu-gpai-modifier");
        return Statement.about(
                        new Statement.Subject("orion-next", 70_000_000_000L, 70_000_000_000L),
                        facts,
                        new Statement.Provenance(
                                "0.1.0",
                                "exact-causal/1",
                                "accelerators/2026-11-21",
                                CountingMethod.ARCHITECTURE,
                                "causal pairs"))
                .profile(profile)
                .findings(profile.findings(Facts.none(), facts))
                .conduct(new Statement.Conduct(
                        2,
                        1_000L,
                        Instant.parse("2026-01-31T00:00:00Z"),
                        Instant.parse("2026-03-02T12:00:00Z"),
                        8_640_000.0,
                        3.6e12))
                .build();
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = StatementGoldenTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theJsonOfSchemaOneKeepsItsBytes() throws IOException {
        assertThat(statement().toJson()).isEqualTo(golden("statement-1.json"));
    }

    @Test
    void theMarkdownKeepsItsBytes() throws IOException {
        assertThat(statement().toMarkdown()).isEqualTo(golden("statement-1.md"));
    }
}
