package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ledgers that an earlier release wrote, see {@link LedgerFixture}, open with the totals that release gave. */
class EarlierFormatsGoldenTest {

    @TempDir
    private Path directory;

    private Path copyOf(String ledger) throws IOException, URISyntaxException {
        URL resource = Objects.requireNonNull(getClass().getResource("ledger-1/" + ledger), ledger);
        Path copy = Files.createDirectories(directory.resolve(ledger));
        try (Stream<Path> files = Files.list(Path.of(resource.toURI()))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    @ParameterizedTest
    @ValueSource(strings = {"records", "compacted"})
    void aLedgerOfFormatOneHasTheTotalsItHad(String name) throws Exception {
        try (ComputeLedger ledger = ComputeLedger.open(copyOf(name)).start()) {
            assertThat(ledger.runs()).containsExactly("orion", "lyra");
            RunAccount orion = ledger.totals("orion");
            assertFigure(orion.total(), "1288168443740162580480", "1658383509749763317760", 180);
            assertFigure(orion.retained(), "1001908789575682007040", "1289853840916482580480", 140);
            assertFigure(orion.discarded(), "286259654164480573440", "368529668833280737280", 40);
            assertThat(orion.figures()
                            .get(CountingMethod.PARAMETER_TOKEN)
                            .bounds()
                            .best())
                    .isEqualTo(FlopCount.parse("1268357529600000000000"));
            assertFigure(ledger.totals("lyra").total(), "10000000000000000000000", "10000000000000000000000", 10);
        }
    }

    private static void assertFigure(ComputeFigure figure, String best, String high, long observations) {
        assertThat(figure.bounds().low()).isEqualTo(FlopCount.parse(best));
        assertThat(figure.bounds().best()).isEqualTo(FlopCount.parse(best));
        assertThat(figure.bounds().high()).isEqualTo(FlopCount.parse(high));
        assertThat(figure.covered()).isEqualTo(observations);
        assertThat(figure.observations()).isEqualTo(observations);
    }

    @ParameterizedTest
    @ValueSource(strings = {"records", "compacted"})
    void aRunOfALedgerOfFormatOneGoesOn(String name) throws Exception {
        Path path = copyOf(name);
        try (ComputeLedger ledger = ComputeLedger.open(path)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .start()) {
            LedgerRun run = ledger.run(LedgerFixture.masked());
            assertThat(run.attempt()).isEqualTo(2);
            ledger.compact();
        }

        assertThat(LedgerAudit.of(path).faults()).isEmpty();
        try (ComputeLedger ledger = ComputeLedger.open(path).start()) {
            assertFigure(ledger.totals("orion").total(), "1288168443740162580480", "1658383509749763317760", 180);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"records", "compacted"})
    void anAuditFindsNothingAmissInALedgerOfFormatOne(String name) throws Exception {
        LedgerAudit audit = LedgerAudit.of(copyOf(name));

        assertThat(audit.faults()).isEmpty();
        assertThat(audit.specs()).containsOnlyKeys("orion", "lyra");
        assertThat(audit.specs().get("orion").formulas())
                .isEqualTo(LedgerFixture.masked().formulas());
    }
}
