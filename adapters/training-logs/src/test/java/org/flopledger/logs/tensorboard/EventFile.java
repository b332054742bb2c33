package org.flopledger.logs.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.flopledger.logs.wire.ProtoWriter;

/** Writes event files for tests. */
public final class EventFile {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public EventFile(double wallTime) {
        event(new ProtoWriter().number(1, wallTime).text(3, "brain.Event:2"));
    }

    public EventFile scalar(double wallTime, long step, String tag, float value) {
        var summary =
                new ProtoWriter().message(1, new ProtoWriter().text(1, tag).single(2, value));
        return event(new ProtoWriter().number(1, wallTime).whole(2, step).message(5, summary));
    }

    /** A scalar as TensorFlow 2 writes it: a tensor with raw bytes. */
    public EventFile tensor(double wallTime, long step, String tag, float value) {
        byte[] raw = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
        var tensor = new ProtoWriter().whole(1, 1).message(2, new ProtoWriter()).bytes(4, raw);
        var summary =
                new ProtoWriter().message(1, new ProtoWriter().text(1, tag).message(8, tensor));
        return event(new ProtoWriter().number(1, wallTime).whole(2, step).message(5, summary));
    }

    public EventFile text(double wallTime, String tag, String text) {
        var tensor = new ProtoWriter().whole(1, 7).text(8, text);
        var summary =
                new ProtoWriter().message(1, new ProtoWriter().text(1, tag).message(8, tensor));
        return event(new ProtoWriter().number(1, wallTime).message(5, summary));
    }

    public EventFile event(ProtoWriter event) {
        record(event.toBytes());
        return this;
    }

    private void record(byte[] data) {
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        out.writeBytes(length);
        out.writeBytes(little(TfRecordReader.masked(length, 8)));
        out.writeBytes(data);
        out.writeBytes(little(TfRecordReader.masked(data, data.length)));
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
