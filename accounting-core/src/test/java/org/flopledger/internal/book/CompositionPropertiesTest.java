package org.flopledger.internal.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The total of a run against the plainest reference: a list of rows, priced one by one with BigInteger. */
class CompositionPropertiesTest {

    private static final Form LOW = new Form(6_000, 10, 30);
    private static final Form BEST = new Form(6_000, 11, 30);
    private static final Form EXECUTED = new Form(7_000, 11, 35);
    private static final Form HIGH = new Form(8_000, 12, 70);
    private static final long ACTIVE = 900;
    private static final long ALL = 2_000;

    /** A price in the plainest form. */
    private record Form(long token, long sequence, long square) {
        LinearForm linear() {
            return new LinearForm(token, sequence, square, List.of());
        }

        BigInteger of(BigInteger tokens, BigInteger sequences, BigInteger squares) {
            return tokens.multiply(BigInteger.valueOf(token))
                    .add(sequences.multiply(BigInteger.valueOf(sequence)))
                    .add(squares.multiply(BigInteger.valueOf(square)));
        }
    }

    private static final StepFormula COUNTED = StepFormula.ofParameters(ACTIVE, ALL);

    private static final ModelFormulas FORMULAS = ModelFormulas.none()
            .with(
                    "described",
                    new StepFormula(
                            CountingMethod.ARCHITECTURE, LOW.linear(), BEST.linear(), EXECUTED.linear(), HIGH.linear()))
            .with("described", COUNTED)
            .with("counted", COUNTED);

    /** One observation; what is unknown is null. */
    private record Row(
            int attempt,
            long step,
            String source,
            Stage stage,
            @Nullable String model,
            @Nullable Long tokens,
            @Nullable Long padding,
            @Nullable Integer sequences,
            @Nullable Long squares,
            @Nullable Long reported) {

        @Nullable
        CountingMethod method() {
            if ("described".equals(model) && tokens != null && sequences != null && squares != null) {
                return CountingMethod.ARCHITECTURE;
            }
            return model != null && tokens != null
                    ? CountingMethod.PARAMETER_TOKEN
                    : reported != null ? CountingMethod.REPORTED : null;
        }

        private BigInteger real() {
            return big(tokens).subtract(big(padding));
        }

        BigInteger low() {
            if (method() == CountingMethod.REPORTED) {
                return big(reported);
            }
            if (method() == CountingMethod.PARAMETER_TOKEN) {
                return real().multiply(BigInteger.valueOf(6 * ACTIVE));
            }
            BigInteger squared = big(squares);
            if (big(padding).signum() > 0) {
                // Real tokens in n sequences: (t^2 / n + t) / 2 causal pairs at least, rounded up to whole ones.
                BigInteger n = BigInteger.valueOf(sequences);
                BigInteger[] pairs =
                        real().multiply(real()).add(real().multiply(n)).divideAndRemainder(n.shiftLeft(1));
                BigInteger whole = pairs[1].signum() > 0 ? pairs[0].add(BigInteger.ONE) : pairs[0];
                squared = squared.min(whole.shiftLeft(1).subtract(real()));
            }
            return LOW.of(real(), BigInteger.valueOf(sequences), squared);
        }

        BigInteger price(Form form) {
            return switch (method()) {
                case ARCHITECTURE -> form.of(big(tokens), BigInteger.valueOf(sequences), big(squares));
                case PARAMETER_TOKEN -> big(tokens).multiply(eachToken(form));
                case REPORTED, HARDWARE -> big(reported);
            };
        }

        /** 6 N D, whose upper bound has attention in it that formulas.md derives and its own test checks. */
        private static BigInteger eachToken(Form form) {
            return form == HIGH ? COUNTED.high().perToken().toBigInteger() : BigInteger.valueOf(6 * ACTIVE);
        }

        String cell() {
            return attempt + " " + stage + " " + model + " " + (tokens != null) + (sequences != null)
                    + (squares != null);
        }

        private static BigInteger big(@Nullable Long value) {
            return value == null ? BigInteger.ZERO : BigInteger.valueOf(value);
        }
    }

