package org.flopledger;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** One observation of a step, priced alone and in the plainest way; what is unknown is null. */
record PlainRow(
        String run,
        int attempt,
        long step,
        String source,
        Stage stage,
        @Nullable String model,
        @Nullable Long tokens,
        @Nullable Integer sequences,
        @Nullable Long squares,
        @Nullable BigInteger reported) {

    /** Longest sequence of a random row. */
    static final int LONGEST = 4_096;

    private static final Form LOW = new Form(6_000, 10, 30);
    private static final Form BEST = new Form(6_000, 11, 33);
    private static final Form EXECUTED = new Form(7_000, 11, 35);
    private static final Form HIGH = new Form(8_000, 12, 70);

    /** The interval by tokens holds the one by lengths: squared lengths are at most the longest one times the tokens. */
    private static final Form TOKENS_LOW = new Form(6_000, 0, 0);

    private static final Form TOKENS_HIGH = new Form(8_012 + 70 * LONGEST, 0, 0);

    /** FLOP of a token, a sequence and a squared length. */
    private record Form(long token, long sequence, long square) {

        LinearForm linear() {
            return new LinearForm(token, sequence, square, List.of());
        }

        BigInteger of(PlainRow row) {
            return product(row.tokens, token)
                    .add(product(row.sequences, sequence))
                    .add(product(row.squares, square));
        }

        private static BigInteger product(@Nullable Number count, long each) {
            return count == null
                    ? BigInteger.ZERO
                    : BigInteger.valueOf(count.longValue()).multiply(BigInteger.valueOf(each));
        }
    }

    static StepFormula formula(CountingMethod method) {
        return method == CountingMethod.ARCHITECTURE
                ? new StepFormula(method, LOW.linear(), BEST.linear(), EXECUTED.linear(), HIGH.linear())
                : new StepFormula(
                        method, TOKENS_LOW.linear(), TOKENS_LOW.linear(), TOKENS_LOW.linear(), TOKENS_HIGH.linear());
    }

    /** What makes an observation one: said again, it does not count again. */
    record Key(String run, int attempt, long step, String source) {}

    Key key() {
        return new Key(run, attempt, step, source);
    }

    PlainRow withoutFigures(String by) {
        return new PlainRow(run, attempt, step, by, stage, model, null, null, null, null);
    }

    /** Returns the best method that the row's own evidence allows, or null. */
    @Nullable
    CountingMethod method(Set<CountingMethod> formulas) {
        if (tokens != null && sequences != null && squares != null && formulas.contains(CountingMethod.ARCHITECTURE)) {
            return CountingMethod.ARCHITECTURE;
        }
        if (tokens != null && formulas.contains(CountingMethod.PARAMETER_TOKEN)) {
            return CountingMethod.PARAMETER_TOKEN;
        }
        return reported == null ? null : CountingMethod.REPORTED;
    }

    BigInteger low(@Nullable CountingMethod method) {
        return price(method, LOW, TOKENS_LOW);
    }

    BigInteger best(@Nullable CountingMethod method) {
        return price(method, BEST, TOKENS_LOW);
    }

    BigInteger executed(@Nullable CountingMethod method) {
        return price(method, EXECUTED, TOKENS_LOW);
    }

    BigInteger high(@Nullable CountingMethod method) {
        return price(method, HIGH, TOKENS_HIGH);
    }

    private BigInteger price(@Nullable CountingMethod method, Form lengths, Form tokensOnly) {
        if (method == CountingMethod.ARCHITECTURE) {
            return lengths.of(this);
        }
        return method == CountingMethod.PARAMETER_TOKEN ? tokensOnly.of(this) : claim();
    }

    /** Returns what was reported; 0 if nothing was. */
    BigInteger claim() {
        return reported == null ? BigInteger.ZERO : reported;
    }

    /** Rows that say the same kinds of things: claims are held against their sum. */
    record Cell(int attempt, Stage stage, @Nullable String model, boolean tokens, boolean sequences, boolean squares) {}

    Cell cell() {
        return new Cell(attempt, stage, model, tokens != null, sequences != null, squares != null);
    }

    void appendTo(StepBatchBuilder builder) {
        builder.run(run).attempt(attempt).step(step).source(source).stage(stage);
        if (model != null) {
            builder.model(model);
        }
        if (tokens != null) {
            builder.tokens(tokens);
        }
        if (sequences != null) {
            builder.sequences(sequences);
        }
        if (squares != null) {
            builder.squaredLengths(squares);
        }
        if (reported != null) {
            builder.reportedFlop(FlopCount.of(reported));
        }
        builder.append();
    }

    /** Most FLOP of a step that the schedules' ledgers take for possible. */
    static final BigInteger MOST_FLOP = BigInteger.TEN.pow(18);

    /** More tokens than any model of the schedules can have been given for that, but not more than a step may have. */
    static final long ABSURD_TOKENS = 900_000_000_000_000L;

    /** Returns whether the row cannot have been by any of these methods. */
    boolean isBeyond(Set<CountingMethod> formulas) {
        return (formulas.contains(CountingMethod.ARCHITECTURE) && LOW.of(this).compareTo(MOST_FLOP) > 0)
                || (formulas.contains(CountingMethod.PARAMETER_TOKEN)
                        && TOKENS_LOW.of(this).compareTo(MOST_FLOP) > 0);
    }

    /** Returns the reason for which the ledger must refuse the row's figures, or null. */
    @Nullable
    String fault(Set<CountingMethod> formulas) {
        if (tokens != null && tokens < 0) {
            return "TOKENS_NEGATIVE";
        }
        if (tokens != null && tokens > 1_000_000_000_000_000L) {
            return "TOKENS_IMPLAUSIBLE";
        }
        boolean isTooSquare = tokens != null
                && squares != null
                && BigInteger.valueOf(squares)
                                .compareTo(BigInteger.valueOf(tokens).pow(2))
                        > 0;
        if (isTooSquare) {
            return "SQUARED_LENGTHS_IMPLAUSIBLE";
        }
        return isBeyond(formulas) ? "TOKENS_IMPLAUSIBLE" : null;
    }
}
