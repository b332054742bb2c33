package org.flopledger.internal.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunTotals;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** The bytes of a state stay readable: what each version wrote is in the test's resources and is never rewritten. */
class AccountStateGoldenTest {

    private static final LinearForm WINDOWED =
            new LinearForm(1, 0, 0, List.of(new LinearForm.MaskedPairs(new AttentionMask.Chunked(8), 2)));
    private static final ModelFormulas FORMULAS = ModelFormulas.none()
            .with("kite-1b", new StepFormula(CountingMethod.ARCHITECTURE, WINDOWED, WINDOWED, WINDOWED, WINDOWED));

    @Test
    void versionTwoIsWrittenAsItWas() throws IOException {
        assertThat(HexFormat.of().formatHex(account(true).toBytes())).isEqualTo(golden(2));
    }

    @Test
    void versionTwoIsReadAsItWas() throws IOException {
        LedgerAccounts read = LedgerAccounts.fromBytes(HexFormat.of().parseHex(golden(2)));

        assertThat(read.totals("orion").cells().get(0).generatedTokens()).isEqualTo(321);
        assertThat(read.totals("orion").known(CellTotals.Known.GENERATED_TOKENS))
                .isEqualTo(1);
        assertThat(read.toBytes()).isEqualTo(account(true).toBytes());
    }

    @Test
    void versionOneIsReadAsItWas() throws IOException {
        LedgerAccounts read = LedgerAccounts.fromBytes(HexFormat.of().parseHex(golden(1)));

        RunTotals totals = read.totals("orion");
        assertThat(totals.cells()).hasSize(2);
        assertThat(totals.tokens()).isEqualTo(java.math.BigInteger.valueOf(24_576));
        CellTotals tuned = totals.cells().get(1);
        assertThat(tuned.stage()).isEqualTo(Stage.SUPERVISED_FINE_TUNING);
        assertThat(tuned.peftEvents().get(PeftEvent.TRAINED)).containsEntry(PeftTechnique.QLORA, 1L);
        assertThat(tuned.reported().bounds().best()).isEqualTo(FlopCount.parse("12e17"));
        assertThat(read.toBytes()).isEqualTo(account(false).toBytes());
    }

    private static LedgerAccounts account(boolean withGenerated) {
        LedgerAccounts accounts = new LedgerAccounts();
        try (BufferAllocator allocator = new RootAllocator();
                StepBatchBuilder builder = StepBatch.builder(allocator)) {
            builder.run("orion")
                    .attempt(0)
                    .step(1)
                    .source("log")
                    .stage(Stage.PRETRAINING)
                    .model("kite-1b");
            if (withGenerated) {
                builder.generatedTokens(321);
            }
            builder.equalSequences(4, 4096)
                    .paddingTokens(7)
                    .deviceSeconds(12.375)
                    .utilisation(0.5)
                    .append();
            builder.run("orion").attempt(1).step(2).source("log").stage(Stage.SUPERVISED_FINE_TUNING);
            builder.tokens(8192)
                    .peft(PeftEvent.TRAINED, PeftTechnique.QLORA)
                    .moe(true)
                    .devices(8);
            builder.reportedFlop(FlopCount.parse("12e17"))
                    .startedAtMicros(1_000_000)
                    .totalParameters(1_000)
                    .append();
            try (StepBatch batch = builder.build()) {
                accounts.fold(batch.validate(), FORMULAS);
            }
        }
        return accounts;
    }

    private static String golden(int version) throws IOException {
        try (InputStream in = AccountStateGoldenTest.class.getResourceAsStream("account-state-" + version + ".hex")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }
}
