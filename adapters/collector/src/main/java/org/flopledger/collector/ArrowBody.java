package org.flopledger.collector;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.flopledger.ComputeLedger;

/**
 * Takes the record batches of an Arrow stream into a ledger.
 *
 * <p>A stream is untrusted: its messages are measured before any memory is allocated for them, memory is limited, and every vector
 * is checked as a whole before a value of it is read. Compressed buffers are refused.
 */
final class ArrowBody {

    private static final int CONTINUATION = -1;
    private static final int MOST_MEMORY_TIMES = 4;

    private ArrowBody() {}

    static Taken take(byte[] body, ComputeLedger ledger) throws BadBodyException {
        measure(body);
        Taken taken = Taken.nothing();
        try (BufferAllocator allocator = new RootAllocator((long) MOST_MEMORY_TIMES * body.length + (1 << 20));
                ArrowStreamReader reader = new ArrowStreamReader(
                        new MessageChannelReader(new CopyingChannel(body), allocator), allocator)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            while (reader.loadNextBatch()) {
                check(root, reader);
                taken = taken.plus(ledger.ingest(root, reader));
            }
            return taken;
        } catch (OutOfMemoryException e) {
            throw new BadBodyException(
                    413, "the stream needs more memory than " + MOST_MEMORY_TIMES + " times its bytes");
        } catch (IOException | RuntimeException e) {
            if (e instanceof org.flopledger.LedgerException failure) {
                throw failure;
            }
            throw new BadBodyException(400, "not an Arrow stream of steps; rows before the fault may be in the ledger");
        }
    }

    private static void check(VectorSchemaRoot root, ArrowStreamReader reader) throws IOException {
        for (FieldVector vector : root.getFieldVectors()) {
            ValueVectorUtility.validateFull(vector);
        }
        for (Dictionary dictionary : reader.getDictionaryVectors().values()) {
            ValueVectorUtility.validateFull(dictionary.getVector());
        }
    }

    /** Walks over the messages, and refuses lengths that the body does not have. */
    private static void measure(byte[] body) throws BadBodyException {
        ByteBuffer bytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (bytes.remaining() >= Integer.BYTES) {
                int length = bytes.getInt();
                if (length == CONTINUATION) {
                    length = bytes.getInt();
                }
                if (length == 0) {
                    return;
                }
                if (length < 0 || length > bytes.remaining()) {
                    throw new BadBodyException(400, "a message is longer than the stream");
                }
                ByteBuffer metadata = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
                long bodyLength = Message.getRootAsMessage(metadata).bodyLength();
                bytes.position(bytes.position() + length);
                if (bodyLength < 0 || bodyLength > bytes.remaining()) {
                    throw new BadBodyException(400, "a message is longer than the stream");
                }
                bytes.position(bytes.position() + (int) bodyLength);
            }
        } catch (RuntimeException e) {
            throw new BadBodyException(400, "not an Arrow stream");
        }
    }

    /** Arrow's own channel reads into off-heap memory by a way that the JVM allows to nobody without a switch. */
    private static final class CopyingChannel extends ReadChannel {

        private CopyingChannel(byte[] body) {
            this(Channels.newChannel(new ByteArrayInputStream(body)));
        }

        private CopyingChannel(ReadableByteChannel channel) {
            super(channel);
        }

        @Override
        public long readFully(ArrowBuf buffer, long length) throws IOException {
            byte[] piece = new byte[(int) Math.min(length, 1 << 16)];
            long done = 0;
            while (done < length) {
                ByteBuffer target = ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, length - done));
                int count = readFully(target);
                if (count <= 0) {
                    break;
                }
                buffer.setBytes(done, piece, 0, count);
                done += count;
            }
            buffer.writerIndex(done);
            return done;
        }
    }
}
