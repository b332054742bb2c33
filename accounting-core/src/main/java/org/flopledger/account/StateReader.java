package org.flopledger.account;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.eclipse.collections.impl.map.mutable.primitive.IntLongHashMap;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of an account, which may be anybody's: every length is checked against what is left before it is used, and
 * one exception says what is wrong where.
 */
final class StateReader {

    private static final int MIN_CELL_BYTES = 5 * 4 + AccountState.LANES * 8 + 2 * 4;
    private static final int MAX_BIG_BYTES = 64;
    private static final int MAX_EVENTS = 1 << 16;

    private final ByteBuffer in;

    private StateReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes, 0, bytes.length - AccountState.CHECKSUM_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the account in some bytes.
     *
     * @throws IllegalArgumentException if the bytes are no account state
     */
    static LedgerAccounts read(byte[] bytes) {
        int least = AccountState.HEADER_BYTES + 4 + AccountState.CHECKSUM_BYTES;
        if (bytes.length < least || bytes.length > AccountState.MAX_BYTES) {
            throw new IllegalArgumentException("account state: has " + bytes.length + " bytes, must be from " + least
                    + " to " + AccountState.MAX_BYTES);
        }
        StateReader reader = new StateReader(bytes);
        reader.expect("magic", AccountState.MAGIC);
        reader.expect("version", AccountState.VERSION);
        reader.expect("lanes of a cell", AccountState.LANES);
        reader.expect("bytes of the body", bytes.length - AccountState.HEADER_BYTES - AccountState.CHECKSUM_BYTES);
        int checksum = AccountState.checksum(bytes, bytes.length - AccountState.CHECKSUM_BYTES);
        int stored = ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(bytes.length - AccountState.CHECKSUM_BYTES);
        if (stored != checksum) {
            throw new IllegalArgumentException(
                    "account state: checksum is " + hex(stored) + ", must be " + hex(checksum) + " for these bytes");
        }
        return reader.readCells();
    }

    private LedgerAccounts readCells() {
        LedgerAccounts accounts = new LedgerAccounts();
        int cells = count("cells", in.remaining() / MIN_CELL_BYTES);
        for (int i = 0; i < cells; i++) {
            readCell(accounts);
            // A key that was there before would have found its cell: states hold each key once.
            if (accounts.table().end() != i + 2) {
                throw broken("cell " + i + " has the key of another, must have its own");
            }
        }
        if (in.hasRemaining()) {
            throw broken(in.remaining() + " bytes follow the last cell, must be none");
        }
        return accounts;
    }

    private void readCell(LedgerAccounts accounts) {
        String run = text("run");
        String model = text("model");
        if (run == null) {
            throw broken("run is absent, must be a name");
        }
        int attempt = number("attempt", 0, Integer.MAX_VALUE);
        int stage = number("stage", 0, Stage.values().length - 1);
        int inputs = number("inputs", 0, Inputs.ALL);
        int modelNumber = model == null ? -1 : accounts.modelNames().number(model);
        CellTable table = accounts.table();
        int cell = table.cell(accounts.runNames().number(run), attempt, stage, modelNumber, inputs);
        readLanes(table.hotLanes(), cell * Lanes.HOT, Lanes.HOT);
        readLanes(table.coldLanes(), cell * Lanes.COLD, Lanes.COLD);
        String fault = Lanes.fault(table.hotLanes(), cell * Lanes.HOT, table.coldLanes(), cell * Lanes.COLD);
        if (fault != null) {
            throw broken(fault);
        }
        readPeft(table, cell);
        readPairs(table, cell);
    }

    private void readLanes(long[] lanes, int at, int count) {
        for (int lane = 0; lane < count; lane++) {
            lanes[at + lane] = longValue();
        }
    }

    private void readPeft(CellTable table, int cell) {
        int events = count("PEFT events", Math.min(MAX_EVENTS, in.remaining() / 12));
        for (int i = 0; i < events; i++) {
            int key = intValue();
            int technique = PeftCounts.technique(key);
            boolean isKnown = PeftCounts.event(key) > 0
                    && PeftCounts.event(key) < PeftEvent.values().length
                    && (technique == PeftCounts.UNNAMED || technique < PeftTechnique.values().length);
            long count = longValue();
            IntLongHashMap before = table.peftEvents(cell);
            if (!isKnown || count < 1 || (before != null && before.containsKey(key))) {
                throw broken("PEFT event " + key + " counts " + count + ", must be known, counted and listed once");
            }
            table.addPeft(cell, key, count);
        }
    }

    private void readPairs(CellTable table, int cell) {
        int masks = count("masks", in.remaining() / 32);
        for (int i = 0; i < masks; i++) {
            int code = number("mask", 1, 2);
            long size = longValue();
            long rows = longValue();
            if (size < 1 || rows < 1) {
                throw broken("mask of size " + size + " has " + rows + " rows, both must be >= 1");
            }
            PairBounds bounds = new PairBounds(big(), big(), big());
            if (bounds.least().compareTo(bounds.low()) > 0 || bounds.low().compareTo(bounds.high()) > 0) {
                throw broken("pairs of a mask are no interval");
            }
            AttentionMask mask = code == 1 ? new AttentionMask.SlidingWindow(size) : new AttentionMask.Chunked(size);
            if (table.pairsToChange(cell).sum(mask) != null) {
                throw broken("mask is listed twice");
            }
            table.pairsToChange(cell).add(mask, rows, bounds);
        }
    }

    private void expect(String what, int expected) {
        int actual = intValue();
        if (actual != expected) {
            throw broken(what + " is " + hex(actual) + ", must be " + hex(expected));
        }
    }

    private int count(String what, int most) {
        return number("number of " + what, 0, most);
    }

    private int number(String what, int least, int most) {
        int value = intValue();
        if (value < least || value > most) {
            throw broken(what + " is " + value + ", must be from " + least + " to " + most);
        }
        return value;
    }

    private @Nullable String text(String what) {
        int length = number("length of " + what, -1, Math.min(AccountState.MAX_NAME_BYTES, in.remaining()));
        if (length < 0) {
            return null;
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw broken(what + " is not UTF-8");
        }
    }

    private BigInteger big() {
        byte[] bytes = new byte[number("length of a sum", 1, Math.min(MAX_BIG_BYTES, in.remaining()))];
        in.get(bytes);
        BigInteger value = new BigInteger(bytes);
        if (value.signum() < 0 || value.toByteArray().length != bytes.length) {
            throw broken("sum is negative or not in its shortest form");
        }
        return value;
    }

    private int intValue() {
        require(4);
        return in.getInt();
    }

    private long longValue() {
        require(8);
        return in.getLong();
    }

    private void require(int bytes) {
        if (in.remaining() < bytes) {
            throw broken(in.remaining() + " bytes are left, must be >= " + bytes);
        }
    }

    private IllegalArgumentException broken(String what) {
        return new IllegalArgumentException("account state: at byte " + in.position() + ": " + what);
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