    private static Row row(Random random, int attempt, long step, String source) {
        Stage stage = random.nextInt(4) == 0 ? Stage.EVALUATION : Stage.PRETRAINING;
        String model = List.of("described", "described", "counted", "").get(random.nextInt(4));
        int sequences = 1 + random.nextInt(4);
        long tokens = 0;
        long squares = 0;
        long padding = 0;
        for (int i = 0; i < sequences; i++) {
            long length = 1 + random.nextInt(random.nextBoolean() ? 100 : 1_000_000);
            tokens += length;
            squares += length * length;
            padding += random.nextInt((int) length);
        }
        boolean isShort = random.nextInt(5) == 0;
        return new Row(
                attempt,
                step,
                source,
                stage,
                model.isEmpty() ? null : model,
                random.nextInt(6) == 0 ? null : tokens,
                random.nextInt(2) == 0 ? null : random.nextBoolean() ? 0 : padding,
                isShort ? null : sequences,
                isShort || random.nextInt(6) == 0 ? null : squares,
                random.nextInt(3) == 0 ? Long.valueOf(random.nextLong(1L << 50)) : null);
    }

    private static List<Row> schedule(Random random) {
        List<Row> rows = new ArrayList<>();
        long start = 0;
        for (int attempt = 0; attempt < 3; attempt++) {
            for (int source = 0; source < 2; source++) {
                for (long step = start; step < start + 12; step++) {
                    if (random.nextInt(5) > 0) {
                        Row row = row(random, attempt, step, "rank-" + source);
                        rows.add(row.tokens == null && row.padding != null ? withoutPadding(row) : row);
                    }
                }
            }
            start += random.nextInt(12);
        }
        Collections.shuffle(rows, random);
        return rows;
    }

    private static Row withoutPadding(Row row) {
        return new Row(
                row.attempt,
                row.step,
                row.source,
                row.stage,
                row.model,
                null,
                null,
                row.sequences,
                row.squares,
                row.reported);
    }

