package org.flopledger.logs.nanogpt;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.LoggedRun.Prior;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;
import org.flopledger.logs.console.ConsoleRows;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.LineFields;
import org.flopledger.logs.console.StepRow;
import org.flopledger.logs.console.Words;
import org.flopledger.model.Architecture;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.Stage;

/**
 * Reads one log of nanochat: base training counts steps from 0, what follows from 1 or 0, and numbers that begin again begin another
 * training, of the weights before. Confined to one thread.
 */
final class NanoChatReader extends ConsoleReader {

    private static final Key STEP = Key.of("step ");
    private static final Key TUNED = Key.of("Step ");
    private static final Key TUNED_LOSS = Key.of("| Training loss: ");
    private static final Key SPEED = Key.of("| tok/sec: ");
    private static final Words NAMES = Words.of("loss", "dt", "tok/sec", "Training loss", "num_tokens");
    private static final double MILLIS = 1e-3;

    private final LineFields fields = new LineFields('|');
    private final NanoChatHeader header = new NanoChatHeader();
    private ConsoleRows rows = new ConsoleRows(0);
    private String identity = "";
    private long begun;
    private long last = -1;
    private int trainings;
    private boolean tuning;

    NanoChatReader() {}

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        boolean tuned = TUNED_LOSS.in(line) && TUNED.at(line) >= 0;
        boolean trained = SPEED.in(line) && STEP.at(line) >= 0;
        if (!tuned && !trained) {
            return header.take(line);
        }
        int at = tuned ? TUNED.at(line) : STEP.at(line);
        long step = line.whole(at + "step ".length());
        if (step < 0) {
            return false;
        }
        if (rows.rows() == 0 || (step <= 1 && step < last)) {
            next(line, at, step);
        }
        tuning = tuned;
        last = step;
        row(line, step, tuned);
        if (!rows.add()) {
            reject(line, file);
        }
        return true;
    }

    private void next(ConsoleLine line, int at, long step) {
        if (rows.rows() > 0) {
            finish(line.number() - begun);
        }
        rows = new ConsoleRows(step == 0 ? 0 : 1);
        identity = identity(line, at);
        begun = line.number();
        header.begin();
    }

    private void row(ConsoleLine line, long step, boolean tuned) {
        StepRow row = rows.row(step).label(line.label());
        long batch = tuned ? -1 : header.tokens();
        rows.batch(header.sequences(batch)).sequenceLength(header.sequences(batch) > 0 ? header.length() : -1);
        row.tokens(batch);
        fields.over(line, line.from());
        for (int name = fields.next(NAMES); name != Words.NONE; name = fields.next(NAMES)) {
            switch (name) {
                case 0, 3 -> row.loss(fields.decimal());
                case 1 -> row.seconds(MILLIS * fields.decimal());
                case 4 -> row.tokens(fields.whole());
                default -> {
                    // The speed follows from the others.
                }
            }
        }
        if (batch > 0 && header.flopPerToken() > 0) {
            row.claimedFlop(batch * header.flopPerToken());
        }
    }

    @Override
    protected void end(long lines) {
        finish(lines - begun + 1);
    }

    private void finish(long lines) {
        if (rows.rows() == 0) {
            return;
        }
        RunEvidence.Builder run = RunEvidence.of(identity);
        boolean first = trainings++ == 0 && !tuning && rows.madeBefore() == 0;
        run.stage(tuning ? Stage.SUPERVISED_FINE_TUNING : first ? Stage.PRETRAINING : Stage.CONTINUED_PRETRAINING);
        if (first) {
            run.prior(new Prior(BigInteger.ZERO, true));
        } else {
            run.unknown(Unknown.PRIOR);
        }
        if (header.world() > 0) {
            run.worldSize(header.world()).devices(new Devices(header.world(), null));
        } else {
            run.unknown(Unknown.DEVICES);
        }
        Architecture architecture = header.architecture();
        if (architecture != null) {
            run.model(new LoggedModel(architecture, PeftMethod.FULL, null, null, List.of()), ModelOrigin.LOG);
        } else {
            run.unknown(Unknown.MODEL);
        }
        run.longestSequence(header.length()).unknown(Unknown.EVALUATION);
        add(run, rows, lines);
    }
}
