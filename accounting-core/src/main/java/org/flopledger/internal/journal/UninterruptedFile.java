package org.flopledger.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written by threads which others may interrupt. The JDK closes a channel under an interrupted thread; a ledger
 * must not end because somebody cancelled a task. So the file is opened again and the call is made once more: bytes are written to
 * their place, whether or not they are there already. The thread stays interrupted.
 *
 * <p>One thread writes at a time; another may force meanwhile.
 */
final class UninterruptedFile implements Storage.WritableFile {

    /** The JDK copies what it writes from an array through a native buffer of the same size, which it then keeps. */
    private static final int PIECE = 1 << 20;

    private final Path file;
    private volatile FileChannel channel;
    private volatile boolean isClosed;
    private long position;

    UninterruptedFile(Path file, FileChannel channel, long position) {
        this.file = file;
        this.channel = channel;
        this.position = position;
    }

    /** A call that an interrupt may break off, and that can be made again. */
    interface Call<T> {
        T make() throws IOException;
    }

    /** Makes a call with a channel of its own until no interrupt breaks it off; the thread stays interrupted. */
    static <T> T uninterrupted(Call<T> call) throws IOException {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return call.make();
                } catch (ClosedByInterruptException e) {
                    isInterrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface ChannelCall {
        void make(FileChannel open) throws IOException;
    }

    private void make(ChannelCall call) throws IOException {
        boolean isInterrupted = false;
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    call.make(open);
                    return;
                } catch (ClosedChannelException e) {
                    // By an interrupt of this thread, or of another one that was in a call of its own.
                    if (isClosed) {
                        throw e;
                    }
                    isInterrupted |= Thread.interrupted();
                    openAgain(open);
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void openAgain(FileChannel closed) throws IOException {
        if (channel.equals(closed) && !isClosed) {
            channel = DirectoryStorage.open(file, StandardOpenOption.WRITE);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int written = 0; written < length; ) {
            int from = offset + written;
            int piece = Math.min(PIECE, length - written);
            make(open -> {
                ByteBuffer rest = ByteBuffer.wrap(bytes, from, piece);
                for (long at = position; rest.hasRemaining(); at = position + piece - rest.remaining()) {
                    int unused = open.write(rest, at);
                }
            });
            written += piece;
            position += piece;
        }
    }

    @Override
    public void cut() throws IOException {
        make(open -> open.truncate(position));
    }

    @Override
    public void force() throws IOException {
        // Data and the length of the file, which is needed to read the data; not the times.
        make(open -> open.force(false));
    }

    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        channel.close();
    }
}