    private static void feed(AccountBook book, RootAllocator allocator, List<Row> rows) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (Row row : rows) {
                append(builder, row);
            }
            try (StepBatch batch = builder.build()) {
                Validation validation = batch.validate();
                assertThat(validation.mask().accepted()).isEqualTo(rows.size());
                assertThat(book.admit(validation).isNone()).isTrue();
                book.add(validation);
            }
        }
    }

    private static void append(StepBatchBuilder builder, Row row) {
        builder.run("run")
                .attempt(row.attempt)
                .step(row.step)
                .source(row.source)
                .stage(row.stage);
        if (row.model != null) {
            builder.model(row.model);
        }
        if (row.tokens != null) {
            builder.tokens(row.tokens);
        }
        if (row.padding != null) {
            builder.paddingTokens(row.padding);
        }
        if (row.sequences != null) {
            builder.sequences(row.sequences);
        }
        if (row.squares != null) {
            builder.squaredLengths(row.squares);
        }
        if (row.reported != null) {
            builder.reportedFlop(FlopCount.of(row.reported));
        }
        builder.append();
    }

    @RepeatedTest(60)
    void aTotalIsTheSumOfItsRowsAndNoRowLowersIt(RepetitionInfo info) {
        String seed = "seed " + info.getCurrentRepetition();
        Random random = new Random(info.getCurrentRepetition());
        List<Row> rows = schedule(random);
        try (RootAllocator allocator = new RootAllocator()) {
            AccountBook book = new AccountBook();
            boolean isLate = random.nextBoolean();
            book.use(isLate ? ModelFormulas.none() : FORMULAS);
            int taken = 0;
            RunAccount before = null;
            while (taken < rows.size()) {
                int more = Math.min(rows.size() - taken, 1 + random.nextInt(3));
                feed(book, allocator, rows.subList(taken, taken + more));
                taken += more;
                if (!isLate) {
                    assertIsSumOf(rows.subList(0, taken), book.account("run"), seed + ", rows " + taken);
                    assertNothingFell(before, book.account("run"), seed + ", rows " + taken);
                    before = book.account("run");
                }
            }
            book.use(FORMULAS);
            assertIsSumOf(rows, book.account("run"), seed);
            AccountBook back = AccountBook.fromBytes(book.toBytes());
            back.use(FORMULAS);
            assertThat(back.account("run").total())
                    .as(seed)
                    .isEqualTo(book.account("run").total());
            assertThat(back.account("run").retainedByStage())
                    .as(seed)
                    .isEqualTo(book.account("run").retainedByStage());
        }
    }

    private static void assertIsSumOf(List<Row> rows, RunAccount account, String as) {
        BigInteger low = BigInteger.ZERO;
        BigInteger best = BigInteger.ZERO;
        BigInteger executed = BigInteger.ZERO;
        Map<String, BigInteger> high = new HashMap<>();
        Map<String, BigInteger> claimed = new HashMap<>();
        Map<CountingMethod, Long> covered = new HashMap<>();
        for (Row row : rows) {
            if (row.method() != null) {
                low = low.add(row.low());
                best = best.add(row.price(BEST));
                executed = executed.add(row.price(EXECUTED));
                high.merge(row.cell(), row.price(HIGH), BigInteger::add);
                claimed.merge(row.cell(), Row.big(row.reported), BigInteger::add);
                covered.merge(row.method(), 1L, Long::sum);
            }
        }
        // A claim above the best method's bound is kept as the upper bound of the rows of one cell.
        BigInteger most = BigInteger.ZERO;
        for (var cell : high.entrySet()) {
            most = most.add(cell.getValue().max(claimed.getOrDefault(cell.getKey(), BigInteger.ZERO)));
        }
        ComputeFigure total = account.total();
        assertThat(total.bounds().low().toBigInteger()).as(as).isEqualTo(low);
        assertThat(total.bounds().best().toBigInteger()).as(as).isEqualTo(best);
        assertThat(total.bounds().high().toBigInteger()).as(as).isEqualTo(most);
        assertThat(total.executed().toBigInteger()).as(as).isEqualTo(executed);
        assertThat(total.observations()).as(as).isEqualTo(rows.size());
        assertThat(total.parts().keySet()).as(as).isEqualTo(covered.keySet());
        total.parts()
                .forEach((method, part) -> assertThat(part.covered()).as(as).isEqualTo(covered.get(method)));
        assertThat(account.retained().plus(account.discarded()).bounds().best())
                .as(as)
                .isEqualTo(total.bounds().best());
        assertThat(account.retained().executed().plus(account.discarded().executed()))
                .as(as)
                .isEqualTo(total.executed());
        assertThat(account.retained().covered() + account.discarded().covered())
                .as(as)
                .isEqualTo(total.covered());
    }

    private static void assertNothingFell(@Nullable RunAccount before, RunAccount after, String as) {
        if (before != null) {
            assertHolds(before.total().bounds(), after.total().bounds(), as);
            before.totalByStage().forEach((stage, figure) -> {
                FlopBounds now = after.totalByStage().get(stage).bounds();
                assertHolds(figure.bounds(), now, as + ", " + stage);
                assertHolds(read(before, stage), read(after, stage), as + ", read of " + stage);
            });
        }
    }

    /** What a rule reads of a stage: what was retained and what was discarded. */
    private static FlopBounds read(RunAccount account, Stage stage) {
        ComputeFigure discarded = account.discardedByStage().getOrDefault(stage, ComputeFigure.NONE);
        return account.retainedByStage().get(stage).bounds().plus(discarded.bounds());
    }

    private static void assertHolds(FlopBounds before, FlopBounds after, String as) {
        assertThat(after.low()).as(as).isGreaterThanOrEqualTo(before.low());
        assertThat(after.best()).as(as).isGreaterThanOrEqualTo(before.best());
        assertThat(after.high()).as(as).isGreaterThanOrEqualTo(before.high());
    }
}
