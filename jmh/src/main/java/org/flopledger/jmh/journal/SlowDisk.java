package org.flopledger.jmh.journal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import org.flopledger.internal.journal.WatchedFileSystem;

/** The default file system with each flush drawn out: what a congested network disk does to who waits for it. */
public final class SlowDisk {

    private SlowDisk() {}

    /** Returns a path of the same directory, of whose files each flush takes that much longer. */
    public static Path path(Path directory, long flushMillis) {
        WatchedFileSystem slow = new WatchedFileSystem(directory.getFileSystem());
        slow.watch((call, file) -> {
            if (call.equals("force")) {
                draw(flushMillis);
            }
        });
        return slow.path(directory);
    }

    private static void draw(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("a flush was interrupted");
        }
    }
}
