package org.flopledger.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flopledger.ComputeLedger;
import org.flopledger.account.CellTotals;

/** A trainer that writes step lines and keeps a list of its own of what it did. */
final class SpoolFixture {

    /** Tokens by start and step, each once. */
    final Map<String, Long> truth = new LinkedHashMap<>();

    private final Path file;

    SpoolFixture(Path file) {
        this.file = file;
    }

    static String line(String run, int attempt, long step, long tokens) {
        return "{\"v\":1,\"run\":\"" + run + "\",\"attempt\":" + attempt + ",\"step\":" + step
                + ",\"source\":\"trainer\",\"stage\":\"PRETRAINING\",\"model\":\"m\",\"tokens\":" + tokens + "}\n";
    }

    void step(String run, int attempt, long step, long tokens) throws IOException {
        append(line(run, attempt, step, tokens));
        truth.put(run + " " + attempt + " " + step, tokens);
    }

    void append(String text) throws IOException {
        append(file, text);
    }

    static void append(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static long tokens(ComputeLedger ledger, String run) {
        return ledger.totals(run).totals().tokens().longValueExact();
    }

    static long observations(ComputeLedger ledger, String run) {
        return ledger.totals(run).totals().cells().stream()
                .mapToLong(CellTotals::observations)
                .sum();
    }
}
