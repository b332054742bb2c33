package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flopledger.lineage.Ancestor;
import org.flopledger.report.Statement;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.review.Verdict;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps cost 6e21 FLOP each where the model is known: 1e9 parameters and 1e12 tokens. */
class FoundAboveTest {

    private static final FlopCount LINE = FlopCount.parse("6e22");

    @TempDir
    private Path directory;

    private final List<RunFinding> heard = new CopyOnWriteArrayList<>();

    private ComputeLedger open(@Nullable FlopCount line) {
        LedgerBuilder builder = ComputeLedger.open(directory).onFinding(heard::add);
        return (line == null ? builder : builder.threshold("line", line)).start();
    }

    private static RunSpec spec() {
        return RunSpec.pretraining("orion")
                .model("dense-1b", ExactFormula.sixNd(1_000_000_000L))
                .build();
    }

    private static void steps(ComputeLedger ledger, int attempt, long first, long last, @Nullable String reported) {
        try (StepBatchBuilder builder = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                builder.run("orion")
                        .attempt(attempt)
                        .step(step)
                        .source("rank-0")
                        .stage(Stage.PRETRAINING);
                builder.model("dense-1b").tokens(1_000_000_000_000L);
                if (reported != null) {
                    builder.reportedFlop(FlopCount.parse(reported));
                }
                builder.append();
            }
            try (StepBatch batch = builder.build()) {
                ledger.ingest(batch);
            }
        }
    }

    private void assertFoundOnce(ComputeLedger ledger, FindingKind kind, @Nullable Long step) throws Exception {
        ledger.awaitListeners();
        assertThat(ledger.findings()).extracting(one -> one.finding().kind()).containsExactly(kind);
        assertThat(heard).isEqualTo(ledger.findings());
        Finding finding = heard.get(0).finding();
        assertThat(finding.rule()).isEqualTo("line");
        assertThat(finding.verdict()).isEqualTo(Verdict.ABOVE);
        assertThat(finding.step()).isEqualTo(step);
    }

    @Test
    void aRunThatWasAboveIsFoundWhenTheLineIsDrawnOnceAcrossRestarts() throws Exception {
        try (ComputeLedger ledger = open(null)) {
            ledger.run(spec());
            steps(ledger, 0, 1, 9, null);
            steps(ledger, 1, 5, 40, null);
        }
        try (ComputeLedger ledger = open(LINE)) {
            // Nine steps of attempt 0 and two of attempt 1 are more than ten; the first ten are exactly the line.
            assertFoundOnce(ledger, FindingKind.FOUND_ABOVE, 6L);
            assertThat(heard.get(0).finding().flop()).isEqualTo(FlopCount.parse("27e22"));
            assertThat(heard.get(0).summary())
                    .contains("line FOUND_ABOVE: 2.7e23 FLOP counted in all on basis own-total")
                    .contains("> 6e22")
                    .contains("attempt 1 at step 6");
            steps(ledger, 1, 41, 50, null);
        }
        try (ComputeLedger ledger = open(LINE)) {
            assertFoundOnce(ledger, FindingKind.FOUND_ABOVE, 6L);
        }
        assertThat(LedgerAudit.of(directory).faults()).isEmpty();
    }

    @Test
    void aRunIsFoundAboveWhenItsModelArrives() throws Exception {
        try (ComputeLedger ledger = open(LINE)) {
            steps(ledger, 0, 1, 40, null);
            assertThat(ledger.findings()).isEmpty();
            ledger.run(RunSpec.pretraining("another")
                    .model("dense-1b", ExactFormula.sixNd(1_000_000_000L))
                    .build());
            assertFoundOnce(ledger, FindingKind.FOUND_ABOVE, 11L);
        }
    }

    @Test
    void aRunIsFoundAboveWhenItIsRegisteredWithWhatItsCheckpointHadCost() throws Exception {
        try (ComputeLedger ledger = open(LINE)) {
            ledger.run(RunSpec.pretraining("orion")
                    .prior(FlopBounds.exactly(FlopCount.parse("7e22")))
                    .model("dense-1b", ExactFormula.sixNd(1_000_000_000L))
                    .build());
            assertFoundOnce(ledger, FindingKind.FOUND_ABOVE, null);
            steps(ledger, 0, 1, 3, null);
            assertFoundOnce(ledger, FindingKind.FOUND_ABOVE, null);
        }
    }

    @Test
    void theLineItselfIsNotAboveTheLine() throws Exception {
        try (ComputeLedger ledger = open(LINE)) {
            ledger.run(spec());
            steps(ledger, 0, 1, 10, null);
            assertThat(ledger.findings()).isEmpty();
            assertThat(ledger.assess("orion", ReviewProfiles.threshold("line", LINE))
                            .get(0)
                            .verdict())
                    .isEqualTo(Verdict.BELOW);
            steps(ledger, 0, 11, 11, null);
            assertFoundOnce(ledger, FindingKind.CROSSED, 11L);
            assertThat(heard.get(0).finding().flop()).isEqualTo(FlopCount.parse("66e21"));
        }
    }

    @Test
    void anUnknownCheckpointIsNotNone() throws Exception {
        try (ComputeLedger ledger = open(LINE)) {
            ledger.run(RunSpec.pretraining("orion")
                    .ancestor(new Ancestor("base", Ancestor.Role.WEIGHTS, Ancestor.Developer.SAME, null))
                    .model("dense-1b", ExactFormula.sixNd(1_000_000_000L))
                    .build());
            steps(ledger, 0, 1, 3, null);
            assertThat(ledger.assess("orion", ReviewProfiles.threshold("line", LINE))
                            .get(0)
                            .verdict())
                    .isEqualTo(Verdict.UNDETERMINED);
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.BASIS_UNKNOWN);
        }
    }

    @Test
    void aClaimThatTheModelContradictsIsNeverSilentlyBelow() throws Exception {
        try (ComputeLedger ledger = open(LINE)) {
            steps(ledger, 0, 1, 4, "5e22");
            ledger.awaitListeners();
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.CROSSED);
            ledger.run(spec());
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.CROSSED, FindingKind.ENTERED_MARGIN, FindingKind.METHODS_DISAGREE);
            assertThat(ledger.assess("orion", ReviewProfiles.threshold("line", LINE))
                            .get(0)
                            .verdict())
                    .isEqualTo(Verdict.IN_MARGIN);
        }
    }

    @Test
    void aLowClaimDoesNotHideACrossing() throws Exception {
        try (ComputeLedger ledger = open(LINE)) {
            ledger.run(spec());
            steps(ledger, 0, 1, 40, "1");
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.CROSSED, FindingKind.METHODS_DISAGREE);
            assertThat(ledger.findings().get(0).finding().step()).isEqualTo(11);
        }
    }

    @Test
    void aStatementSaysByWhichMethodsAFigureCame() {
        try (ComputeLedger ledger = open(LINE)) {
            ledger.run(spec());
            steps(ledger, 0, 1, 12, null);
            try (StepBatchBuilder builder = ledger.newBatch()) {
                builder.run("orion").attempt(0).step(13).source("rank-0").stage(Stage.PRETRAINING);
                builder.reportedFlop(FlopCount.of(7)).append();
                try (StepBatch batch = builder.build()) {
                    ledger.ingest(batch);
                }
            }
            Statement statement = ledger.statement("orion", ReviewProfiles.threshold("line", LINE));

            assertThat(ledger.totals("orion").total().parts())
                    .containsOnlyKeys(CountingMethod.PARAMETER_TOKEN, CountingMethod.REPORTED);
            assertThat(statement.toJson())
                    .contains("72000000000000000000007")
                    .contains("PARAMETER_TOKEN 72000000000000000000000 FLOP of 12 observations")
                    .contains("REPORTED 7 FLOP of 1 observations")
                    .contains("\"kind\":\"CROSSED\"");
            assertThat(ledger.facts("orion").lines()).hasSize(1);
        }
    }

    @Test
    void aLineHasANameThatCanStandInARecord() {
        for (String name : List.of("", "Line", "a b", "x\u001b", "a:b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ComputeLedger.inMemory().threshold(name, LINE));
        }
        assertThat(ReviewProfiles.named("threshold:line:60000000000000000000000")
                        .rules())
                .hasSize(1);
    }
}
