package org.flopledger.spark;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.RunState;

/**
 * What an aggregation holds of one group: the state of its run, how many rows it was given, and how many of them were refused, by
 * reason. Travels as the library's versioned state bytes. Confined to one thread.
 */
public final class RunBuffer implements Externalizable {

    private static final long serialVersionUID = 1L;

    private transient RunState state = RunState.empty();
    private transient TableRows pending = new TableRows();
    private transient long rows;
    private transient TreeMap<String, Long> rejected = new TreeMap<>();

    /** Makes the buffer of a group without rows. */
    public RunBuffer() {}

    TableRows pending() {
        return pending;
    }

    /** Ends the row that was begun. */
    void endRow() {
        rows++;
        if (pending.end()) {
            flush();
        }
    }

    private void flush() {
        if (!pending.isEmpty()) {
            pending.moveTo(state)
                    .forEach(rejection -> rejected.merge(rejection.code(), (long) rejection.count(), Long::sum));
        }
    }

    /** Adds what another buffer holds. */
    RunBuffer merge(RunBuffer other) {
        flush();
        other.flush();
        state.merge(other.state);
        rows += other.rows;
        other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
        return this;
    }

    /** Adds a state. */
    void merge(byte[] bytes) {
        state.merge(RunState.fromBytes(bytes));
    }

    /** Returns the state of all rows so far. */
    RunState state() {
        flush();
        return state;
    }

    long rows() {
        return rows;
    }

    /** Returns how many rows were refused, by code of column and reason. */
    Map<String, Long> rejected() {
        flush();
        return rejected;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
        byte[] bytes = state().toBytes();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeLong(rows);
        out.writeInt(rejected.size());
        for (Map.Entry<String, Long> entry : rejected.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeLong(entry.getValue());
        }
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        state = RunState.fromBytes(bytes);
        rows = in.readLong();
        int reasons = in.readInt();
        for (int i = 0; i < reasons; i++) {
            rejected.put(in.readUTF(), in.readLong());
        }
    }
}
