package org.flopledger.logs.wandb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.flopledger.logs.wire.ProtoWriter;

/** Writes transaction logs for tests. */
public final class WandbFile {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long number;

    public WandbFile() {
        out.writeBytes(TransactionLog.HEAD);
    }

    public WandbFile run(String id, long startSecond, String... settings) {
        var config = new ProtoWriter();
        for (int i = 0; i < settings.length; i += 2) {
            config.message(1, new ProtoWriter().text(1, settings[i]).text(16, settings[i + 1]));
        }
        return record(
                17,
                new ProtoWriter()
                        .text(1, id)
                        .message(4, config)
                        .text(13, "secret-host")
                        .message(17, new ProtoWriter().whole(1, startSecond)));
    }

    public WandbFile history(String... items) {
        var history = new ProtoWriter();
        for (int i = 0; i < items.length; i += 2) {
            history.message(1, new ProtoWriter().text(2, items[i]).text(16, items[i + 1]));
        }
        return record(2, history.message(2, new ProtoWriter().whole(1, number)));
    }

    public WandbFile exit(long code) {
        return record(18, new ProtoWriter().whole(1, code));
    }

    public WandbFile record(int field, ProtoWriter message) {
        number++;
        write(new ProtoWriter().whole(1, number).message(field, message).toBytes());
        return this;
    }

    private void write(byte[] data) {
        int from = 0;
        boolean first = true;
        do {
            int left = TransactionLog.BLOCK - out.size() % TransactionLog.BLOCK;
            if (left < 7) {
                out.writeBytes(new byte[left]);
                left = TransactionLog.BLOCK;
            }
            int length = Math.min(left - 7, data.length - from);
            boolean last = from + length == data.length;
            chunk(first ? (last ? 1 : 2) : last ? 4 : 3, data, from, length);
            from += length;
            first = false;
        } while (from < data.length);
    }

    private void chunk(int type, byte[] data, int from, int length) {
        var checksum = new CRC32();
        checksum.update(type);
        checksum.update(data, from, length);
        out.writeBytes(ByteBuffer.allocate(7)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putShort((short) length)
                .put((byte) type)
                .array());
        out.write(data, from, length);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
