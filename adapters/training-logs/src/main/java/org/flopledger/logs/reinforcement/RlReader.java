package org.flopledger.logs.reinforcement;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.ConsoleReader;

/** Reads one log of reinforcement learning. Confined to one thread. */
abstract class RlReader extends ConsoleReader {

    private final RlRows rows = new RlRows();
    private final RlStep step = new RlStep();
    private String identity = "";
    private long begun;

    final RlRows rows() {
        return rows;
    }

    /** Returns the step that is open, to be filled. */
    final RlStep step() {
        return step;
    }

    /** Begins a step at a line, which tells the run from others from a place on. */
    final void begin(ConsoleLine line, int from) {
        step.clear();
        if (identity.isEmpty()) {
            identity = identity(line, from);
            begun = line.number();
        }
    }

    /** Adds the open step under a number, unless nothing was trained; counts a line that makes no sense. */
    final void commit(ConsoleLine line, LogFile file, long number) {
        if (!step.isTrained()) {
            identity = rows.rows() == 0 ? "" : identity;
            return;
        }
        step.learnDevices();
        if (!rows.add(step, number)) {
            reject(line, file);
        }
    }

    /** Adds what is still open. */
    void finish() {}

    /** Says what else is known of the run. */
    void describe(RunEvidence.Builder run) {}

    @Override
    protected final void end(long lines) {
        finish();
        if (rows.rows() == 0) {
            return;
        }
        RunEvidence.Builder run = RunEvidence.of(identity);
        run.unknown(Unknown.MODEL);
        long devices = Double.isNaN(step.devices()) ? -1 : Math.round(step.devices());
        if (devices > 0) {
            run.worldSize(devices).devices(new Devices(devices, null));
        } else {
            run.unknown(Unknown.DEVICES);
        }
        describe(run);
        if (rows.tell(run, lines - begun + 1)) {
            add(run.build(), new LossCurve());
        } else {
            refuseTooLong();
        }
    }
}
