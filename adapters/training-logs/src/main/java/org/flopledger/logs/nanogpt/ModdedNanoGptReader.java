package org.flopledger.logs.nanogpt;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Figures;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.StepRow;
import org.flopledger.units.Stage;

/**
 * Reads one record of modded-nanogpt. A line names the steps that are made, so that of 0 is none; validation tells the same step again.
 * The timer leaves validation out and begins again behind the warm-up. Confined to one thread.
 */
final class ModdedNanoGptReader extends OneRun {

    private static final Key STEP = Key.of("step:");
    private static final Key OLD_STEP = Key.of("s:");
    private static final Key OLD_LOSS = Key.of(" trl:");
    private static final Key TIME = Key.of("train_time:");
    private static final Key LOSS = Key.of("train_loss:");
    private static final Key VALIDATED = Key.of("val_loss:");
    private static final double MILLIS = 1e-3;
    private static final double MOST_SECONDS = 1e9;

    private long last = -1;
    private long total = -1;
    private double seconds;
    private double before;
    private long evaluations;

    ModdedNanoGptReader() {
        super(1);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        if (TIME.in(line) && STEP.in(line)) {
            return row(line, file);
        }
        int at = line.skipBlanks(line.from());
        boolean old = OLD_LOSS.in(line) && OLD_STEP.at(line) == at && STEP.at(line) < 0;
        if (old) {
            begin(line, at, OLD_STEP.whole(line) + 1).loss(OLD_LOSS.decimal(line));
            commit(line, file);
        }
        return old;
    }

    private boolean row(ConsoleLine line, LogFile file) {
        int number = STEP.behind(line);
        int behind = line.skipDigits(number);
        boolean told = behind > number && line.at(behind) == '/' && line.skipDigits(behind + 1) > behind + 1;
        // The program's own text has braces there.
        if (!told) {
            return false;
        }
        long step = line.whole(number);
        if (step == 0 && last > 0 && last == total) {
            // Another trial, from new weights: the one before reached its end.
            endRun(line);
            forget();
        }
        total = line.whole(behind + 1);
        evaluations += VALIDATED.in(line) ? 1 : 0;
        addTime(line);
        if (step == 0 || step == last) {
            return true;
        }
        last = step;
        StepRow row = begin(line, STEP.at(line), step);
        row.loss(LOSS.decimal(line));
        commit(line, file);
        return true;
    }

    private void forget() {
        last = -1;
        seconds = 0;
        before = 0;
        evaluations = 0;
    }

    private void addTime(ConsoleLine line) {
        int from = TIME.behind(line);
        double value = line.decimal(from);
        int unit = from;
        while (line.at(unit) == '.' || line.at(unit) == ',' || (line.at(unit) >= '0' && line.at(unit) <= '9')) {
            unit++;
        }
        double now = line.at(unit) == 'm' ? MILLIS * value : value;
        if (now >= 0 && now < MOST_SECONDS) {
            before += now < seconds ? seconds : 0;
            seconds = now;
        }
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, -1, null);
        model(run, null);
        run.stage(Stage.PRETRAINING)
                .unknown(Unknown.TOKENS)
                .unknown(Unknown.BATCH_SIZE)
                .unknown(Unknown.SEQUENCE_LENGTHS);
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
        double all = before + seconds;
        long millis = Figures.wholeOf(all / MILLIS);
        if (millis > 0) {
            run.durationMillis(millis);
        }
    }
}
