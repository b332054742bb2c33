package org.flopledger.logs.olmo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.BlockRun;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.LineFields;
import org.flopledger.logs.console.StepRow;
import org.flopledger.logs.console.Words;
import org.flopledger.units.FlopCount;

/** Reads one log of OLMo; tokens and FLOP are those since the run began, of all devices. Confined to one thread. */
final class OlmoReader extends BlockRun {

    private static final Key STEP = Key.of("[step=");
    private static final Key WORLD = Key.of("world_size=");
    private static final Words NAMES = Words.of(
            "throughput/total_tokens",
            "throughput/total tokens",
            "train/CrossEntropyLoss",
            "train/CE loss",
            "throughput/total flops",
            "throughput/total petaflops",
            "throughput/total_training_Gflops");
    private static final double PETA = 1e15;
    private static final double GIGA = 1e9;
    private static final double MOST_FLOP = 1e34;

    private final LineFields whole = new LineFields('\n');
    private double flop;
    private long rowsWithTokens;
    private long world = -1;

    OlmoReader() {
        super(1);
    }

    @Override
    protected long step(ConsoleLine line) {
        return STEP.whole(line);
    }

    @Override
    protected int begin(ConsoleLine line) {
        return STEP.at(line);
    }

    @Override
    protected boolean figure(ConsoleLine line, StepRow row) {
        int from = line.skipBlanks(line.from());
        int name = whole.over(line, from).next(NAMES);
        switch (name) {
            case 0, 1 -> {
                row.tokensSoFar(whole.whole());
                rowsWithTokens++;
            }
            case 2, 3 -> row.loss(whole.decimal());
            case 4 -> claim(whole.decimal());
            case 5 -> claim(PETA * whole.decimal());
            case 6 -> claim(GIGA * whole.decimal());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void claim(double soFar) {
        flop = soFar > flop && soFar < MOST_FLOP ? soFar : flop;
    }

    @Override
    protected boolean setting(ConsoleLine line) {
        world = WORLD.in(line) ? WORLD.whole(line) : world;
        return false;
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, world, null);
        model(run, null);
        run.unknown(Unknown.SEQUENCE_LENGTHS).unknown(Unknown.BATCH_SIZE);
        if (rowsWithTokens == 0) {
            run.unknown(Unknown.TOKENS);
        }
        if (rows().madeBefore() > 0) {
            run.unknown(Unknown.PRIOR);
        } else if (flop >= 1) {
            run.reportedFlop(FlopCount.of(
                    new BigDecimal(flop).setScale(0, RoundingMode.HALF_EVEN).toBigInteger()));
            run.warn(
                    LogWarning.Code.CLAIM_ROUNDED,
                    "what the trainer reported is OLMo's sum since the run began, of few digits");
        }
    }
}
