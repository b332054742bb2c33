package org.flopledger.logs.nanogpt;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;

/** Reads one log of nanoGPT; iterations count from 0. The time of a line is that of its own iteration only. Confined to one thread. */
final class NanoGptReader extends OneRun {

    private static final Key ITERATION = Key.of("iter ");
    private static final Key LOSS = Key.of(": loss ");
    private static final Key TOKENS = Key.of("tokens per iteration will be:");
    private static final Key BLOCK = Key.of("block_size =");
    private static final Key RESUMING = Key.of("Resuming training from");
    private static final Key EVALUATED = Key.of(": train loss ");

    private long tokens = -1;
    private long block = -1;
    private long evaluations;
    private boolean resumed;

    NanoGptReader() {
        super(0);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        int at = ITERATION.at(line);
        int loss = LOSS.at(line);
        boolean row = at >= 0 && loss > at && line.skipDigits(at + "iter ".length()) == loss;
        if (!row) {
            return setting(line);
        }
        rows().sequenceLength(-1);
        begin(line, at, line.whole(at + "iter ".length()))
                .tokens(tokens)
                .samples(block > 0 && tokens > 0 && tokens % block == 0 ? tokens / block : -1)
                .sequenceLength(block)
                .loss(LOSS.decimal(line));
        commit(line, file);
        return true;
    }

    private boolean setting(ConsoleLine line) {
        if (TOKENS.in(line)) {
            tokens = TOKENS.whole(line);
        } else if (BLOCK.in(line)) {
            block = BLOCK.whole(line);
        } else if (EVALUATED.in(line)) {
            evaluations++;
        } else if (RESUMING.in(line)) {
            resumed = true;
        } else {
            return false;
        }
        return true;
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, -1, null);
        model(run, null);
        run.longestSequence(block);
        if (tokens < 1) {
            run.unknown(Unknown.TOKENS).unknown(Unknown.BATCH_SIZE);
        }
        if (block < 1) {
            run.unknown(Unknown.SEQUENCE_LENGTHS);
        }
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
        if (resumed || rows().madeBefore() > 0) {
            run.unknown(Unknown.PRIOR);
        }
    }
}
