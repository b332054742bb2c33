package org.flopledger.logs.wandb;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Reads the records of a transaction log: a head of 7 bytes, then blocks of 32 KiB of chunks. A chunk is 4 bytes checksum, 2 bytes
 * length, 1 byte type, and data, little-endian; a record is one chunk, or a first, middle ones and a last.
 *
 * <p>The framing is that of LevelDB's log; the checksum is a plain CRC-32 of type and data, as files written by the client 0.30
 * show. After a chunk that does not fit its checksum the rest of its block is given up, as LevelDB does. Confined to one thread;
 * the caller closes the stream.
 */
final class TransactionLog {

    /** Bytes of a record that are kept. */
    static final int LONGEST = 1 << 22;

    static final int BLOCK = 1 << 15;
    /** {@code :W&B}, the magic number 0xBEE1 and the version 0. */
    static final byte[] HEAD = {':', 'W', '&', 'B', (byte) 0xE1, (byte) 0xBE, 0};

    private static final int CHUNK_HEAD = 7;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;

    private final InputStream stream;
    private final byte[] block = new byte[BLOCK];
    private int at;
    private int end;
    private long blockStart;
    private byte[] record = new byte[1 << 12];
    private int length;
    private boolean inRecord;
    private boolean tooLong;
    private long offset;

    /** Reads a log from its beginning, where {@link #HEAD} stands. */
    TransactionLog(InputStream stream) throws IOException {
        this.stream = stream;
        this.end = stream.readNBytes(block, 0, BLOCK);
        this.at = HEAD.length;
    }

    /** What stands where a record is looked for. */
    enum Found {
        /** A record; {@link #record()} holds it. */
        RECORD,
        /** A record that is too long to be read. */
        TOO_LONG,
        /** A chunk whose bytes do not fit their checksum; the rest of its block is skipped. */
        BAD,
        /** The beginning of a record that goes on behind the end of the file. */
        CUT,
        /** The end of the file. */
        END
    }

    /** Moves to the next record. */
    Found next() throws IOException {
        while (true) {
            if (end - at < CHUNK_HEAD) {
                boolean rest = end < BLOCK && at < end && !isZero(at, end);
                if (!fill()) {
                    Found found = inRecord || rest ? Found.CUT : Found.END;
                    inRecord = false;
                    offset = found == Found.CUT && rest ? blockStart + at : offset;
                    at = end;
                    return found;
                }
                continue;
            }
            int size = (block[at + 4] & 0xFF) | (block[at + 5] & 0xFF) << 8;
            int type = block[at + 6];
            if (type == 0 && size == 0) {
                at = end;
                continue;
            }
            offset = inRecord ? offset : blockStart + at;
            if (size > end - at - CHUNK_HEAD) {
                at = end;
                return end < BLOCK ? cut() : bad();
            } else if (type < FULL || type > LAST || !fitsChecksum(size)) {
                at = end;
                return bad();
            }
            Found found = chunk(type, size);
            at += CHUNK_HEAD + size;
            if (found != Found.CUT) {
                return found;
            }
        }
    }

    private Found cut() {
        inRecord = false;
        return Found.CUT;
    }

    private Found bad() {
        inRecord = false;
        return Found.BAD;
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean fill() throws IOException {
        if (end < BLOCK) {
            return false;
        }
        blockStart += BLOCK;
        end = stream.readNBytes(block, 0, BLOCK);
        at = 0;
        return end > 0;
    }

    private boolean fitsChecksum(int size) {
        var checksum = new CRC32();
        checksum.update(block, at + 6, 1 + size);
        long written = 0;
        for (int i = 0; i < 4; i++) {
            written |= (block[at + i] & 0xFFL) << (8 * i);
        }
        return checksum.getValue() == written;
    }

    /** Adds a chunk; returns what is complete with it, or CUT if the record goes on. */
    private Found chunk(int type, int size) {
        boolean begins = type == FULL || type == FIRST;
        if (begins == inRecord) {
            // A middle without a beginning, or a beginning inside of a record: a chunk between them is lost.
            inRecord = begins && type == FIRST;
            if (!begins) {
                return Found.BAD;
            }
        }
        if (begins) {
            length = 0;
            tooLong = false;
            inRecord = type == FIRST;
        }
        append(size);
        if (type == FULL || type == LAST) {
            inRecord = false;
            return tooLong ? Found.TOO_LONG : Found.RECORD;
        }
        return Found.CUT;
    }

    private void append(int size) {
        if (tooLong || size > LONGEST - length) {
            tooLong = true;
            return;
        }
        if (size > record.length - length) {
            record = Arrays.copyOf(record, Math.min(LONGEST, Math.max(length + size, 2 * record.length)));
        }
        System.arraycopy(block, at + CHUNK_HEAD, record, length, size);
        length += size;
    }

    /** Returns the array that holds the record, from 0 to {@link #length()}. */
    byte[] record() {
        return record;
    }

    int length() {
        return length;
    }

    /** Returns where the record or fault begins, in bytes from the beginning of the file. */
    long offset() {
        return offset;
    }
}
