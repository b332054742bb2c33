package org.flopledger.internal.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunAccount;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** The bytes of a book stay readable: what each version wrote is in the test's resources and is never rewritten. */
class BookStateGoldenTest {

    @Test
    void versionTwoIsWrittenAsItWas() throws IOException {
        assertThat(HexFormat.of().formatHex(book(true).toBytes())).isEqualTo(golden(2));
    }

    @Test
    void versionTwoIsReadAsItWas() throws IOException {
        AccountBook read = AccountBook.fromBytes(HexFormat.of().parseHex(golden(2)));

        var totals = read.account("lyra").totals();
        assertThat(totals.known(CellTotals.Known.GENERATED_TOKENS)).isEqualTo(1);
        assertThat(totals.cells().get(0).generatedTokens()).isEqualTo(BigInteger.valueOf(321));
        assertThat(read.toBytes()).isEqualTo(book(true).toBytes());
    }

    @Test
    void versionOneIsReadAsItWas() throws IOException {
        AccountBook read = AccountBook.fromBytes(HexFormat.of().parseHex(golden(1)));

        RunAccount orion = read.account("orion");
        assertThat(read.runs()).containsExactly("lyra", "orion");
        assertThat(orion.attempts()).isEqualTo(2);
        assertThat(orion.totals().tokens()).isEqualTo(BigInteger.valueOf(5 * 16_384 + 8_192));
        // Steps 3 to 5 of attempt 0: attempt 1 began at 3.
        assertThat(orion.discarded().observations()).isEqualTo(3);
        assertThat(read.history("orion").cutOf(0)).isEqualTo(3);
        assertThat(read.toBytes()).isEqualTo(book(false).toBytes());
    }

    private static AccountBook book(boolean withGenerated) {
        AccountBook book = new AccountBook();
        try (BufferAllocator allocator = new RootAllocator();
                StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int step = 5; step >= 1; step--) {
                builder.run("orion").attempt(0).step(step).source("rank-0").stage(Stage.PRETRAINING);
                builder.model("kite-1b").equalSequences(4, 4096).paddingTokens(7);
                builder.deviceSeconds(12.375).utilisation(0.5).append();
            }
            builder.run("orion").attempt(1).step(3).source("rank-1").stage(Stage.SUPERVISED_FINE_TUNING);
            builder.tokens(8192).peft(PeftEvent.TRAINED, PeftTechnique.QLORA).moe(true);
            builder.devices(8).reportedFlop(FlopCount.parse("12e17")).startedAtMicros(1_000_000);
            builder.totalParameters(1_000).append();
            builder.run("lyra").attempt(0).step(0).source("rank-0").stage(Stage.EVALUATION);
            builder.energyJoules(0.25);
            if (withGenerated) {
                builder.generatedTokens(321);
            }
            builder.append();
            try (StepBatch batch = builder.build()) {
                Validation validation = batch.validate();
                book.admit(validation);
                book.add(validation);
            }
        }
        return book;
    }

    private static String golden(int version) throws IOException {
        try (InputStream in = BookStateGoldenTest.class.getResourceAsStream("book-state-" + version + ".hex")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }
}
