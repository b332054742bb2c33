package org.flopledger.logs.composer;

import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.BlockRun;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.StepRow;

/**
 * Reads one log of Composer. What a batch's lines count under {@code time/} is what was trained before it, so a row stands for the
 * batches before, and of the last one nobody says how many tokens it had. Confined to one thread.
 */
final class ComposerReader extends BlockRun {

    private static final Key BATCH = Key.of("[batch=");
    private static final Key TOKENS = Key.of("time/token:");
    private static final Key SAMPLES = Key.of("time/sample:");
    private static final Key LOSS = Key.of("loss/train/total:");
    private static final Key EVALUATED = Key.of("Eval metrics/");
    private static final Key LENGTH = Key.of("max_seq_len:");

    private long tokensBefore = -1;
    private long samplesBefore = -1;
    private long lastTokens = -1;
    private long lastSamples = -1;
    private long lastStep = -1;
    private long length = -1;
    private long evaluations;

    ComposerReader() {
        super(1);
    }

    @Override
    protected long step(ConsoleLine line) {
        int behind = BATCH.behind(line);
        int digits = behind < 0 ? -1 : line.skipDigits(behind);
        boolean told = behind >= 0 && digits > behind && (line.at(digits) == '/' || line.at(digits) == ']');
        return told ? line.whole(behind) : -1;
    }

    @Override
    protected int begin(ConsoleLine line) {
        return BATCH.at(line);
    }

    @Override
    protected boolean figure(ConsoleLine line, StepRow row) {
        if (TOKENS.in(line)) {
            tokensBefore = TOKENS.whole(line);
        } else if (SAMPLES.in(line)) {
            samplesBefore = SAMPLES.whole(line);
        } else if (LOSS.in(line)) {
            row.loss(LOSS.decimal(line));
        } else {
            return false;
        }
        return true;
    }

    /** The batch itself took as much as each of those since the row before, as far as they were alike. */
    @Override
    protected boolean complete(StepRow row) {
        long step = row.step();
        boolean begins = step == 1 && Math.max(tokensBefore, samplesBefore) == 0;
        if (begins) {
            // What the first batch took is in the count of the next one that is told.
            rows().resumesAfter(0);
        }
        row.tokensSoFar(upTo(step, tokensBefore, lastTokens)).samplesSoFar(upTo(step, samplesBefore, lastSamples));
        lastTokens = tokensBefore;
        lastSamples = samplesBefore;
        lastStep = step;
        tokensBefore = -1;
        samplesBefore = -1;
        return !begins;
    }

    private long upTo(long step, long before, long last) {
        long between = step - lastStep;
        boolean regular = lastStep > 0 && between > 0 && last >= 0 && before > last && (before - last) % between == 0;
        if (regular) {
            return before + (before - last) / between;
        }
        return before > 0 && step > 1 && before % (step - 1) == 0 ? before + before / (step - 1) : -1;
    }

    @Override
    protected boolean setting(ConsoleLine line) {
        if (LENGTH.in(line)) {
            length = LENGTH.whole(line);
        } else if (EVALUATED.in(line)) {
            evaluations++;
        } else {
            return false;
        }
        return true;
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, -1, null);
        model(run, null);
        run.longestSequence(length)
                .unknown(Unknown.SEQUENCE_LENGTHS)
                .unknown(Unknown.PADDING)
                .unknown(Unknown.PRIOR);
        if (lastTokens < 0) {
            run.unknown(Unknown.TOKENS);
        }
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
    }
}
