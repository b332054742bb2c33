package org.flopledger;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.flopledger.telemetry.StepRecorder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Random observations of few runs, attempts, steps and sources, so that they meet; some of them bad. */
final class RandomRows {

    private static final int STEPS = 12;

    private final Random random;
    private final List<String> runs;
    private final List<String> models;
    private long claims;

    RandomRows(Random random, List<String> runs, List<String> models) {
        this.random = random;
        this.runs = runs;
        this.models = models;
    }

    /** Returns the rows of a batch: most of them new, some of them held already, in other words or in the same. */
    List<PlainRow> rows(PlainLedger held) {
        List<PlainRow> rows = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            String run = runs.get(random.nextInt(runs.size()));
            List<PlainRow> known = held.rowsOf(run);
            if (!known.isEmpty() && random.nextInt(6) == 0) {
                rows.add(known.get(random.nextInt(known.size())));
            } else {
                rows.add(fresh(run));
            }
        }
        return rows;
    }

    private PlainRow fresh(String run) {
        String model = random.nextInt(4) == 0 ? null : models.get(random.nextInt(models.size()));
        Stage stage = random.nextInt(6) == 0 ? Stage.EVALUATION : Stage.PRETRAINING;
        return figures(run, random.nextInt(3), random.nextInt(STEPS), "log-" + random.nextInt(2), stage, model);
    }

    private PlainRow figures(String run, int attempt, long step, String source, Stage stage, @Nullable String model) {
        int sequences = 1 + random.nextInt(4);
        long tokens = 0;
        long squares = 0;
        for (int i = 0; i < sequences; i++) {
            long length = 1 + random.nextInt(PlainRow.LONGEST);
            tokens += length;
            squares += length * length;
        }
        boolean hasTokens = random.nextInt(8) > 0;
        boolean hasLengths = hasTokens && random.nextInt(3) > 0;
        long given = switch (random.nextInt(25)) {
            case 0 -> -1;
            case 1 -> 2_000_000_000_000_000L;
            case 2 -> PlainRow.ABSURD_TOKENS;
            default -> tokens;
        };
        if (given == PlainRow.ABSURD_TOKENS) {
            hasLengths = false;
        }
        return new PlainRow(
                run,
                attempt,
                step,
                source,
                stage,
                model,
                hasTokens ? given : null,
                hasLengths ? sequences : null,
                !hasLengths ? null : random.nextInt(25) == 0 ? tokens * tokens + 1 : squares,
                random.nextInt(3) == 0 ? BigInteger.valueOf(random.nextLong(1L << (20 + random.nextInt(16)))) : null);
    }

    /** Returns a row that the handle of a run can record. */
    PlainRow live(String run, int attempt, long step, String source, @Nullable String model) {
        return figures(run, attempt, step, source, Stage.PRETRAINING, model);
    }

    /** Returns a row of which nothing is known but what was reported. */
    PlainRow claim(String run, BigInteger flop) {
        return new PlainRow(run, 0, STEPS + claims++, "meter", Stage.PRETRAINING, null, null, null, null, flop);
    }

    /** Returns rows again, some with another figure. */
    List<PlainRow> again(List<PlainRow> held) {
        List<PlainRow> rows = new ArrayList<>();
        for (PlainRow row : held) {
            if (random.nextInt(2) == 0) {
                rows.add(
                        random.nextInt(4) > 0
                                ? row
                                : figures(
                                        row.run(), row.attempt(), row.step(), row.source(), row.stage(), row.model()));
            }
        }
        return rows.isEmpty() ? List.of(held.get(0)) : rows;
    }

    static void record(LedgerRun source, PlainRow row) {
        StepRecorder.Step step = source.step(row.step());
        if (row.tokens() != null) {
            step.tokens(row.tokens());
        }
        if (row.sequences() != null) {
            step.sequences(row.sequences());
        }
        if (row.squares() != null) {
            step.squaredLengths(row.squares());
        }
        if (row.reported() != null) {
            step.reportedFlop(FlopCount.of(row.reported()));
        }
        step.record();
    }
}
