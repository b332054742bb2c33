package org.flopledger.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps a second writer out of a ledger directory, in this process or another, for as long as the process lives. */
final class WriterLock implements AutoCloseable {

    static final String NAME = "LOCK";
    private static final int LONGEST_OWNER = 20;

    /**
     * Directories this process has locked. On POSIX systems a process loses its lock on a file when it closes any of its
     * channels to the file, so a second one must not even be opened.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private WriterLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static WriterLock acquire(Path directory) {
        Path real;
        try {
            real = directory.toRealPath();
        } catch (IOException e) {
            throw JournalException.inputOutput("the ledger cannot be locked", e);
        }
        if (!HELD.add(real)) {
            throw locked(Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return lock(real);
        } catch (RuntimeException | Error e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static WriterLock lock(Path directory) {
        FileChannel channel = null;
        try {
            channel = DirectoryStorage.open(
                    directory.resolve(NAME),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                String owner = owner(channel);
                channel.close();
                throw locked(owner);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new WriterLock(directory, channel);
        } catch (IOException e) {
            close(channel, e);
            throw JournalException.inputOutput("the ledger cannot be locked", e);
        }
    }

    private static JournalException locked(String owner) {
        return new JournalException(
                JournalException.Kind.LOCKED,
                "another writer has this ledger open (process " + owner
                        + "); there can be one writer at a time, readers need no lock");
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_OWNER);
        channel.read(text, 0);
        String owner = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        return owner.matches("\\d+") ? owner : "unknown";
    }

    private static void close(@Nullable FileChannel channel, IOException cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Lets the next writer in. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw JournalException.inputOutput("the lock of the ledger cannot be released", e);
        } finally {
            HELD.remove(directory);
        }
    }
}
