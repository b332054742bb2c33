package org.flopledger.internal.fold;

import org.eclipse.collections.impl.map.mutable.primitive.IntLongHashMap;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateInput;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.PairBounds;
import org.flopledger.internal.cells.PeftCounts;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/**
 * Reads the untrusted bytes of an account: every length is checked against what is left before it is used, and
 * one exception says what is wrong where.
 */
final class StateReader {

    private static final int MAX_EVENTS = 1 << 16;

    private final StateInput in;
    private final int lanes;

    private StateReader(StateInput in, int lanes) {
        this.in = in;
        this.lanes = lanes;
    }

    /**
     * Returns the account in some bytes.
     *
     * @throws IllegalArgumentException if the bytes are no account state
     */
    static LedgerAccounts read(byte[] bytes) {
        StateFrame frame = AccountState.FRAME_1.isOf(bytes) ? AccountState.FRAME_1 : AccountState.FRAME;
        return new StateReader(frame.open(bytes), frame.shape()).readCells();
    }

    private LedgerAccounts readCells() {
        LedgerAccounts accounts = new LedgerAccounts();
        int cells = in.count("cells", 0, 5 * 4 + lanes * 8 + 2 * 4);
        for (int i = 0; i < cells; i++) {
            readCell(accounts);
            // A key that was there before would have found its cell: states hold each key once.
            if (accounts.table().end() != i + 2) {
                throw in.broken("cell " + i + " has the key of another, must have its own");
            }
        }
        in.expectEnd("cell");
        return accounts;
    }

    private void readCell(LedgerAccounts accounts) {
        String run = in.name("run");
        String model = in.text("model");
        int attempt = in.number("attempt", 0, Integer.MAX_VALUE);
        int stage = in.number("stage", 0, Stage.values().length - 1);
        int inputs = in.number("inputs", 0, Inputs.ALL);
        int modelNumber = model == null ? -1 : accounts.modelNames().number(model);
        CellTable table = accounts.table();
        int cell = table.cell(accounts.runNames().number(run), attempt, stage, modelNumber, inputs);
        readLanes(table.hotLanes(), cell * Lanes.HOT, Lanes.HOT);
        readLanes(table.coldLanes(), cell * Lanes.COLD, lanes - Lanes.HOT);
        String fault = Lanes.fault(table.hotLanes(), cell * Lanes.HOT, table.coldLanes(), cell * Lanes.COLD);
        if (fault != null) {
            throw in.broken(fault);
        }
        readPeft(table, cell);
        readPairs(table, cell);
    }

    private void readLanes(long[] lanes, int at, int count) {
        for (int lane = 0; lane < count; lane++) {
            lanes[at + lane] = in.longValue();
        }
    }

    private void readPeft(CellTable table, int cell) {
        int events = in.number("number of PEFT events", 0, Math.min(MAX_EVENTS, in.remaining() / 12));
        for (int i = 0; i < events; i++) {
            int key = in.intValue();
            int technique = PeftCounts.technique(key);
            boolean isKnown = PeftCounts.event(key) > 0
                    && PeftCounts.event(key) < PeftEvent.values().length
                    && (technique == PeftCounts.UNNAMED || technique < PeftTechnique.values().length);
            long count = in.longValue();
            IntLongHashMap before = table.peftEvents(cell);
            if (!isKnown || count < 1 || (before != null && before.containsKey(key))) {
                throw in.broken("PEFT event " + key + " counts " + count + ", must be known, counted and listed once");
            }
            table.addPeft(cell, key, count);
        }
    }

    private void readPairs(CellTable table, int cell) {
        int masks = in.count("masks", 0, 32);
        for (int i = 0; i < masks; i++) {
            int code = in.number("mask", 1, AttentionMask.Kind.values().length);
            long size = in.longValue();
            long rows = in.longValue();
            if (size < 1 || rows < 1) {
                throw in.broken("mask of size " + size + " has " + rows + " rows, both must be >= 1");
            }
            PairBounds bounds = new PairBounds(in.big(), in.big(), in.big());
            if (bounds.least().compareTo(bounds.low()) > 0 || bounds.low().compareTo(bounds.high()) > 0) {
                throw in.broken("pairs of a mask are no interval");
            }
            AttentionMask mask = AttentionMask.Kind.ofCode(code).ofSize(size);
            if (table.pairsToChange(cell).sum(mask) != null) {
                throw in.broken("mask is listed twice");
            }
            table.pairsToChange(cell).add(mask, rows, bounds);
        }
    }
}
